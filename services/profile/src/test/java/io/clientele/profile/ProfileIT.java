package io.clientele.profile;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.clientele.common.json.Json;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberProfile;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.testkit.EventContracts;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.KafkaResource;
import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.LogCheck;
import io.clientele.testkit.MongoResource;
import io.clientele.testkit.TcpProxy;
import io.clientele.testkit.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole service against real servers. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(
        value = MongoResource.class,
        initArgs = @ResourceArg(name = "proxied", value = "true"))
@ExtendWith(LogCheck.class)
class ProfileIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init")
    private KafkaProbe kafka;

    @BeforeEach
    void connect() {
        kafka = KafkaProbe.connect();
        register("email", "string", true);
        register("country", "string", false);
        register("income", "number", false);
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    private void register(String name, String type, boolean personal) {
        for (var program : List.of("demo", "other")) {
            var attribute =
                    new RegistryRecord.Attribute(
                            new ProgramId(program),
                            1,
                            name,
                            type,
                            "custom",
                            null,
                            List.of(),
                            false,
                            personal);
            var unused =
                    kafka.send(
                            new ProducerRecord<>(
                                    Topics.PROGRAM_REGISTRY,
                                    attribute.key(),
                                    Json.bytes(attribute)));
        }
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private List<MemberRecord.EventApplied> applied(String key, int count) {
        return kafka.await(Topics.MEMBER_EVENTS, count, LIMIT, it -> key.equals(it.key())).stream()
                .map(it -> Json.read(it.value(), MemberRecord.class))
                .map(MemberRecord.EventApplied.class::cast)
                .toList();
    }

    private List<MemberRecord.EventApplied> allApplied(String key) {
        return kafka.all(Topics.MEMBER_EVENTS).stream()
                .filter(it -> key.equals(it.key()))
                .map(it -> Json.read(it.value(), MemberRecord.class))
                .map(MemberRecord.EventApplied.class::cast)
                .toList();
    }

    private void send(Events... events) {
        for (var event : events) {
            var unused = kafka.send(event.record());
        }
    }

    @Test
    void passesEachEventOnOnce() {
        var who = unique("m");
        var id = unique("p");
        send(
                Events.purchase(id, who, new BigDecimal("84.10")),
                Events.purchase(id, who, new BigDecimal("84.1")),
                Events.purchase(id, who, 85),
                Events.purchase(unique("q"), who, 1));

        var records = applied("demo:" + who, 2);
        var letters =
                kafka.await(Topics.DEAD_LETTERS, 1, LIMIT, it -> ("demo:" + who).equals(it.key()));

        assertThat(records.getFirst().id()).isEqualTo(id);
        assertThat(records.getFirst().kind()).isEqualTo(MemberKind.MEMBER);
        assertThat(records.getFirst().properties())
                .isEqualTo(Map.of("amount", new BigDecimal("84.10")));
        assertThat(Json.read(letters.getFirst().value(), DeadLetter.class).reason())
                .isEqualTo("id-reused");
        assertThat(allApplied("demo:" + who)).hasSize(2);
        var profile =
                kafka.await(
                                Topics.MEMBER_PROFILES,
                                1,
                                LIMIT,
                                it -> ("demo:" + who).equals(it.key()))
                        .getFirst();
        assertThat(Json.read(profile.value(), MemberProfile.class).kind())
                .isEqualTo(MemberKind.MEMBER);

        given().header("Authorization", Tokens.bearer("demo", "ingest"))
                .get("/v1/events/test/" + id)
                .then()
                .statusCode(200);
        assertThat(
                        given().header("Authorization", Tokens.bearer("demo", "admin"))
                                .get("/v1/events/test/" + id)
                                .jsonPath()
                                .getString("lastRefusal.reason"))
                .isEqualTo("id-reused");
    }

    @Test
    void findsTheMemberOfAnIdentity() {
        var who = unique("m");
        var card = unique("card");
        send(Events.purchase(unique("p"), who, 1).known("card", card));
        assertThat(applied("demo:" + who, 1)).hasSize(1);

        send(Events.event(unique("r"), "return").known("card", card).with(Map.of("amount", 1)));

        assertThat(applied("demo:" + who, 2))
                .extracting(MemberRecord.EventApplied::type)
                .containsExactly("purchase", "return");
        for (var record : kafka.all(Topics.MEMBER_EVENTS)) {
            assertThat(new String(record.value(), StandardCharsets.UTF_8)).doesNotContain(card);
        }
    }

    @Test
    void writesWhatTheContractsPromise() {
        var contracts = EventContracts.load();
        var who = unique("m");
        var id = unique("p");
        send(
                Events.event(unique("e"), "enrollment")
                        .of(who)
                        .with(
                                Map.of(
                                        "attributes",
                                        Map.of("country", "TH", "email", "ann@example.org"))),
                Events.purchase(id, who, new BigDecimal("84.10")).imported("job"),
                Events.purchase(unique("q"), who, 1).replacing(id),
                Events.purchase(id, who, 85));
        assertThat(applied("demo:" + who, 3)).hasSize(3);
        var edited =
                given().header("Authorization", Tokens.bearer("demo", "agent"))
                        .contentType("application/json")
                        .body(Map.of("attributes", Map.of("income", 5)))
                        .put("/v1/members/" + unique("m"));
        assertThat(edited.statusCode()).isEqualTo(201);
        assertThat(
                        kafka.await(
                                Topics.DEAD_LETTERS,
                                1,
                                LIMIT,
                                it -> ("demo:" + who).equals(it.key())))
                .hasSize(1);

        for (var topic :
                List.of(
                        Topics.MEMBER_EVENTS_RESOLVED,
                        Topics.MEMBER_EVENTS,
                        Topics.MEMBER_PROFILES,
                        Topics.DEAD_LETTERS)) {
            for (var record : kafka.all(topic)) {
                assertThat(contracts.violations(raw(record)))
                        .as("%s %d %s", topic, record.offset(), record.key())
                        .isEmpty();
            }
        }
    }

    private static ConsumerRecord<byte[], byte[]> raw(ConsumerRecord<String, byte[]> record) {
        byte[] key = record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                key,
                record.value(),
                record.headers(),
                record.leaderEpoch());
    }

    @Test
    void putsEverythingReceivedBeforeItsWatermark() {
        var who = unique("m");
        send(Events.purchase(unique("p"), who, 1));

        await().atMost(LIMIT)
                .untilAsserted(() -> {
                    var latest = watermarks();
                    assertThat(latest).hasSizeGreaterThanOrEqualTo(8);
                });
        var before = watermarks();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        watermarks()
                                .forEach((partition, through) ->
                                        assertThat(through)
                                                .isAfter(
                                                        before.getOrDefault(
                                                                partition, Instant.EPOCH))));
        assertThat(allApplied("demo:" + who)).hasSize(1);
    }

    /** The latest watermark of each partition; fails if one goes back. */
    private Map<Integer, Instant> watermarks() {
        var latest = new HashMap<Integer, Instant>();
        for (var record : kafka.all(Topics.MEMBER_EVENTS)) {
            if (Json.read(record.value(), MemberRecord.class)
                    instanceof MemberRecord.Watermark watermark) {
                var before = latest.put(record.partition(), watermark.receivedThrough());
                assertThat(before == null || before.isBefore(watermark.receivedThrough()))
                        .as("partition %d", record.partition())
                        .isTrue();
            }
        }
        return latest;
    }

    @Test
    void losesAndDoublesNothingWhileTheStoreComesAndGoes() {
        var proxy = TcpProxy.named("mongodb");
        var who = List.of(unique("a"), unique("b"), unique("c"));
        int count = 120;
        try {
            for (int i = 0; i < count; i++) {
                if (i % 30 == 10) {
                    proxy.cut();
                }
                send(Events.purchase(unique("p" + i), who.get(i % 3), 1));
                if (i % 30 == 20) {
                    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                    proxy.restore();
                }
            }
            proxy.cut();
            await().atMost(LIMIT)
                    .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(503));
            assertThat(
                            given().header("Authorization", Tokens.bearer("demo", "admin"))
                                    .get("/v1/members/" + who.getFirst())
                                    .statusCode())
                    .isEqualTo(503);
            send(Events.purchase(unique("last"), who.getFirst(), 1));
            var held = watermarks();
            await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
            var late = watermarks();
            assertThat(late.values().stream().min(Instant::compareTo).orElseThrow())
                    .as("the partition of what waits has no watermark after it")
                    .isBeforeOrEqualTo(
                            held.values().stream().max(Instant::compareTo).orElseThrow());
        } finally {
            proxy.restore();
        }

        for (int i = 0; i < 3; i++) {
            int expected = count / 3 + (i == 0 ? 1 : 0);
            var records = applied("demo:" + who.get(i), expected);
            assertThat(records.stream().map(MemberRecord.EventApplied::id).distinct())
                    .hasSize(expected);
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        for (int i = 0; i < 3; i++) {
            int expected = count / 3 + (i == 0 ? 1 : 0);
            assertThat(allApplied("demo:" + who.get(i))).hasSize(expected);
            assertThat(
                            given().header("Authorization", Tokens.bearer("demo", "agent"))
                                    .get("/v1/members/" + who.get(i) + "/summary")
                                    .jsonPath()
                                    .getInt("purchases.count"))
                    .isEqualTo(expected);
        }
    }
}
