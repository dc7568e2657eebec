package io.clientele.ingestion.importing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.clientele.common.json.Json;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.Topics;
import io.clientele.ingestion.Servers;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@Servers
class ImportResourceIT {
    private static final String MAPPING =
            "{\"type\":\"purchase\",\"member\":\"who\",\"occurredAt\":\"day\","
                    + "\"properties\":{\"amount\":\"sum\"},\"attributes\":{\"city\":\"city\"}}";
    private static final byte[] FILE =
            ("who,day,sum,city\n"
                            + "a,2026-01-05,1.5,Hue\n"
                            + "a,2026-01-05,1.5,Hue\n"
                            + ",2026-01-06,2,Hue\n"
                            + "b,2026-01-07,-3,Hanoi\n"
                            + "b,2026-01-08,4,\n")
                    .getBytes(StandardCharsets.UTF_8);

    private final String source = "it-" + UUID.randomUUID();

    @Inject ProgramTransactions transactions;
    @Inject ImportRepository repository;

    @Test
    void turnsAFileIntoEventsAndSaysWhatBecameOfIt() {
        var id = create(MAPPING);
        send(id, FILE).statusCode(202).body("content.complete", equalTo(true));

        var sent = awaitState(id, "applying");
        assertThat(sent.getMap("counts"))
                .containsEntry("totalRows", 5)
                .containsEntry("rows", 5)
                .containsEntry("rowsRejected", 2)
                .containsEntry("events", 3)
                .containsEntry("eventsByType", Map.of("purchase", 3))
                .containsEntry("declarations", 2)
                .containsEntry("rejected", 2);
        assertThat(errors(id))
                .containsExactly(
                        "{\"line\":4,\"reason\":\"A guest: who is empty, so there is nobody to give"
                                + " the event to.\",\"remedy\":\"None is needed if guests are to be"
                                + " left out; else put a member into who.\"}",
                        "{\"line\":5,\"reason\":\"/properties/amount must have a minimum value of"
                                + " 0.\",\"remedy\":\"Correct the row or the mapping and import the"
                                + " file again; what was accepted has no second effect.\"}");

        outcome(id, 2, 0, 1);
        read(id).body("state", equalTo("applying"));
        outcome(id + "-attributes", 2, 0, 0);
        read(id).body("state", equalTo("completed"))
                .body("counts.accepted", equalTo(2))
                .body("counts.duplicate", equalTo(0))
                .body("counts.rejected", equalTo(3));
        outcome(id, 0, 0, 0);
        read(id).body("counts.accepted", equalTo(2));

        assertThat(events(5))
                .extracting(it -> it.type() + " " + it.member() + " " + it.importId())
                .containsExactlyInAnyOrder(
                        "profile.updated a " + id + "-attributes",
                        "profile.updated b " + id + "-attributes",
                        "purchase a " + id,
                        "purchase a " + id,
                        "purchase b " + id);
    }

    @Test
    void rejectsARowOfMoreThanAnEventMayHave() {
        var id = create(MAPPING.replace("\"sum\"}", "\"sum\",\"note\":\"note\"}"));
        var rows =
                "who,day,sum,city,note\na,2026-01-05,1,,"
                        + "x".repeat(300_000)
                        + "\nb,2026-01-05,1,,short\n";
        send(id, rows.getBytes(StandardCharsets.UTF_8)).statusCode(202);

        assertThat(awaitState(id, "applying").getInt("counts.events")).isEqualTo(1);
        assertThat(errors(id))
                .contains(
                        "{\"line\":2,\"reason\":\"The event is larger than 256"
                                + " KiB.\",\"remedy\":\"Use fewer columns, or more in groupBy.\"}");
    }

    @Test
    void sendsTheSameIdsTheSecondTime() {
        var first = create(MAPPING);
        send(first, FILE).statusCode(202);
        awaitState(first, "applying");
        var second = create(MAPPING);
        send(second, gzip(FILE)).statusCode(202);
        awaitState(second, "applying");

        assertThat(events(10).stream().map(ReceivedEvent::id).collect(Collectors.toSet()))
                .hasSize(5);
    }

    @Test
    void goesOnWithContentWhereItBrokeOff() {
        var id = create(MAPPING);
        var head = Arrays.copyOf(FILE, 40);
        var tail = Arrays.copyOfRange(FILE, 40, FILE.length);

        part(id, head, "bytes 0-39/" + FILE.length)
                .statusCode(202)
                .body("state", equalTo("created"))
                .body("content.received", equalTo(40))
                .body("content.complete", equalTo(false));
        part(id, tail, "bytes 41-" + (FILE.length) + "/*")
                .statusCode(409)
                .body("code", equalTo("import-offset"));
        part(id, tail, "bytes 40-" + (FILE.length - 1) + "/" + FILE.length)
                .statusCode(202)
                .body("content.complete", equalTo(true));
        part(id, tail, "bytes 40-" + (FILE.length - 1) + "/" + FILE.length)
                .statusCode(409)
                .body("code", equalTo("import-state"));
        assertThat(awaitState(id, "applying").getInt("counts.events")).isEqualTo(3);
    }

    @Test
    void keepsTheContentOfAnImportThatAnotherRequestMadeRun() {
        var id = create(MAPPING);
        send(id, FILE).statusCode(202);
        awaitState(id, "applying");

        // What a request does that looked at the job before that.
        assertThat(transactions.<Boolean>call("demo", () -> repository.restart(id))).isFalse();
        assertThat(transactions.<Boolean>call("demo", () -> repository.complete(id, 0))).isFalse();
        assertThat(get(id).getInt("content.received")).isEqualTo(FILE.length);
    }

    @Test
    void takesNoContentOnceAnImportIsCancelled() {
        var id = create(MAPPING);
        part(id, Arrays.copyOf(FILE, 40), "bytes 0-39/" + FILE.length).statusCode(202);
        given().spec(as("demo", "admin"))
                .post("/v1/imports/" + id + "/cancel")
                .then()
                .statusCode(200);

        // What a request does that was under way meanwhile.
        var program = new ProgramId("demo");
        assertThat(
                        transactions.<Boolean>call(
                                "demo", () -> repository.append(program, id, 40, FILE)))
                .isFalse();
        assertThat(get(id).getInt("content.received")).isEqualTo(40);
        assertThat(transactions.call("demo", () -> repository.content(id, 0))).isEmpty();
    }

    @Test
    void pausesResumesAndCancels() {
        var rows =
                IntStream.range(0, 30_000)
                        .mapToObj(i -> "m" + i % 100 + ",2026-01-05," + i + ",")
                        .collect(Collectors.joining("\n", "who,day,sum,city\n", "\n"));
        var id = create(MAPPING);
        send(id, rows.getBytes(StandardCharsets.UTF_8)).statusCode(202);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> get(id).getInt("counts.events") > 0);

        given().spec(as("demo", "admin"))
                .post("/v1/imports/" + id + "/pause")
                .then()
                .statusCode(200)
                .body("state", equalTo("paused"));
        int paused = get(id).getInt("counts.events");
        Awaitility.await()
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(3))
                .until(() -> get(id).getInt("counts.events") <= paused + 500);
        assertThat(get(id).getInt("counts.events")).isLessThan(30_000);

        given().spec(as("demo", "admin"))
                .post("/v1/imports/" + id + "/resume")
                .then()
                .statusCode(200);
        assertThat(awaitState(id, "applying").getInt("counts.events")).isEqualTo(30_000);
        // Pausing does not interrupt a step, so nothing was sent twice.
        assertThat(events(30_000)).hasSize(30_000);
        Set<String> ids =
                events(30_000).stream().map(ReceivedEvent::id).collect(Collectors.toSet());
        assertThat(ids).hasSize(30_000);

        given().spec(as("demo", "admin"))
                .post("/v1/imports/" + id + "/cancel")
                .then()
                .statusCode(409)
                .body("code", equalTo("import-state"));
        var other = create(MAPPING);
        given().spec(as("demo", "admin"))
                .post("/v1/imports/" + other + "/cancel")
                .then()
                .statusCode(200)
                .body("state", equalTo("cancelled"));
        send(other, FILE).statusCode(409);
    }

    @Test
    void movesTimesSoThatTheLastEventIsNowAndByTheSameTheNextTime() {
        var before = Instant.now();
        var first = create(MAPPING, true);
        send(first, FILE).statusCode(202);
        assertThat(awaitState(first, "applying").getString("shiftedBy")).isNotNull();
        var second = create(MAPPING, true);
        send(second, FILE).statusCode(202);
        awaitState(second, "applying");

        var purchases =
                events(10).stream()
                        .filter(it -> it.type().equals("purchase"))
                        .map(it -> it.id() + it.occurredAt())
                        .collect(Collectors.toSet());
        assertThat(purchases).hasSize(3);
        var latest =
                events(10).stream()
                        .map(ReceivedEvent::occurredAt)
                        .max(Instant::compareTo)
                        .orElseThrow();
        assertThat(latest).isBetween(before.minusMillis(1), Instant.now());
    }

    @Test
    void failsWithAClearSentenceWhenTheFileIsAnother() {
        var id = create(MAPPING);
        send(id, "who,date\n".getBytes(StandardCharsets.UTF_8)).statusCode(202);
        assertThat(awaitState(id, "failed").getString("failure"))
                .isEqualTo(
                        "The mapping uses columns that the file does not have: day, sum, city. The"
                                + " file has: who, date.");
        var damaged = create(MAPPING);
        send(damaged, Arrays.copyOf(gzip(FILE), 60)).statusCode(202);
        assertThat(awaitState(damaged, "failed").getString("failure"))
                .isEqualTo("The file is gzipped, but ends too early; send it again.");
    }

    @Test
    void makesOneImportOfARequestThatIsSentAgain() {
        var key = UUID.randomUUID().toString();
        String id = createdWith(key, false).statusCode(201).extract().path("id");
        send(id, FILE).statusCode(202);

        createdWith(key, false)
                .statusCode(200)
                .header("Location", endsWith("/v1/imports/" + id))
                .body("id", equalTo(id))
                .body("content.complete", equalTo(true));
        createdWith(key, true).statusCode(409).body("code", equalTo("idempotency-key-reused"));
        createdWith("k".repeat(129), false).statusCode(400);
        createdWith(UUID.randomUUID().toString(), false).statusCode(201);
    }

    private ValidatableResponse createdWith(String key, boolean shiftToNow) {
        return given().spec(as("demo", "ingest"))
                .contentType("application/json")
                .header("Idempotency-Key", key)
                .body(body(MAPPING, shiftToNow))
                .post("/v1/imports")
                .then();
    }

    private String body(String mapping, boolean shiftToNow) {
        return "{\"source\":\""
                + source
                + "\",\"shiftToNow\":"
                + shiftToNow
                + ",\"mapping\":"
                + mapping
                + "}";
    }

    @Test
    void refusesAMappingThatIsNotValid() {
        given().spec(as("demo", "admin"))
                .contentType("application/json")
                .body("{\"source\":\"s\",\"mapping\":{\"type\":\"purchas\",\"member\":\"m\"}}")
                .post("/v1/imports")
                .then()
                .statusCode(422)
                .body("code", equalTo("mapping-invalid"))
                .body("errors.pointer", hasItem("/mapping/type"))
                .body("errors.pointer", hasItem("/mapping/occurredAt/column"));
    }

    @Test
    void keepsImportsOfAProgramToItself() {
        var id = create(MAPPING);
        given().spec(as("other", "admin"))
                .get("/v1/imports/" + id)
                .then()
                .statusCode(404)
                .body("code", equalTo("import-unknown"));
        given().spec(as("other", "admin"))
                .get("/v1/imports/" + id + "/errors")
                .then()
                .statusCode(404);
        given().spec(as("other", "admin"))
                .get("/v1/imports?limit=1000")
                .then()
                .statusCode(200)
                .body("items.find { it.id == '" + id + "' }", nullValue());
        given().spec(as("demo", "analyst")).get("/v1/imports/" + id).then().statusCode(403);
        given().spec(as("demo", "ingest"))
                .get("/v1/imports?limit=1")
                .then()
                .statusCode(200)
                .body("items[0].id", equalTo(id));
    }

    private String create(String mapping) {
        return create(mapping, false);
    }

    private String create(String mapping, boolean shiftToNow) {
        return given().spec(as("demo", "ingest"))
                .contentType("application/json")
                .body(body(mapping, shiftToNow))
                .post("/v1/imports")
                .then()
                .statusCode(201)
                .body("state", equalTo("created"))
                .extract()
                .path("id");
    }

    private static ValidatableResponse send(String id, byte[] content) {
        return given().spec(as("demo", "ingest"))
                .contentType("application/octet-stream")
                .body(content)
                .put("/v1/imports/" + id + "/content")
                .then();
    }

    private static ValidatableResponse part(String id, byte[] content, String range) {
        return given().spec(as("demo", "ingest"))
                .contentType("application/octet-stream")
                .header("Content-Range", range)
                .body(content)
                .put("/v1/imports/" + id + "/content")
                .then();
    }

    private static ValidatableResponse read(String id) {
        return given().spec(as("demo", "ingest")).get("/v1/imports/" + id).then().statusCode(200);
    }

    private static JsonPath get(String id) {
        return read(id).extract().jsonPath();
    }

    private static JsonPath awaitState(String id, String state) {
        return Awaitility.await("import " + id + " is " + state)
                .atMost(Duration.ofSeconds(60))
                .until(() -> get(id), it -> state.equals(it.getString("state")));
    }

    private static List<String> errors(String id) {
        return given().spec(as("demo", "ingest"))
                .get("/v1/imports/" + id + "/errors")
                .then()
                .statusCode(200)
                .contentType("application/x-ndjson")
                .extract()
                .asString()
                .lines()
                .toList();
    }

    private static void outcome(String id, int accepted, int duplicate, int refused) {
        given().baseUri(ConfigProvider.getConfig().getValue("CLIENTELE_PROFILE_URL", String.class))
                .port(-1)
                .body(
                        "{\"accepted\":"
                                + accepted
                                + ",\"duplicate\":"
                                + duplicate
                                + ",\"refused\":"
                                + refused
                                + "}")
                .put("/v1/import-outcomes/" + id)
                .then()
                .statusCode(204);
    }

    /** All events of this test, once there are {@code count}. */
    private List<ReceivedEvent> events(int count) {
        try (var kafka = KafkaProbe.connect()) {
            kafka.await(Topics.MEMBER_EVENTS_RECEIVED, count, Duration.ofSeconds(30), this::isOurs);
            return kafka.all(Topics.MEMBER_EVENTS_RECEIVED).stream()
                    .filter(this::isOurs)
                    .map(it -> Json.read(it.value(), ReceivedEvent.class))
                    .toList();
        }
    }

    private boolean isOurs(ConsumerRecord<String, byte[]> record) {
        return new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8)
                .contains(source);
    }

    private static RequestSpecification as(String program, String role) {
        return given().header("Authorization", Tokens.bearer(program, role));
    }

    private static byte[] gzip(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
