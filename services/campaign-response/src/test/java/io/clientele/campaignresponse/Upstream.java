package io.clientele.campaignresponse;

import com.fasterxml.jackson.core.type.TypeReference;
import io.clientele.common.json.Json;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberProfile;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.Topics;
import io.clientele.embedded.ServerKind;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** What ingestion, profile and segmentation write, written by a test. */
final class Upstream implements AutoCloseable {
    static final int PARTITIONS = 8;

    private final KafkaProbe kafka = KafkaProbe.connect();
    private final KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                    KafkaProbe.clientSettings(TestServers.environment(ServerKind.KAFKA, "testkit")),
                    new StringSerializer(),
                    new ByteArraySerializer());
    private final Clock clock = Clock.systemUTC();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean profilesWait;

    /** Creates their topics and tells the registry of programs. */
    static Upstream start(String... programs) {
        var upstream = new Upstream();
        for (var topic :
                List.of(Topics.MEMBER_EVENTS, Topics.MEMBER_PROFILES, Topics.SEGMENT_MEMBERSHIPS)) {
            upstream.kafka.createTopic(topic, PARTITIONS, Map.of());
        }
        upstream.kafka.createTopic(Topics.PROGRAM_REGISTRY, 1, Map.of("cleanup.policy", "compact"));
        for (var program : programs) {
            upstream.register(new ProgramId(program));
        }
        upstream.producer.flush();
        return upstream;
    }

    private void register(ProgramId program) {
        for (var type : EventTypes.BUILT_IN) {
            try (var schema =
                    EventTypes.class
                            .getClassLoader()
                            .getResourceAsStream(EventTypes.schemaResource(type))) {
                var record =
                        new RegistryRecord.EventType(
                                program,
                                1,
                                type,
                                true,
                                Json.mapper().readValue(schema, new TypeReference<>() {}));
                send(Topics.PROGRAM_REGISTRY, record.key(), record);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        for (var name : List.of("firstName", "country")) {
            var attribute =
                    new RegistryRecord.Attribute(
                            program,
                            1,
                            name,
                            "string",
                            "demographic",
                            null,
                            List.of(),
                            false,
                            name.equals("firstName"));
            send(Topics.PROGRAM_REGISTRY, attribute.key(), attribute);
        }
        var settings =
                new RegistryRecord.Program(
                        program,
                        1,
                        "UTC",
                        "USD",
                        "MONDAY",
                        true,
                        RegistryRecord.UnknownMembers.CREATE,
                        null);
        send(Topics.PROGRAM_REGISTRY, settings.key(), settings);
    }

    Instant now() {
        return clock.instant();
    }

    /** A member who says yes to marketing by e-mail. */
    void consenting(String member) {
        profile(member, Map.of("consent.marketing.email", true, "country", "TH"));
    }

    void profile(String member, Map<String, Object> attributes) {
        profilesWait = true;
        send(
                Topics.MEMBER_PROFILES,
                "demo:" + member,
                new MemberProfile(
                        new ProgramId("demo"),
                        new MemberId(member),
                        numbers.incrementAndGet(),
                        MemberKind.MEMBER,
                        attributes,
                        now(),
                        now()));
    }

    /** A member enters a segment now, by an event. */
    SegmentMembershipRecord.Changed entered(String member, String segment) {
        return changed(member, segment, MembershipChange.ENTERED, MembershipCause.EVENT, now());
    }

    SegmentMembershipRecord.Changed changed(
            String member,
            String segment,
            MembershipChange change,
            MembershipCause cause,
            Instant at) {
        if (profilesWait) {
            // As profile and segmentation do: no membership before what it follows from.
            profilesWait = false;
            flush();
        }
        long sequence = numbers.incrementAndGet();
        var record =
                new SegmentMembershipRecord.Changed(
                        "demo:" + member + ":" + sequence,
                        new ProgramId("demo"),
                        new MemberId(member),
                        new SegmentKey(segment),
                        1,
                        change,
                        at,
                        now(),
                        false,
                        cause,
                        null,
                        sequence);
        again(record);
        return record;
    }

    /** The same change once more. */
    void again(SegmentMembershipRecord.Changed record) {
        send(Topics.SEGMENT_MEMBERSHIPS, "demo:" + record.member(), record);
    }

    void event(String member, String id, String type, Map<String, Object> properties) {
        event(member, id, type, now(), properties);
    }

    void event(String member, String id, String type, Instant at, Map<String, Object> properties) {
        send(
                Topics.MEMBER_EVENTS,
                "demo:" + member,
                new MemberRecord.EventApplied(
                        new ProgramId("demo"),
                        new MemberId(member),
                        MemberKind.MEMBER,
                        "test",
                        id,
                        type,
                        at,
                        now(),
                        properties,
                        List.of(),
                        null,
                        null));
    }

    private void send(String topic, @Nullable String key, Object value) {
        var unused = producer.send(new ProducerRecord<>(topic, key, Json.bytes(value)));
    }

    /** Returns when Kafka has everything. */
    void flush() {
        producer.flush();
    }

    KafkaProbe kafka() {
        return kafka;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        kafka.close();
    }

    /** A campaign on entry, by e-mail, for purchases. */
    static Map<String, Object> campaign(String segment, double control) {
        return new HashMap<>(
                Map.of(
                        "segments",
                        List.of(segment),
                        "trigger",
                        Map.of("on", "entry", "maxAge", "P1D"),
                        "channels",
                        List.of("email", "push"),
                        "messages",
                        List.of(
                                Map.of(
                                        "subject",
                                        "Welcome",
                                        "body",
                                        "Hello {firstName}, good to have you in {country}.")),
                        "control",
                        control,
                        "goal",
                        Map.of("event", "purchase", "within", "P14D", "value", "amount"),
                        "cost",
                        Map.of("fixed", 1, "perContact", Map.of("email", 0.5))));
    }
}
