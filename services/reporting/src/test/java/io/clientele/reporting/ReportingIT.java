package io.clientele.reporting;

import static io.clientele.testkit.ProblemAssert.assertThatProblem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.common.json.Json;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.ResponseKind;
import io.clientele.contracts.SegmentMembershipRecord.Interval;
import io.clientele.contracts.Topics;
import io.clientele.embedded.ServerKind;
import io.clientele.testkit.KafkaResource;
import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.LogCheck;
import io.clientele.testkit.PostgresResource;
import io.clientele.testkit.TestServers;
import io.clientele.testkit.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A small world whose figures were worked out by hand (docs/kpis.md shows how). Days are Berlin's:
 * 4 March begins on the 3rd at 23:00Z.
 */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(
        value = PostgresResource.class,
        initArgs = @ResourceArg(name = "service", value = "reporting"))
@ExtendWith(LogCheck.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReportingIT {
    private static final String SERIES =
            "/v1/reports/segments/vip?from=2026-03-01&to=2026-03-05&interval=day";
    private static final String LIST = "/v1/reports/segments?from=2026-03-01&to=2026-03-05";
    private static final String CAMPAIGN = "/v1/reports/campaigns/spring";
    private static final String AS_OF = "2026-03-06T00:00:00Z";

    @SuppressWarnings("NullAway")
    private static Upstream demo;

    @SuppressWarnings("NullAway")
    private static Upstream other;

    /** Before the first test; Quarkus says where the service is only from then on. */
    @BeforeEach
    void start() {
        if (demo != null) {
            return;
        }
        demo = new Upstream("demo", "Europe/Berlin");
        other = new Upstream("other", "UTC");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> given().get("/q/health/ready").statusCode() == 200);
        tellDemo(demo);
        other.enter("vip", "m1", "2026-03-02T10:00:00Z");
        other.purchase("m1", "p2", "2026-03-03T10:00:00Z", "7");
        demo.watermark(AS_OF);
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        get("demo", SERIES).at("/total/size").asLong() == 4
                                && get("demo", CAMPAIGN).at("/total/goal").asLong() == 1
                                && get("demo", SERIES).at("/total/purchases").asLong() == 4
                                && get("demo", SERIES).at("/asOf").asText().equals(AS_OF)
                                && get("other", SERIES).at("/total/purchases").asLong() == 1);
    }

    private static void tellDemo(Upstream demo) {
        demo.define("empty", true);
        demo.define("archived", false);

        // Enters by a purchase, which therefore does not count.
        demo.purchase("m1", "p1", "2026-03-02T10:00:00Z", "100");
        demo.enter("vip", "m1", "2026-03-02T10:00:00Z");
        demo.purchase("m1", "p2", "2026-03-03T10:00:00Z", "50.00");
        demo.purchase("m1", "p3", "2026-03-03T23:30:00Z", "40");
        demo.bringBack("m1", "r1", "2026-03-04T10:00:00Z", "20");

        // Leaves by a purchase, which therefore counts; the next one does not.
        demo.enter("vip", "m2", "2026-03-02T12:00:00Z");
        demo.purchase("m2", "p4", "2026-03-03T12:00:00Z", "30");
        demo.leave("vip", "m2", "2026-03-03T12:00:00Z");
        demo.purchase("m2", "p5", "2026-03-03T13:00:00Z", "77");

        // Was said to be inside at p6; a late event says that it was not so.
        demo.enter("vip", "m3", "2026-03-04T08:00:00Z");
        demo.purchase("m3", "p6", "2026-03-04T15:00:00Z", "10");
        demo.correct(
                "vip",
                "m3",
                "2026-03-04T08:00:00Z",
                new Interval(Instant.parse("2026-03-05T08:00:00Z"), null));

        // One purchase taken back before it arrives, one afterwards, one replaced.
        demo.enter("vip", "m4", "2026-03-02T09:00:00Z");
        demo.retract("m4", "x1", "p7", "2026-03-03T09:00:00Z");
        demo.purchase("m4", "p7", "2026-03-03T08:00:00Z", "999");
        demo.purchase("m4", "p7b", "2026-03-03T08:30:00Z", "888");
        demo.retract("m4", "x2", "p7b", "2026-03-03T09:30:00Z");
        demo.purchase("m4", "p8", "2026-03-05T10:00:00Z", "20");
        demo.replace("m4", "p8b", "p8", "2026-03-05T10:00:00Z", "25.5");

        // A member before entering, not a prospect.
        demo.event("m5", "n1", "enrollment", "2026-03-01T10:00:00Z", Map.of(), null);
        demo.enter("vip", "m5", "2026-03-05T09:00:00Z");

        demo.contact("c1", "m1", "vip", "email", "2026-03-03T09:00:00Z");
        demo.contact("c2", "m4", "vip", "email", "2026-03-03T09:00:00Z");
        demo.contact("c3", "m3", "new", "sms", "2026-03-04T09:00:00Z");
        demo.respond("c1", "m1", "vip", "email", ResponseKind.SENT, null);
        demo.respond("c1", "m1", "vip", "email", ResponseKind.DELIVERED, null);
        demo.respond("c1", "m1", "vip", "email", ResponseKind.OPENED, null);
        demo.respond("c1", "m1", "vip", "email", ResponseKind.OPENED, null);
        demo.respond("c1", "m1", "vip", "email", ResponseKind.GOAL, "50.00");
        demo.respond("c2", "m4", "vip", "email", ResponseKind.SENT, null);
        demo.respond("c2", "m4", "vip", "email", ResponseKind.BOUNCED, null);
        // Reached by purchases that were retracted and replaced: not reached.
        demo.respond("c2", "m4", "vip", "email", ResponseKind.GOAL, "888", pos("p7b"));
        demo.respond("c2", "m4", "vip", "email", ResponseKind.GOAL, "20", pos("p8"));
    }

    private static EventReference pos(String id) {
        return new EventReference("pos", id);
    }

    @AfterAll
    static void stop() {
        if (demo != null) {
            demo.close();
            other.close();
        }
    }

    @Test
    @Order(1)
    void givesTheFiguresWorkedOutByHand() {
        var report = get("demo", SERIES);
        assertThat(report.path("timeZone").asText()).isEqualTo("Europe/Berlin");
        assertThat(report.path("currency").asText()).isEqualTo("EUR");
        assertThat(report.path("asOf").asText()).isEqualTo(AS_OF);
        assertThat(column(report, "from"))
                .containsExactly(
                        "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05");
        assertThat(column(report, "size")).containsExactly("0", "3", "2", "2", "4");
        assertThat(column(report, "entered")).containsExactly("0", "3", "0", "0", "2");
        assertThat(column(report, "left")).containsExactly("0", "0", "1", "0", "0");
        assertThat(column(report, "buyers")).containsExactly("0", "0", "2", "1", "1");
        assertThat(column(report, "purchases")).containsExactly("0", "0", "2", "1", "1");
        assertThat(column(report, "purchaseAmount"))
                .containsExactly("0", "0", "80.00", "40", "25.5");
        assertThat(column(report, "returnAmount")).containsExactly("0", "0", "0", "20", "0");
        assertThat(column(report, "revenue")).containsExactly("0", "0", "80.00", "20", "25.5");
        assertThat(column(report, "averageOrderValue"))
                .containsExactly("null", "null", "40.00", "40.00", "25.50");
        assertThat(column(report, "purchaseFrequency"))
                .containsExactly("null", "0.0000", "1.0000", "0.5000", "0.2500");
        assertThat(column(report, "prospects")).containsExactly("0", "2", "2", "1", "1");
        assertThat(column(report, "prospectToFirstPurchase"))
                .containsExactly("null", "0.0000", "0.5000", "0.0000", "1.0000");
        assertThat(column(report, "contactToGoal"))
                .containsExactly("null", "null", "0.5000", "null", "null");

        var total = report.path("total");
        assertThat(total.toString())
                .isEqualTo(
                        "{\"size\":4,\"averageSize\":2.20,\"entered\":5,\"left\":1,\"buyers\":3,"
                                + "\"purchases\":4,\"purchaseAmount\":145.50,\"returns\":1,"
                                + "\"returnAmount\":20,\"revenue\":125.50,"
                                + "\"averageOrderValue\":36.38,\"purchaseFrequency\":1.8182,"
                                + "\"prospects\":2,\"firstPurchases\":2,"
                                + "\"prospectToFirstPurchase\":1.0000,\"contacts\":2,\"goals\":1,"
                                + "\"contactToGoal\":0.5000}");
    }

    @Test
    @Order(2)
    void addsUpInWeeksAndInTheListOfSegments() {
        var weeks = get("demo", SERIES.replace("day", "week"));
        assertThat(column(weeks, "from")).containsExactly("2026-03-01", "2026-03-02");
        assertThat(column(weeks, "revenue")).containsExactly("0", "125.50");

        var list = get("demo", LIST);
        assertThat(column(list, "segment")).containsExactly("empty", "vip");
        assertThat(without(list.at("/items/1"), "segment"))
                .isEqualTo(get("demo", SERIES).path("total"));
        assertThat(list.at("/items/0/size").asLong()).isZero();
        assertThat(get("demo", "/v1/reports/segments/empty").path("items")).hasSize(30);
        // Nobody was ever in it, but it is there.
        assertThat(as("demo").get("/v1/reports/segments/archived").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(3)
    void tellsTheFunnelPerSegmentAndChannel() {
        var report = get("demo", CAMPAIGN);
        assertThat(column(report, "segment")).containsExactly("new", "vip");
        assertThat(column(report, "channel")).containsExactly("sms", "email");
        assertThat(report.at("/items/1").toString())
                .isEqualTo(
                        "{\"segment\":\"vip\",\"channel\":\"email\",\"contacts\":2,\"sent\":2,"
                                + "\"delivered\":1,\"opened\":1,\"clicked\":0,\"bounced\":1,"
                                + "\"unsubscribed\":0,\"complained\":0,\"redeemed\":0,\"goal\":1,"
                                + "\"value\":50.00}");
        assertThat(report.at("/total/contacts").asLong()).isEqualTo(3);
        assertThatProblem(as("other").get(CAMPAIGN).asString())
                .hasStatus(404)
                .hasCode("campaign-not-found");
    }

    @Test
    @Order(4)
    void keepsProgramsApart() {
        var total = get("other", SERIES).path("total");
        assertThat(total.path("size").asLong()).isEqualTo(1);
        assertThat(total.path("revenue").asText()).isEqualTo("7");
        assertThat(column(get("other", LIST), "segment")).containsExactly("vip");
    }

    @Test
    @Order(5)
    void writesCsvWithTheSameColumns() {
        var reply = as("demo").accept("text/csv").get(SERIES);
        assertThat(reply.contentType()).startsWith("text/csv");
        var lines = reply.asString().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.getFirst())
                .isEqualTo(
                        "from,to,size,averageSize,entered,left,buyers,purchases,purchaseAmount,"
                                + "returns,returnAmount,revenue,averageOrderValue,"
                                + "purchaseFrequency,prospects,firstPurchases,"
                                + "prospectToFirstPurchase,contacts,goals,contactToGoal");
        assertThat(lines.get(1))
                .isEqualTo("2026-03-01,2026-03-01,0,0.00,0,0,0,0,0,0,0,0,,,0,0,,0,0,");
        assertThat(lines.get(3))
                .isEqualTo(
                        "2026-03-03,2026-03-03,2,2.00,0,1,2,2,80.00,0,0,80.00,40.00,1.0000,2,1,"
                                + "0.5000,2,1,0.5000");
        var funnel = as("demo").accept("text/csv").get(CAMPAIGN).asString().lines().toList();
        assertThat(funnel.getLast()).isEqualTo("vip,email,2,2,1,1,0,1,0,0,0,1,50.00");
    }

    @Test
    @Order(6)
    void refusesWhatItCannotAnswer() {
        assertThatProblem(as("demo").get("/v1/reports/segments/nobody").asString())
                .hasStatus(404)
                .hasCode("segment-not-found");
        assertThatProblem(as("demo").get("/v1/reports/segments/No%20Key").asString())
                .hasStatus(404)
                .hasCode("segment-not-found");
        assertThatProblem(as("demo").get("/v1/reports/segments?from=1.3.2026").asString())
                .hasStatus(400)
                .hasCode("period-invalid")
                .hasErrorsAt("/from");
        assertThatProblem(
                        as("demo")
                                .get("/v1/reports/segments/vip?from=2026-03-02&to=2026-03-01")
                                .asString())
                .hasStatus(400)
                .hasErrorsAt("/from");
        assertThatProblem(as("demo").get("/v1/reports/segments/vip?interval=hour").asString())
                .hasStatus(400)
                .hasErrorsAt("/interval");
        assertThatProblem(as("demo").get("/v1/live?topics=events,weather").asString())
                .hasStatus(400)
                .hasCode("live-topic-invalid")
                .hasErrorsAt("/topics");
        assertThat(given().get(LIST).statusCode()).isEqualTo(401);
        for (var path : List.of(LIST, CAMPAIGN, "/v1/live")) {
            assertThat(
                            given().header("Authorization", Tokens.bearer("demo", "ingest"))
                                    .get(path)
                                    .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    @Order(7)
    void recordsThatComeAgainChangeNothing() {
        var before = everything();
        long read = read();
        int repeated = demo.repeat();
        demo.garbage();
        await().atMost(Duration.ofSeconds(20)).until(() -> read() == read + repeated + 1);
        assertThat(refused()).isEqualTo(1);
        assertThat(everything()).isEqualTo(before);
        assertThat(
                        demo.kafka().all(Topics.DEAD_LETTERS).stream()
                                .map(it -> Json.read(it.value(), DeadLetter.class))
                                .filter(it -> it.service().equals("reporting"))
                                .toList())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).isEqualTo("record-unreadable"));
    }

    @Test
    @Order(8)
    void anEmptiedDatabaseFillsWithTheSameFigures() throws SQLException {
        var before = everything();
        var postgres = TestServers.environment(ServerKind.POSTGRES, "reporting");
        try (var connection =
                        DriverManager.getConnection(
                                postgres.get("CLIENTELE_POSTGRES_URL") + "/reporting",
                                "reporting_owner",
                                postgres.get("CLIENTELE_POSTGRES_OWNER_PASSWORD"));
                var statement = connection.createStatement()) {
            statement.execute(
                    "truncate member_event, member_start, taken_back, membership,"
                            + " membership_sequence, membership_correction, contact, response,"
                            + " event_count, consumer_position");
        }
        assertThat(get("demo", SERIES).at("/total/size").asLong()).isZero();
        assertThat(as("demo").get(LIST).jsonPath().getString("asOf"))
                .isEqualTo("1970-01-01T00:00:00Z");
        demo.watermark(AS_OF);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(everything()).isEqualTo(before));
    }

    @Test
    @Order(9)
    void streamsWhatHappensNow() throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        var client = HttpClient.newHttpClient();
        try {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create("http://localhost:" + RestAssured.port + "/v1/live"))
                            .header("Authorization", Tokens.bearer("demo", "analyst"))
                            .build();
            var streamed =
                    client.sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                            .thenAccept(reply -> reply.body().forEach(lines::add));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> last(lines, "segments") != null && last(lines, "events") != null);
            assertThat(json(last(lines, "segments")).path("sizes").toString())
                    .isEqualTo("{\"empty\":0,\"vip\":4}");
            assertThat(json(last(lines, "campaigns")).toString())
                    .isEqualTo(
                            "{\"campaign\":\"spring\",\"contacts\":3,\"responses\":{\"sent\":2,"
                                    + "\"delivered\":1,\"opened\":1,\"clicked\":0,\"bounced\":1,"
                                    + "\"unsubscribed\":0,\"complained\":0,\"redeemed\":0,"
                                    + "\"goal\":1}}");
            long total = json(last(lines, "events")).path("total").asLong();

            demo.purchase("m9", "p9", "2026-03-06T10:00:00Z", "5");
            demo.enter("vip", "m9", "2026-03-06T10:00:00Z");
            other.enter("vip", "m9", "2026-03-06T10:00:00Z");
            demo.respond("c1", "m1", "vip", "email", ResponseKind.CLICKED, null, pos("k1"));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> {
                        assertThat(json(last(lines, "segments")).at("/sizes/vip").asLong())
                                .isEqualTo(5);
                        assertThat(json(last(lines, "campaigns")).at("/responses/clicked").asLong())
                                .isEqualTo(1);
                        assertThat(json(last(lines, "events")).path("total").asLong())
                                .isEqualTo(total + 1);
                    });
            assertThat(data(lines, "membership"))
                    .containsExactly(
                            "{\"member\":\"m9\",\"segment\":\"vip\",\"change\":\"entered\","
                                    + "\"at\":\"2026-03-06T10:00:00Z\","
                                    + "\"recordedAt\":\"2026-03-06T10:00:00.040Z\","
                                    + "\"cause\":\"event\",\"leftOut\":0}");
            assertThat(
                            data(lines, "events").stream()
                                    .map(it -> json(it).path("perSecond").asLong()))
                    .contains(1L);

            demo.retract("m1", "x3", "k1", "2026-03-06T10:00:00Z");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            assertThat(
                                            json(last(lines, "campaigns"))
                                                    .at("/responses/clicked")
                                                    .asLong(-1))
                                    .isZero());
            assertThat(get("demo", CAMPAIGN).at("/total/clicked").asLong(-1)).isZero();
            assertThat(streamed).isNotDone();
        } finally {
            // A stream without end would hold an orderly close up for ever.
            client.shutdownNow();
        }
    }

    private static List<JsonNode> everything() {
        return List.of(
                get("demo", SERIES),
                get("demo", SERIES.replace("day", "month")),
                get("demo", LIST),
                get("demo", CAMPAIGN),
                get("other", SERIES),
                get("other", LIST));
    }

    private static long read() {
        return metric("reporting_records_total");
    }

    private static long refused() {
        return metric("reporting_records_refused_total");
    }

    private static long metric(String name) {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private static RequestSpecification as(String program) {
        return given().header("Authorization", Tokens.bearer(program, "marketer"));
    }

    private static JsonNode get(String program, String path) {
        Response reply = as(program).get(path);
        assertThat(reply.statusCode()).as(reply.asString()).isIn(200, 404, 503);
        return json(reply.asString());
    }

    private static JsonNode json(@Nullable String text) {
        try {
            return Json.mapper().readTree(String.valueOf(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> column(JsonNode report, String name) {
        var values = new ArrayList<String>();
        report.path("items").forEach(item -> values.add(item.path(name).asText()));
        return values;
    }

    private static JsonNode without(JsonNode item, String name) {
        ObjectNode copy = item.deepCopy();
        copy.remove(name);
        return copy;
    }

    /** The data of each event of a name so far. */
    private static List<String> data(List<String> lines, String event) {
        var found = new ArrayList<String>();
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).equals("event: " + event)) {
                found.add(lines.get(i + 1).substring("data: ".length()));
            }
        }
        return found;
    }

    private static @Nullable String last(List<String> lines, String event) {
        var found = data(lines, event);
        return found.isEmpty() ? null : found.getLast();
    }
}
