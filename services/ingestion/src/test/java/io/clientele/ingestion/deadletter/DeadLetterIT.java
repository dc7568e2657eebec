package io.clientele.ingestion.deadletter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.clientele.common.json.Json;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.Topics;
import io.clientele.ingestion.Servers;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@Servers
class DeadLetterIT {
    private final String reason = "it-" + UUID.randomUUID();

    @Test
    void listsReplaysAndCorrects() {
        dead("demo", event("1"));
        dead("demo", event("2"));
        dead("other", event("3"));
        var letters = await(2);

        assertThat(letters.getList("items.eventId")).containsExactly("2", "1");
        assertThat(letters.getString("items[1].service")).isEqualTo("profile");
        var path = "/v1/dead-letters/" + letters.getString("items[1].id") + "/replays";
        given().spec(as("demo", "admin"))
                .post(path)
                .then()
                .statusCode(202)
                .body("replays", equalTo(1))
                .body("eventId", equalTo("1"));
        given().spec(as("demo", "admin"))
                .body(
                        "{\"event\":{\"id\":\"1-b\",\"source\":\""
                                + reason
                                + "\",\"type\":\"purchase\",\"member\":\"m\","
                                + "\"occurredAt\":\"2026-11-01T10:15:00Z\",\"properties\":{}}}")
                .post(path)
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/properties/amount"));
        given().spec(as("demo", "admin"))
                .body(
                        "{\"event\":{\"id\":\"1-b\",\"source\":\""
                                + reason
                                + "\",\"type\":\"purchase\",\"member\":\"m\","
                                + "\"occurredAt\":\"2026-11-01T10:15:00Z\",\"properties\":{\"amount\":5}}}")
                .post(path)
                .then()
                .statusCode(202)
                .body("replays", equalTo(2));
        try (var kafka = KafkaProbe.connect()) {
            assertThat(
                            kafka
                                    .await(
                                            Topics.MEMBER_EVENTS_RECEIVED,
                                            2,
                                            Duration.ofSeconds(10),
                                            it ->
                                                    new String(it.value(), StandardCharsets.UTF_8)
                                                            .contains(reason))
                                    .stream()
                                    .map(it -> Json.read(it.value(), ReceivedEvent.class).id()))
                    .containsExactlyInAnyOrder("1", "1-b");
        }
        given().spec(as("other", "admin")).post(path).then().statusCode(404);
        given().spec(as("demo", "marketer")).get("/v1/dead-letters").then().statusCode(403);
    }

    @Test
    void keepsWhatIsNoDeadLetterFromEveryProgramAndGoesOn() {
        try (var kafka = KafkaProbe.connect()) {
            kafka.send(
                    new ProducerRecord<>(
                            Topics.DEAD_LETTERS, "x", "junk".getBytes(StandardCharsets.UTF_8)));
        }
        dead("demo", event("1"));
        assertThat(await(1).getList("items.eventId")).containsExactly("1");
        assertThat(
                        given().spec(as("demo", "admin"))
                                .get("/v1/dead-letters?reason=dead-letter-unreadable")
                                .jsonPath()
                                .getList("items"))
                .isEmpty();
    }

    private JsonPath await(int count) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () ->
                                given().spec(as("demo", "admin"))
                                        .get("/v1/dead-letters?reason=" + reason)
                                        .then()
                                        .statusCode(200)
                                        .extract()
                                        .jsonPath(),
                        it -> it.getList("items").size() == count);
    }

    private ReceivedEvent event(String id) {
        return new ReceivedEvent(
                new ProgramId("demo"),
                reason,
                id,
                "purchase",
                new MemberId("m"),
                null,
                Instant.parse("2026-11-01T10:15:00Z"),
                Instant.parse("2026-11-01T10:15:01Z"),
                Map.of("amount", 1),
                null,
                null);
    }

    private void dead(String program, ReceivedEvent event) {
        var letter =
                new DeadLetter(
                        new ProgramId(program),
                        "profile",
                        reason,
                        "expected nothing",
                        Topics.MEMBER_EVENTS_RECEIVED,
                        0,
                        7,
                        Instant.parse("2026-11-01T10:15:02Z"),
                        event.source(),
                        event.id(),
                        new String(Json.bytes(event), StandardCharsets.UTF_8));
        try (var kafka = KafkaProbe.connect()) {
            kafka.send(new ProducerRecord<>(Topics.DEAD_LETTERS, event.id(), Json.bytes(letter)));
        }
    }

    private static RequestSpecification as(String program, String role) {
        return given().contentType("application/json")
                .header("Authorization", Tokens.bearer(program, role));
    }
}
