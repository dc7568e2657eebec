package io.clientele.engine;

import static io.clientele.engine.Worlds.condition;
import static io.clientele.engine.Worlds.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clientele.engine.InvalidConditionException.Problem;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
    private final ProgramModel model = Worlds.shop(ZoneOffset.UTC);

    private List<Problem> problems(String text) {
        return catchThrowableOfType(InvalidConditionException.class, () -> condition(model, text))
                .problems();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} || an empty object",
                "[] || came a list",
                "{'al':[]} | /al | did you mean \"all\"?",
                "{'all':[{'attribute':'contry','equals':'TH'}]} | /all/0/attribute | did you mean"
                        + " \"country\"?",
                "{'attribute':'country','equal':'TH'} | /equal | did you mean \"equals\"?",
                "{'attribute':'country','equals':5} | /equals | expected a text, not empty; came 5",
                "{'attribute':'country','equals':''} | /equals | not empty",
                "{'attribute':'country'} || needs a comparator, one of equals, in, contains,"
                        + " startsWith, exists",
                "{'attribute':'country','equals':'a','startsWith':'b'} || expected one comparator,"
                        + " came equals, startsWith",
                "{'attribute':'country','atLeast':5} | /atLeast | does not go with attribute"
                        + " country, which is of type string",
                "{'attribute':'birthDate','greaterThan':'2000-01-01'} | /greaterThan | did you mean"
                        + " after?",
                "{'attribute':'interests','equals':'x'} | /equals | did you mean contains?",
                "{'attribute':'email','equals':'x'} | /attribute | is personal",
                "{'attribute':'country','exists':false} | /exists | expected true",
                "{'attribute':'income','atLeast':0.0000001} | /atLeast | at most 6 decimal places",
                "{'attribute':'income','atLeast':9223372036855} | /atLeast | at most"
                        + " 9,223,372,036,854",
                "{'attribute':'income','between':[3,1]} | /between | expected the lowest first,"
                        + " came 3 and 1",
                "{'attribute':'income','between':[1]} | /between | a list of two values",
                "{'attribute':'country','in':[]} | /in | a list of 1 to 1000 values, came 0 values",
                "{'attribute':'country','in':['a',1]} | /in/1 | expected a text",
                "{'attribute':'birthDate','before':'2026-13-01'} | /before | expected a date such"
                        + " as 2026-11-01",
                "{'attribute':'enrolledAt','before':'2026-01-01T00:00:00'} | /before | a time with"
                        + " its offset",
                "{'attribute':'birthDate','withinLast':'PT12H'} | /withinLast | whole days",
                "{'attribute':'birthDate','anniversaryWithinNext':'P1M'} | /anniversaryWithinNext |"
                        + " months and years have no fixed length",
                "{'attribute':'home','withinKm':{'of':{'store':'s3'},'km':5}} | /withinKm/of/store"
                        + " | unknown store \"s3\"; did you mean \"s1\"?",
                "{'attribute':'home','withinKm':{'of':{'store':'s1','km':5}}} | /withinKm |"
                        + " expected {\"of\":{\"latitude\"",
                "{'attribute':'home','withinKm':{'of':{'store':'s1','latitude':1},'km':5}} |"
                        + " /withinKm/of | or {\"store\":key}",
                "{'attribute':'home','withinKm':{'of':{'latitude':91,'longitude':0},'km':5}} |"
                        + " /withinKm/of/latitude | from -90 to 90",
                "{'attribute':'home','withinKm':{'of':{'latitude':1,'longitude':0},'km':-1}} |"
                        + " /withinKm/km | 0 or more",
                "{'attribute':'country','setWithin':'P1Y'} | /setWithin | months and years have no"
                        + " fixed length",
                "{'attribute':'consent.x','equals':true} | /attribute | expected"
                        + " consent.<purpose>.<channel>",
                "{'attribute':'birthDate','exists':true,'zone':'mine'} | /zone | expected"
                        + " \"member\" or \"program\"",
                "{'event':'purchas'} | /event | did you mean \"purchase\"?",
                "{'event':'purchase','within':{'last':'P1M'}} | /within/last | months and years"
                        + " have no fixed length",
                "{'event':'purchase','within':{'last':'P0D'}} | /within/last | above zero",
                "{'event':'purchase','within':{'last':'30d'}} | /within/last | such as P30D or"
                        + " PT12H",
                "{'event':'purchase','within':{'lst':'P30D'}} | /within/lst | did you mean"
                        + " \"last\"?",
                "{'event':'purchase','within':{}} | /within | expected last, or current, or"
                        + " previous",
                "{'event':'purchase','within':{'current':'moth'}} | /within/current | did you mean"
                        + " \"month\"?",
                "{'event':'purchase','within':{'from':{'ago':'P1D'},'to':{'ago':'P2D'}}} | /within"
                        + " | longer ago",
                "{'event':'purchase','within':{'from':'2026-02-01','to':'2026-01-01'}} | /within |"
                        + " from before to",
                "{'event':'purchase','within':{'from':'2026-02-01','to':{'ago':'P1D'}}} | /within |"
                        + " both as times",
                "{'event':'purchase','where':{'property':'orderId','equals':'x'}} | /where/property"
                        + " | is not segmentable",
                "{'event':'purchase','where':{'property':'category','equals':'x'}} |"
                        + " /where/property | use the event purchase.item",
                "{'event':'purchase','where':{'property':'stor','equals':'x'}} | /where/property |"
                        + " did you mean \"store\"?",
                "{'event':'purchase','where':{'all':[{'property':'store','equals':1}]}} |"
                        + " /where/all/0/equals | expected a text",
                "{'event':'purchase','where':{}} | /where | expected one of property, all, any,"
                        + " not",
                "{'event':'purchase','measure':'sum','atLeast':1} | /measure | sum needs a"
                        + " property",
                "{'event':'purchase','measure':{'sum':'store'},'atLeast':1} | /measure/sum | needs"
                        + " a property that is a number",
                "{'event':'purchase','measure':{'count':'store'},'atLeast':1} | /measure/count |"
                        + " takes no property",
                "{'event':'purchase','measure':{'averge':'amount'},'atLeast':1} | /measure/averge |"
                        + " did you mean \"average\"?",
                "{'event':'purchase','measure':{'sum':'amount'}} || measure sum needs a comparator",
                "{'event':'purchase','measure':{'sum':'amount'},'exists':true} | /exists | always"
                        + " exists",
                "{'event':'purchase','measure':'last','withinNext':'P1D'} | /withinNext | never"
                        + " after now",
                "{'event':'purchase','measure':{'share':{'of':'amount'}},'atLeast':1} |"
                        + " /measure/share | expected {\"of\":property,\"where\":…}",
                "{'atLeast':3,'of':[{'all':[]}]} | /atLeast | from 1 to the 1 parts",
                "{'of':[{'all':[]}]} || expected atLeast beside of",
                "{'not':[]} | /not | expected a condition",
                "{'all':[],'any':[]} || expected one condition, came the keys all, any",
                "{'all':[],'x':1} | /x | expected nothing beside all",
                "{'segment':'vip'} | /segment | unknown segment \"vip\"",
                "{'score':'rfm.groop','in':['x']} | /score | unknown score \"rfm.groop\"; did you"
                        + " mean \"rfm.group\"?",
                "{'score':'rfm.group'} || score rfm.group needs a comparator",
                "{'score':'rfm.group','atLeast':1} | /atLeast | does not go with score rfm.group",
                "{'score':'rfm.group','equals':'x','setWithin':'P1D'} | /setWithin | no answer",
                "{'entered':{'segment':'vip'}} | /entered/segment | unknown segment \"vip\"",
                "{'left':'vip'} | /left | expected {\"segment\":key}, came the text \"vip\"",
                "{'left':{'segment':'vip'},'atLeast':2} | /atLeast | expected nothing beside left,"
                        + " within, zone",
                "{'entered':{'segment':'vip'},'within':{'last':'P1M'}} | /within/last | no fixed"
                        + " length",
                "{'property':'store','equals':'x'} || inside the where of an event",
                "{'trend':{'event':'purchase','period':'P90D'}} || a trend needs a comparator",
                "{'trend':{'event':'purchase'},'atMost':0} | /trend | expected a period",
                "{'trend':{'event':'purchase','period':'P3M'},'atMost':0} | /trend/period | no"
                        + " fixed length",
                "{'trend':{'event':'purchase','measure':'last','period':'P9D'},'atMost':0} |"
                        + " /trend/measure | a measure that is a number",
                "{'trend':{'period':'P9D'},'atMost':0} | /trend | expected an event",
                "{'trend':{'event':'purchase','within':{},'period':'P9D'},'atMost':0} |"
                        + " /trend/within | expected nothing beside",
                "{'sequence':[{'event':'purchase'}],'span':'P7D'} | /sequence | a list of 2 to 10"
                        + " steps, came 1 steps",
                "{'sequence':[{'event':'purchase'},{'event':'retur'}],'span':'P7D'} |"
                        + " /sequence/1/event | did you mean \"return\"?",
                "{'sequence':[{'event':'purchase','absent':true},{'event':'return'}],'span':'P7D'}"
                        + " | /sequence/0/absent | only the last step",
                "{'sequence':[{'event':'purchase'},{'event':'return'}]} || expected the span",
                "{'sample':{'percent':101,'salt':'a'}} | /sample/percent | from 0 to 100",
                "{'sample':{'percent':1}} | /sample/salt | expected a text",
                "{'a/b~c':1} | /a~1b~0c | expected one of all, any"
            })
    void refuses(String text, String pointer, String detail) {
        assertThat(problems(text.replace('\'', '"')))
                .anySatisfy(problem -> {
                    assertThat(problem.pointer()).isEqualTo(pointer == null ? "" : pointer);
                    assertThat(problem.detail()).contains(detail.replace("''", "'"));
                });
    }

    @Test
    void reportsEveryProblemInTheOrderOfTheDocument() {
        assertThat(
                        problems(
                                "{\"all\":[{\"attribute\":\"contry\",\"equals\":\"x\"},"
                                    + "{\"event\":\"purchase\",\"within\":{\"last\":\"P1M\"},\"atLeast\":\"x\"},"
                                    + "{\"not\":{\"event\":\"nothing\"}}]}"))
                .extracting(Problem::pointer)
                .containsExactly(
                        "/all/0/attribute",
                        "/all/1/within/last",
                        "/all/1/atLeast",
                        "/all/2/not/event");
    }

    @Test
    void refusesTooManyLevelsAndParts() {
        String deep = "{\"not\":".repeat(20) + "{\"all\":[]}" + "}".repeat(20);
        assertThat(problems(deep).getFirst().detail()).isEqualTo("expected at most 20 levels");

        String wide =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> "{\"all\":[]}")
                        .collect(Collectors.joining(",", "{\"all\":[", "]}"));
        assertThat(problems(wide).getFirst().detail())
                .isEqualTo("expected at most 1000 parts in one condition");

        String fits = "{\"not\":".repeat(19) + "{\"all\":[]}" + "}".repeat(19);
        assertThat(condition(model, fits)).isInstanceOf(Condition.Not.class);
    }

    @Test
    void refusesTooManyLeavesThroughSegments() {
        ProgramModel growing = model;
        Map<String, Condition> segments = new HashMap<>();
        segments.put("s0", condition(model, "{\"attribute\":\"country\",\"equals\":\"TH\"}"));
        for (int i = 1; i <= 5; i++) {
            growing = model.withSegments(segments);
            String part = "{\"segment\":\"s" + (i - 1) + "\"}";
            String ten = String.join(",", Collections.nCopies(10, part));
            if (i == 5) {
                ProgramModel last = growing;
                assertThatThrownBy(() -> condition(last, "{\"all\":[" + ten + "]}"))
                        .isInstanceOf(InvalidConditionException.class)
                        .hasMessageContaining("came 100000");
            } else {
                segments.put("s" + i, condition(growing, "{\"all\":[" + ten + "]}"));
            }
        }
    }

    @Test
    void refusesToMakeASegmentThatRefersToItTooDeep() {
        // A chain s0 > s1 > ... built from its end that nobody sees: each step refers to a leaf
        // only.
        Map<String, Condition> segments = new HashMap<>();
        for (int i = 0; i <= 60; i++) {
            segments.put("s" + i, condition(model, "{\"all\":[]}"));
        }
        String next = "{\"not\":{\"segment\":\"s%s\"}}";
        for (int i = 0; i < 49; i++) {
            ProgramModel known = model.withSegments(segments);
            segments.put(
                    "s" + i,
                    Conditions.read(json(next.replace("%s", "" + (i + 1))), known, "s" + i));
        }
        ProgramModel full = model.withSegments(segments);
        assertThatThrownBy(() -> Conditions.read(json(next.replace("%s", "50")), full, "s49"))
                .isInstanceOf(InvalidConditionException.class)
                .hasMessageContaining("came 101 of segment \"s0\", which refers to this one");
    }

    @Test
    void readsWhatWasStoredWhateverItsSize() {
        String deep = "{\"not\":".repeat(60) + "{\"all\":[]}" + "}".repeat(60);
        Condition read = Conditions.readStored(json(deep), model);
        assertThat(Conditions.write(read).toString()).isEqualTo(deep);
        assertThatThrownBy(() -> Conditions.readStored(json("{\"attribute\":\"x\"}"), model))
                .isInstanceOf(InvalidConditionException.class);
    }

    @Test
    void refusesRecordedChangesWhereNoneAreKept() {
        ProgramModel bare = ProgramModel.builder(ZoneOffset.UTC).build();
        assertThatThrownBy(() -> condition(bare, "{\"left\":{\"segment\":\"vip\"}}"))
                .hasMessageContaining("/left: left needs the recorded changes of segments");
    }

    @Test
    void refusesCircles() {
        Condition toB = new Condition.Segment("b");
        ProgramModel with =
                model.withSegments(
                        Map.of(
                                "a",
                                toB,
                                "b",
                                condition(model, "{\"all\":[]}"),
                                "c",
                                new Condition.Segment("a")));

        assertThatThrownBy(() -> Conditions.read(json("{\"segment\":\"a\"}"), with, "a"))
                .hasMessageContaining("would refer to itself");
        assertThatThrownBy(() -> Conditions.read(json("{\"segment\":\"c\"}"), with, "b"))
                .hasMessageContaining("in a circle: b > c > a > b");
        assertThatThrownBy(
                        () -> model.withSegments(Map.of("a", toB, "b", new Condition.Segment("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in a circle");
        assertThatThrownBy(
                        () -> Conditions.read(json("{\"entered\":{\"segment\":\"c\"}}"), with, "b"))
                .hasMessageContaining("/entered/segment")
                .hasMessageContaining("in a circle: b > c > a > b");
        assertThat(Conditions.read(json("{\"segment\":\"b\"}"), with, "c"))
                .isEqualTo(new Condition.Segment("b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'event':'purchase','measure':'count','atLeast':1.0} | {'event':'purchase'}",
                "{'within':{'last':'P4W'},'event':'purchase'} |"
                        + " {'event':'purchase','within':{'last':'P28D'}}",
                "{'event':'purchase','within':{'last':'PT36H'}} |"
                        + " {'event':'purchase','within':{'last':'P1DT12H'}}",
                "{'event':'purchase','atLeast':2.50} | {'event':'purchase','atLeast':2.5}",
                "{'event':'purchase','within':{'current':'day','zone':'member'}} |"
                        + " {'event':'purchase','within':{'current':'day'},'zone':'member'}",
                "{'event':'purchase','within':{'from':{'ago':'P2D'}}} |"
                    + " {'event':'purchase','within':{'from':{'ago':'P2D'},'to':{'ago':'P0D'}}}",
                "{'event':'purchase','within':{'to':'2026-01-01T07:00:00+07:00'}} |"
                        + " {'event':'purchase','within':{'to':'2026-01-01T00:00:00Z'}}",
                "{'attribute':'income','equals':1E3} | {'attribute':'income','equals':1000}",
                "{'attribute':'country','setWithin':'P1D','zone':'program'} |"
                        + " {'attribute':'country','setWithin':'P1D'}",
                "{'attribute':'country','setWithin':'P1D','exists':true} |"
                        + " {'attribute':'country','setWithin':'P1D'}",
                "{'attribute':'home','withinKm':{'km':5.0,'of':{'longitude':100.50,'latitude':13}}}"
                    + " | {'attribute':'home','withinKm':{'of':{'latitude':13,'longitude':100.5},'km':5}}",
                "{'trend':{'period':'P9D','event':'purchase','measure':'count'},'atMost':-0.30} |"
                        + " {'trend':{'event':'purchase','period':'P9D'},'atMost':-0.3}",
                "{'span':'P1W','sequence':[{'event':'purchase'},{'absent':true,'event':'return'}]}"
                    + " | {'sequence':[{'event':'purchase'},{'event':'return','absent':true}],'span':'P7D'}",
                "{'sample':{'salt':'a','percent':10.0}} | {'sample':{'percent':10,'salt':'a'}}"
            })
    void writesOneForm(String given, String expected) {
        Condition read = condition(model, given.replace('\'', '"'));
        assertThat(Conditions.write(read).toString()).isEqualTo(expected.replace('\'', '"'));
        assertThat(Conditions.read(Conditions.write(read), model)).isEqualTo(read);
    }
}
