package io.clientele.ingestion.event;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import io.clientele.common.json.Json;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.Topics;
import io.clientele.embedded.ServerKind;
import io.clientele.ingestion.Servers;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.ServerFaults;
import io.clientele.testkit.Tokens;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@Servers
class EventResourceIT {
    private static final String NDJSON = "application/x-ndjson";

    /** Tells this test's events from others' on the shared topic. */
    private final String source = "it-" + UUID.randomUUID();

    @Test
    void acceptsAnEventAndHasItInKafkaByThen() {
        send("demo", "ingest", event("1", 84))
                .then()
                .statusCode(202)
                .body("accepted", equalTo(1))
                .body("rejectedCount", equalTo(0))
                .body("rejected", hasSize(0));

        var records = records(1);
        var event = Json.read(records.getFirst().value(), ReceivedEvent.class);
        assertThat(records.getFirst().key()).isEqualTo("demo:m-1");
        assertThat(records.getFirst().timestamp()).isEqualTo(event.receivedAt().toEpochMilli());
        assertThat(header(records.getFirst(), "ce_type"))
                .isEqualTo("io.clientele.event.received.v1");
        assertThat(header(records.getFirst(), "ce_id")).isEqualTo("demo:" + source + ":1");
        assertThat(event.program().value()).isEqualTo("demo");
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-01T10:15:00Z"));
    }

    @Test
    void countsWhatItTookAndRefusedForTheStatus() {
        var before = rejects("demo");
        var others = rejects("other");

        send("demo", "ingest", "[" + event("1", 1) + "," + event("2", -1) + "]")
                .then()
                .statusCode(202);

        assertThat(before).containsOnlyKeys("accepted", "rejected");
        var after = new HashMap<String, Integer>();
        before.forEach((name, count) -> after.put(name, count + 1));
        assertThat(rejects("demo")).isEqualTo(after);
        assertThat(rejects("other")).isEqualTo(others);
    }

    private static Map<String, Integer> rejects(String program) {
        return given().header("Authorization", Tokens.bearer(program, "admin"))
                .get("/v1/status")
                .then()
                .statusCode(200)
                .extract()
                .path("rejects");
    }

    @Test
    void takesEachEventOfAnArrayByItself() {
        send(
                        "demo",
                        "ingest",
                        "[" + event("1", 1) + "," + event("2", -1) + ",7," + event("3", 3) + "]")
                .then()
                .statusCode(202)
                .body("accepted", equalTo(2))
                .body("rejectedCount", equalTo(2))
                .body("rejected[0].index", equalTo(1))
                .body("rejected[0].id", equalTo("2"))
                .body("rejected[0].errors[0].pointer", equalTo("/properties/amount"))
                .body("rejected[1].index", equalTo(2));

        assertThat(records(2))
                .extracting(it -> header(it, "ce_id").replaceFirst(".*:", ""))
                .containsExactlyInAnyOrder("1", "3");
    }

    @Test
    void answersUnprocessableWhenNothingWasAccepted() {
        send("demo", "ingest", event("1", -1))
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("code", equalTo("no-event-accepted"))
                .body("accepted", equalTo(0))
                .body("rejected[0].errors[0].detail", equalTo("must have a minimum value of 0"));
        send("demo", "ingest", "[]").then().statusCode(422);
    }

    @Test
    void refusesWhatIsNoJsonAsAWhole() {
        send("demo", "ingest", "[" + event("1", 1) + ",")
                .then()
                .statusCode(400)
                .body("code", equalTo("json-invalid"));
        send("demo", "ingest", "").then().statusCode(400);
    }

    @Test
    void limitsBodiesThatAreNoStream() {
        var large = event("1", 1).replace("}}", ",\"x\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}}");
        send("demo", "ingest", large)
                .then()
                .statusCode(413)
                .body("code", equalTo("body-too-large"));
        given().spec(as("demo", "ingest"))
                .contentType("application/json")
                .header("Content-Encoding", "gzip")
                .body(gzip(large))
                .post("/v1/events")
                .then()
                .statusCode(413);
    }

    @Test
    void refusesAnEventThatIsTooLongButNotItsNeighbors() {
        var most = longEvent("2", 262_144);
        var over = longEvent("3", 262_145);
        // As Kafka would refuse it.
        var farOver = longEvent("4", 1_200_000);
        send("demo", "ingest", "[" + String.join(",", event("1", 1), most, over, farOver) + "]")
                .then()
                .statusCode(202)
                .body("accepted", equalTo(2))
                .body("rejected.index", equalTo(List.of(2, 3)))
                .body("rejected.id", equalTo(List.of("3", "4")))
                .body(
                        "rejected[0].errors[0].detail",
                        equalTo("expected at most 256 KiB in an event"));
        send("demo", "ingest", over)
                .then()
                .statusCode(422)
                .body("code", equalTo("no-event-accepted"));
        records(2);
    }

    /** Of as many bytes, most of which become two where JSON stands in JSON. */
    private String longEvent(String id, int bytes) {
        var event = event(id, 1).replace("}}", ",\"x\":\"\"}}");
        int missing = bytes - event.length();
        return event.replace(
                "\"x\":\"\"",
                "\"x\":\"" + "\\\\".repeat(missing / 2) + "x".repeat(missing % 2) + "\"");
    }

    @Test
    void takesAStreamOfAnyLengthWithBadLinesInBetween() {
        var lines =
                IntStream.range(0, 20_000)
                        .mapToObj(i ->
                                switch (i) {
                                    case 7 -> "no json";
                                    case 8 -> "";
                                    case 9 -> "x".repeat(300_000);
                                    default -> event(Integer.toString(i), 1);
                                })
                        .collect(Collectors.joining("\n"));
        given().spec(as("demo", "ingest"))
                .contentType(NDJSON)
                .header("Content-Encoding", "gzip")
                .body(gzip(lines))
                .post("/v1/events")
                .then()
                .statusCode(202)
                .body("accepted", equalTo(19_997))
                .body("rejectedCount", equalTo(2))
                .body("rejected[0].index", equalTo(7))
                .body("rejected[0].errors[0].detail", matchesPattern("is no JSON at column .*"))
                .body("rejected[1].index", equalTo(9))
                .body(
                        "rejected[1].errors[0].detail",
                        equalTo("expected at most 256 KiB in a line"));
        records(19_997);
    }

    @Test
    void listsTheFirstThousandOfTheRejected() {
        given().spec(as("demo", "ingest"))
                .contentType(NDJSON)
                .body(bytes((event("1", -1) + "\n").repeat(1_500) + event("2", 2)))
                .post("/v1/events")
                .then()
                .statusCode(202)
                .body("accepted", equalTo(1))
                .body("rejectedCount", equalTo(1_500))
                .body("rejected", hasSize(1_000));
    }

    @Test
    void saysWhereToGoOnWhenAStreamBreaksOff() {
        var whole = gzip(event("1", 1) + "\n" + event("2", 2) + "\n" + event("3", 3) + "\n");
        given().spec(as("demo", "ingest"))
                .contentType(NDJSON)
                .header("Content-Encoding", "gzip")
                .body(Arrays.copyOf(whole, whole.length - 8))
                .post("/v1/events")
                .then()
                .statusCode(400)
                .body("code", equalTo("stream-broken"))
                .body("accepted", equalTo(3))
                .body("nextLine", equalTo(4));
    }

    @Test
    void acceptsWhatASenderThatWentAwaySentInWholeLines() throws IOException {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            var out = socket.getOutputStream();
            out.write(
                    ("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                    + NDJSON
                                    + "\r\nContent-Length: 100000\r\nAuthorization: "
                                    + Tokens.bearer("demo", "ingest")
                                    + "\r\n\r\n"
                                    + event("1", 1)
                                    + "\n"
                                    + event("2", 2)
                                    + "\n{\"id\"")
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            // Streamed: the events are taken while the request is still being sent.
            records(2);
        }
    }

    @Test
    void takesEventsFromThoseWhoMaySendThemOnly() {
        given().contentType("application/json")
                .body(event("1", 1))
                .post("/v1/events")
                .then()
                .statusCode(401)
                .body("code", equalTo("token-missing-or-invalid"));
        given().header("Authorization", "Bearer garbage")
                .contentType("application/json")
                .body(event("1", 1))
                .post("/v1/events")
                .then()
                .statusCode(401);
        send("demo", "analyst", event("1", 1))
                .then()
                .statusCode(403)
                .body("code", equalTo("role-missing"));
        send("other", "admin", event("1", 1)).then().statusCode(202);
        assertThat(records(1).getFirst().key()).isEqualTo("other:m-1");
    }

    @Test
    void asksForAnotherTryWhileKafkaIsAway() {
        try (var fault = ServerFaults.pause(ServerKind.KAFKA)) {
            assertThat(fault).isNotNull();
            long begun = System.nanoTime();
            send("demo", "ingest", event("1", 1))
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "5")
                    .body("code", equalTo("events-not-taken"));
            given().spec(as("demo", "ingest"))
                    .contentType(NDJSON)
                    .body(bytes(event("1", -1) + "\n" + event("2", 2) + "\n" + event("3", 3)))
                    .post("/v1/events")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "5")
                    .body("accepted", equalTo(0))
                    .body("rejectedCount", equalTo(1))
                    .body("nextLine", equalTo(2));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(25));
            given().get("/q/health/ready").then().statusCode(503);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    given().get("/q/health/ready").then().statusCode(200);
                    send("demo", "ingest", event("1", 1)).then().statusCode(202);
                });
    }

    private String event(String id, int amount) {
        return "{\"id\":\""
                + id
                + "\",\"type\":\"purchase\",\"source\":\""
                + source
                + "\",\"member\":\"m-1\",\"occurredAt\":\"2026-11-01T17:15:00+07:00\","
                + "\"properties\":{\"amount\":"
                + amount
                + "}}";
    }

    private Response send(String program, String role, String body) {
        return given().spec(as(program, role))
                .contentType("application/json")
                .body(body)
                .post("/v1/events");
    }

    private static RequestSpecification as(String program, String role) {
        return given().header("Authorization", Tokens.bearer(program, role));
    }

    private List<ConsumerRecord<String, byte[]>> records(int count) {
        try (var kafka = KafkaProbe.connect()) {
            return kafka.await(
                    Topics.MEMBER_EVENTS_RECEIVED,
                    count,
                    Duration.ofSeconds(20),
                    it -> header(it, "ce_id").contains(source));
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
