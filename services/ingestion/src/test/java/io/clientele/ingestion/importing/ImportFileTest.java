package io.clientele.ingestion.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.ProgramId;
import io.clientele.ingestion.registry.BuiltIns;
import io.clientele.ingestion.registry.Registry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportFileTest {
    private static final ProgramId DEMO = new ProgramId("demo");
    private static final String ROWS =
            "'type':'purchase','member':'who','occurredAt':{'column':'day'},"
                    + "'properties':{'amount':'sum'}";
    private static final String GROUPS =
            "'type':'purchase','groupBy':['no'],'id':['no'],'member':'who','occurredAt':{'column':'at','format':'dd.MM.yyyy"
                + " HH:mm','zone':'Europe/Berlin'},"
                + "'when':[{'column':'no','startsWith':'C','type':'return','negate':['n']},{'column':'no','equals':'X','reject':'A"
                + " test.'}],"
                + "'properties':{'amount':{'sum':{'product':['n','price']}},'store':{'column':'shop','prefix':'s-'}},"
                + "'items':{'sku':'sku','quantity':'n','amount':{'product':['n','price']}},"
                + "'attributes':{'country':'land'},"
                + "'values':{'land':{'Germany':'DE','France':'FR','none':null}}";
    private static final String HEADER = "no,at,who,sku,n,price,shop,land\n";

    @TempDir private @Nullable Path folder;

    private final Registry registry = new Registry();

    @BeforeEach
    void fillRegistry() {
        BuiltIns.all(DEMO).forEach(registry::accept);
    }

    @Test
    void makesAnEventOfEachRow() {
        assertThat(run(ROWS, "who,day,sum\nm1,2026-01-05,7.50\n"))
                .containsExactly(
                        "2: {\"type\":\"purchase\",\"source\":\"src\",\"member\":\"m1\",\"id\":\"ROW-1\","
                            + "\"occurredAt\":\"2026-01-05T00:00:00Z\","
                            + "\"properties\":{\"amount\":7.50}}");
    }

    @Test
    void givesEqualRowsTheSameIdsInAnyOrderOfRowsAndColumns() {
        var one = ids(run(ROWS, "who,day,sum\na,2026-01-05,1\nb,2026-01-05,1\na,2026-01-05,1\n"));
        var other = ids(run(ROWS, "sum,day,who\n1,2026-01-05,a\n1,2026-01-05,a\n1,2026-01-05,b\n"));

        assertThat(one).hasSize(3).doesNotHaveDuplicates();
        assertThat(other).containsExactlyInAnyOrderElementsOf(one);
    }

    @Test
    void groupsRowsWhereverTheyStand() {
        var events =
                run(
                        GROUPS,
                        HEADER
                                + "7,01.07.2026 12:01,m,b,2,1.5,k,none\n"
                                + "C8,02.07.2026 12:00,m,b,-1,1.5,k,none\n"
                                + "7,01.07.2026 12:00,m,a,1,0.255,k,none\n");
        assertThat(events)
                .containsExactly(
                        "2,4: {\"type\":\"purchase\",\"source\":\"src\",\"member\":\"m\",\"id\":\"7\","
                            + "\"occurredAt\":\"2026-07-01T10:00:00Z\",\"properties\":{\"amount\":3.255,"
                            + "\"store\":\"s-k\",\"items\":[{\"sku\":\"a\",\"quantity\":1,\"amount\":0.255},"
                            + "{\"sku\":\"b\",\"quantity\":2,\"amount\":3.0}]}}",
                        "3: {\"type\":\"return\",\"source\":\"src\",\"member\":\"m\",\"id\":\"C8\","
                            + "\"occurredAt\":\"2026-07-02T10:00:00Z\",\"properties\":{\"amount\":1.5,"
                            + "\"store\":\"s-k\",\"items\":[{\"sku\":\"b\",\"quantity\":1,\"amount\":1.5}]}}");
    }

    @Test
    void declaresAttributesWheneverTheyChange() {
        var text =
                HEADER
                        + "3,03.07.2026 12:00,m,a,1,1,k,Germany\n"
                        + "1,01.07.2026 12:00,m,a,1,1,k,Germany\n"
                        + "2,02.07.2026 12:00,m,a,1,1,k,Germany\n"
                        + "4,04.07.2026 12:00,m,a,1,1,k,none\n"
                        + "5,05.07.2026 12:00,m,a,1,1,k,France\n"
                        + "6,06.07.2026 12:00,m,a,1,1,k,Germany\n"
                        + "7,01.07.2026 12:00,n,a,1,1,k,France\n";
        var declared =
                run(GROUPS, text).stream().filter(it -> it.contains("profile.updated")).toList();
        assertThat(declared)
                .extracting(it -> it.replaceFirst("\"id\":\"attributes-[0-9a-f]{32}\",", ""))
                .containsExactly(
                        declaration(3, "2026-07-01T10:00:00Z", "m", "DE"),
                        declaration(6, "2026-07-05T10:00:00Z", "m", "FR"),
                        declaration(7, "2026-07-06T10:00:00Z", "m", "DE"),
                        declaration(8, "2026-07-01T10:00:00Z", "n", "FR"));
    }

    private static String declaration(int line, String at, String member, String country) {
        return line
                + ": {\"type\":\"profile.updated\",\"source\":\"src\",\"occurredAt\":\""
                + at
                + "\",\"member\":\""
                + member
                + "\",\"properties\":{\"attributes\":{\"country\":\""
                + country
                + "\"}}}";
    }

    @Test
    void saysWhyRowsMakeNoEvent() {
        assertThat(
                        run(
                                GROUPS,
                                HEADER
                                        + "1,01.07.2026 12:00,,a,1,1,k,none\n"
                                        + "1,01.07.2026 12:00,,b,1,1,k,none\n"
                                        + "2,2026-07-01,m,a,1,1,k,none\n"
                                        + "3,01.07.2026 12:00,m,a,one,1,k,none\n"
                                        + "4,01.07.2026 12:00,m,a,1,1,k,none\n"
                                        + "4,01.07.2026 12:00,n,a,1,1,k,none\n"
                                        + "5,01.07.2026 12:00,m,a,1,1,k,none\n"
                                        + "5,01.07.2026 12:00,m,a,1,1,other,none\n"
                                        + "6,too,few\n"
                                        + "X,01.07.2026 12:00,m,a,1,1,k,none\n"))
                .containsExactly(
                        "2,3: A guest: who is empty, so there is nobody to give the event to.",
                        "4: at: \"2026-07-01\" is no time of the form dd.MM.yyyy HH:mm.",
                        "5: n: \"one\" is no number.",
                        "6,7: The rows of this group name more than one member.",
                        "8,9: The rows of this group differ in \"store\".",
                        "11: A test.",
                        "10: The row has 3 columns, the header 8.");
    }

    @Test
    void readsGzipMarksOtherCharactersAndDelimiters() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(
                    "who;day;sum\r\n\"ä;\"\"1\";2026-01-05T10:00:00+01:00;1\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
        }
        assertThat(run(ROWS + ",'charset':'ISO-8859-1','delimiter':';'", bytes.toByteArray(), 0))
                .singleElement()
                .asString()
                .contains("\"member\":\"ä;\\\"1\"", "\"occurredAt\":\"2026-01-05T09:00:00Z\"");
        assertThat(ids(run(ROWS, "\uFEFFwho,day,sum\nm,2026-01-05,1\n"))).hasSize(1);
    }

    @Test
    void readsLinesOfJson() {
        assertThat(
                        run(
                                "'format':'ndjson','type':'purchase','id':'no','member':'/c/id',"
                                        + "'occurredAt':{'column':'t','format':'epochSeconds'},"
                                        + "'properties':{'amount':'sum'}",
                                "{\"no\":1,\"c\":{\"id\":\"m\"},\"t\":1767225600,\"sum\":1.25}\n\n"
                                        + "no json\n"))
                .containsExactly(
                        "1: {\"type\":\"purchase\",\"source\":\"src\",\"member\":\"m\",\"id\":\"1\","
                            + "\"occurredAt\":\"2026-01-01T00:00:00Z\",\"properties\":{\"amount\":1.25}}",
                        "3: The line is no JSON: Unrecognized token 'no': was expecting (JSON"
                                + " String, Number, Array, Object or token 'null', 'true' or"
                                + " 'false').");
    }

    @Test
    void takesNumbersOfAnySizeInLittleMemory() {
        assertThat(
                        run(
                                "'format':'ndjson','type':'purchase','id':'no','member':'who',"
                                        + "'occurredAt':{'column':'t','format':'epochMillis'},"
                                        + "'properties':{'amount':{'sum':'sum'}}",
                                "{\"no\":1,\"who\":1e2,\"t\":1.7672256e12,\"sum\":1e3}\n"
                                        + "{\"no\":1e999999999,\"who\":2,\"t\":0,\"sum\":1}\n"
                                        + "{\"no\":3,\"who\":2,\"t\":0,\"sum\":1e999999999}\n"
                                        + "{\"no\":4,\"who\":2,\"t\":0,\"sum\":1e-999999999}\n"))
                .containsExactly(
                        "1: {\"type\":\"purchase\",\"source\":\"src\",\"member\":\"100\",\"id\":\"1\","
                            + "\"occurredAt\":\"2026-01-01T00:00:00Z\",\"properties\":{\"amount\":1000}}",
                        "2: {\"type\":\"purchase\",\"source\":\"src\",\"member\":\"2\",\"id\":\"1E+999999999\","
                            + "\"occurredAt\":\"1970-01-01T00:00:00Z\",\"properties\":{\"amount\":1}}",
                        "3: sum: \"1E+999999999\" is too far from zero or too near to it.",
                        "4: sum: \"1E-999999999\" is too far from zero or too near to it.");
    }

    @Test
    void takesLinesOfEventsWithoutAMapping() {
        var text =
                "{\"id\":\"1\",\"occurredAt\":\"2026-01-01T00:00:00Z\"}\n7\n"
                        + "{\"id\":\"2\",\"source\":\"own\"}\n";
        assertThat(run(null, text.getBytes(StandardCharsets.UTF_8), 1_000))
                .containsExactly(
                        "1: {\"id\":\"1\",\"occurredAt\":\"2026-01-01T00:00:01Z\",\"source\":\"src\"}",
                        "2: The line is no JSON object.",
                        "3: {\"id\":\"2\",\"source\":\"own\"}");
    }

    @Test
    void refusesAFileWithoutTheColumns() {
        assertThatThrownBy(() -> run(ROWS, "who,date,sum\n"))
                .isInstanceOf(RowReader.FileException.class)
                .hasMessage(
                        "The mapping uses columns that the file does not have: day. The file has:"
                                + " who, date, sum.");
    }

    @Test
    void saysEverythingThatIsWrongWithAMapping() {
        assertThatThrownBy(() ->
                        mapping(
                                "'type':'purchas','occuredAt':'x','currency':'EUR',"
                                        + "'properties':{'amount':7},'attributes':{'contry':'x'},"
                                        + "'when':[{'column':'x','type':'return'}]"))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e ->
                                assertThat(e.errors())
                                        .extracting(FieldError::pointer)
                                        .containsExactlyInAnyOrder(
                                                "/mapping/occuredAt",
                                                "/mapping/type",
                                                "/mapping/when/0",
                                                "/mapping/member",
                                                "/mapping/occurredAt/column",
                                                "/mapping/properties/amount",
                                                "/mapping/attributes/contry",
                                                "/mapping/currency"));
    }

    private static List<String> ids(List<String> events) {
        return events.stream()
                .map(it -> it.replaceFirst(".*\"id\":\"(row-[^\"]*)\".*", "$1"))
                .toList();
    }

    private List<String> run(String mapping, String text) {
        return run(mapping, text.getBytes(Charset.forName("UTF-8")), 0).stream()
                .map(it ->
                        mapping.equals(ROWS) && text.startsWith("who,day,sum\nm1")
                                ? it.replaceFirst("row-[0-9a-f]{32}", "ROW")
                                : it)
                .toList();
    }

    private List<String> run(@Nullable String mapping, byte[] content, long shiftMillis) {
        if (folder == null) {
            throw new IllegalStateException("no folder");
        }
        var found = new ArrayList<String>();
        try (var file =
                ImportFile.survey(
                        () -> new ByteArrayInputStream(content),
                        mapping == null ? null : mapping(mapping),
                        registry,
                        DEMO,
                        "src",
                        folder)) {
            file.begin(shiftMillis);
            for (var unit = file.next(); unit != null; unit = file.next()) {
                var lines = new ArrayList<String>();
                for (long line : unit.lines()) {
                    lines.add(Long.toString(line));
                }
                var rejection = unit.rejection();
                found.add(
                        String.join(",", lines)
                                + ": "
                                + (rejection == null ? unit.event() : rejection.reason()));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    private Mapping mapping(String json) {
        try {
            return MappingReader.read(
                    registry, DEMO, Json.mapper().readTree("{" + json.replace('\'', '"') + "}"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
