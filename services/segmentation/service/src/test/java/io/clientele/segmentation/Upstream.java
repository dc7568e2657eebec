package io.clientele.segmentation;

import io.clientele.common.json.Json;
import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import io.clientele.testkit.KafkaProbe;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What ingestion and profile write, written by a test. */
final class Upstream implements AutoCloseable {
    static final int PARTITIONS = 8;

    private final KafkaProbe kafka = KafkaProbe.connect();
    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService watermarks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("watermarks").daemon().factory());

    /** Creates their topics, tells the registry of programs, and keeps watermarks coming. */
    static Upstream start(String... programs) {
        var upstream = new Upstream();
        upstream.kafka.createTopic(Topics.MEMBER_EVENTS, PARTITIONS, Map.of());
        upstream.kafka.createTopic(Topics.PROGRAM_REGISTRY, 1, Map.of("cleanup.policy", "compact"));
        for (var program : programs) {
            var id = new ProgramId(program);
            DemoRegistry.records(id)
                    .forEach(
                            record -> upstream.send(Topics.PROGRAM_REGISTRY, record.key(), record));
            var settings = DemoRegistry.settings(id);
            upstream.send(Topics.PROGRAM_REGISTRY, settings.key(), settings);
        }
        var unused =
                upstream.watermarks.scheduleWithFixedDelay(
                        upstream::watermark, 0, 1_000, TimeUnit.MILLISECONDS);
        return upstream;
    }

    Instant now() {
        return clock.instant();
    }

    private void watermark() {
        var value = Json.bytes(new MemberRecord.Watermark(clock.instant()));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            kafka.send(new ProducerRecord<>(Topics.MEMBER_EVENTS, partition, (String) null, value));
        }
    }

    void purchase(String program, String member, String id, Instant at, Map<String, Object> what) {
        event(program, member, id, "purchase", at, what);
    }

    void retract(String program, String member, String id, String retracted) {
        event(
                program,
                member,
                id,
                EventTypes.EVENT_RETRACTED,
                clock.instant(),
                Map.of("source", "pos", "id", retracted));
    }

    private void event(
            String program,
            String member,
            String id,
            String type,
            Instant at,
            Map<String, Object> properties) {
        send(
                Topics.MEMBER_EVENTS,
                program + ":" + member,
                new MemberRecord.EventApplied(
                        new ProgramId(program),
                        new MemberId(member),
                        MemberKind.MEMBER,
                        "pos",
                        id,
                        type,
                        at,
                        clock.instant(),
                        properties,
                        List.of(),
                        null,
                        null));
    }

    void attribute(String program, String member, String name, Object value) {
        var now = clock.instant();
        var causeId = "profile-" + name;
        send(
                Topics.MEMBER_EVENTS,
                program + ":" + member,
                new MemberRecord.Changed(
                        new ProgramId(program),
                        new MemberId(member),
                        MemberKind.MEMBER,
                        List.of(new AttributeChange(name, value, now, "profile", causeId)),
                        now,
                        causeId));
    }

    private void send(String topic, String key, Object value) {
        kafka.send(new ProducerRecord<>(topic, key, Json.bytes(value)));
    }

    KafkaProbe kafka() {
        return kafka;
    }

    @Override
    public void close() {
        watermarks.shutdownNow();
        try {
            boolean unused =
                    watermarks.awaitTermination(
                            Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kafka.close();
    }
}
