package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every consumer reads committed records only: on each topic between services stands a valid record
 * whose transaction was aborted, and nobody has acted on it by the time it has acted on what came
 * after.
 */
class ReadCommittedIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Clock CLOCK = Clock.systemUTC();
    private static final ProgramId DEMO = new ProgramId("demo");
    private static final MemberId GHOST = new MemberId("ghost");
    private static final String STORE = "ghost-store";

    private static RunningPlatform platform;
    private static PlatformClient demo;
    private static MembershipLog log;
    private static MembershipFeed feed;

    @BeforeAll
    static void start() {
        platform = Platforms.ephemeral("read-committed", Map.of());
        demo = platform.client("demo", "admin");
        log = new MembershipLog();
        feed = platform.memberships("demo", true, log::add);
    }

    @AfterAll
    static void stop() {
        if (feed != null) {
            feed.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void nobodyActsOnWhatWasAborted() {
        demo.putSegment("ghosts", Events.purchasesOf(STORE, ""));
        demo.putSegment("real", "{\"event\":\"purchase\"}");
        var before = demo.get("/v1/program").require(200).text();
        var now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);

        write(everyTopic(now), false);
        // The same way of writing, committed: were it not read, this test would prove nothing.
        write(Map.of(Topics.MEMBER_EVENTS_RECEIVED, received("control", now)), true);
        // One real member in every partition, so that every consumer has gone past the records.
        var events = new ArrayList<String>();
        for (int member = 0; member < 200; member++) {
            events.add(
                    Events.purchase(
                            "pos", "real-" + member, "real-" + member, now, "1.00", "real-store"));
        }
        assertThat(demo.events(events).require(202).json().path("accepted").asInt()).isEqualTo(200);
        await().atMost(SOON).until(() -> log.of("real").size() == 201);
        await().atMost(SOON)
                .until(() -> demo.all("/v1/members/real-199/segments/history").size() == 1);

        assertThat(demo.get("/v1/members/control").status()).isEqualTo(200);
        assertThat(demo.get("/v1/members/ghost").status()).isEqualTo(404);
        assertThat(demo.count(Events.purchasesOf(STORE, ""))).isZero();
        assertThat(demo.count("{\"all\":[]}")).isEqualTo(201);
        assertThat(demo.all("/v1/segments/ghosts/members")).isEmpty();
        assertThat(log.all()).noneMatch(it -> it.change().member().equals(GHOST));
        assertThat(demo.get("/v1/members/ghost/segments/history").text())
                .doesNotContain("\"ghosts\"");
        assertThat(demo.get("/v1/feeds/memberships?limit=1000").text()).doesNotContain("ghost");
        // The definition that was aborted would have put everyone in.
        assertThat(demo.get("/v1/segments/ghosts").require(200).json().path("size").asInt())
                .isZero();
        assertThat(demo.get("/v1/program").require(200).text()).isEqualTo(before);
        var euros =
                demo.events(
                        List.of(
                                "{\"id\":\"euro\",\"source\":\"pos\",\"type\":\"purchase\",\"member\":\"real-1\","
                                    + "\"occurredAt\":\""
                                        + now
                                        + "\",\"properties\":{\"amount\":1,\"currency\":\"EUR\"}}"));
        assertThat(euros.status()).isEqualTo(422);
    }

    private static ReceivedEvent received(String member, Instant now) {
        return new ReceivedEvent(
                DEMO,
                "pos",
                member + "-1",
                "purchase",
                new MemberId(member),
                null,
                now,
                now,
                Map.of("amount", 1, "store", member + "-store"),
                null,
                null);
    }

    private static Map<String, Object> everyTopic(Instant now) {
        var applied =
                new MemberRecord.EventApplied(
                        DEMO,
                        GHOST,
                        MemberKind.MEMBER,
                        "pos",
                        "ghost-2",
                        "purchase",
                        now,
                        now,
                        Map.of("amount", 1, "store", STORE),
                        List.of(),
                        null,
                        null);
        var change =
                new SegmentMembershipRecord.Changed(
                        "demo:ghost:1",
                        DEMO,
                        GHOST,
                        new SegmentKey("ghosts"),
                        1,
                        MembershipChange.ENTERED,
                        now,
                        now,
                        false,
                        MembershipCause.EVENT,
                        "pos/ghost-2",
                        1);
        var definition =
                new SegmentDefinition(
                        DEMO,
                        new SegmentKey("ghosts"),
                        99,
                        99,
                        true,
                        Map.of("all", List.of()),
                        now);
        var program =
                new RegistryRecord.Program(
                        DEMO,
                        99,
                        "Asia/Bangkok",
                        "EUR",
                        "SUNDAY",
                        true,
                        RegistryRecord.UnknownMembers.CREATE,
                        null);
        var records = new HashMap<String, Object>();
        records.put(Topics.MEMBER_EVENTS_RECEIVED, received("ghost", now));
        records.put(Topics.MEMBER_EVENTS_RESOLVED, received("ghost", now));
        records.put(Topics.MEMBER_EVENTS, applied);
        records.put(Topics.SEGMENT_MEMBERSHIPS, change);
        records.put(Topics.segmentMembershipsOf(DEMO), change);
        records.put(Topics.SEGMENT_DEFINITIONS, definition);
        records.put(Topics.PROGRAM_REGISTRY, program);
        return records;
    }

    /** Writes a record to every partition of each topic in one transaction. */
    private static void write(Map<String, Object> records, boolean commit) {
        var settings = new HashMap<>(platform.kafka("clientele"));
        settings.put("transactional.id", "ghost-writer");
        try (var producer =
                new KafkaProducer<byte[], byte[]>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var sent = new ArrayList<Future<RecordMetadata>>();
            records.forEach((topic, value) -> {
                for (var partition : producer.partitionsFor(topic)) {
                    sent.add(producer.send(record(topic, partition.partition(), value)));
                }
            });
            producer.flush();
            assertThat(sent).allMatch(it -> it.state() == Future.State.SUCCESS);
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, Object value) {
        var key =
                switch (value) {
                    case RegistryRecord it -> it.key();
                    case SegmentDefinition it -> it.program() + ":" + it.segment();
                    default -> DEMO + ":" + GHOST;
                };
        var record =
                new ProducerRecord<>(
                        topic,
                        partition,
                        key.getBytes(StandardCharsets.UTF_8),
                        PlatformJson.text(value).getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        "ghost",
                        "ce_source",
                        "ghost",
                        "ce_type",
                        "io.clientele.ghost",
                        "content-type",
                        "application/json")
                .forEach((name, text) ->
                        record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }
}
