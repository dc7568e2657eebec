package io.clientele.segmentation.shard;

import com.fasterxml.jackson.core.type.TypeReference;
import io.clientele.common.json.Json;
import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.MemberSegments;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.SegmentOverride;
import io.clientele.contracts.Topics;
import io.clientele.segmentation.DemoRegistry;
import io.clientele.segmentation.program.Programs;
import io.clientele.testkit.MutableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** One shard of program {@code demo} without Kafka, whose wall clock the test moves. */
final class ShardDriver implements AutoCloseable {
    static final ProgramId DEMO = new ProgramId("demo");

    private final MutableClock wall;
    private final Shards shards = new Shards();
    private final Demo registry = new Demo();
    private final TopologyTestDriver driver;
    private final TestOutputTopic<byte[], byte[]> memberships;
    private final TestOutputTopic<byte[], byte[]> ofProgram;
    private final TestOutputTopic<byte[], byte[]> memberSegments;
    private final TestOutputTopic<byte[], byte[]> refused;
    private long revision;

    ShardDriver(Path folder, Instant now) {
        this(folder, MutableClock.at(now));
    }

    private ShardDriver(Path folder, MutableClock wall) {
        this.wall = wall;
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        driver =
                new TopologyTestDriver(
                        ShardTopology.build(registry, program -> {}, wall, shards),
                        settings,
                        wall.instant());
        memberships = output(Topics.SEGMENT_MEMBERSHIPS);
        ofProgram = output(Topics.segmentMembershipsOf(DEMO));
        memberSegments = output(Topics.MEMBER_SEGMENTS);
        refused = output(Topics.DEAD_LETTERS);
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(
                topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The registry, with the demo program in it. */
    private static final class Demo implements Programs {
        private Known known = known(DemoRegistry.records(DEMO), 1);

        private static Known known(List<RegistryRecord> records, long version) {
            return new Known(Programs.modelOf(DemoRegistry.settings(DEMO), records), version);
        }

        private void forget(String attribute) {
            var rest =
                    DemoRegistry.records(DEMO).stream()
                            .filter(record ->
                                    !(record instanceof RegistryRecord.Attribute it
                                            && it.name().equals(attribute)))
                            .toList();
            known = known(rest, known.version() + 1);
        }

        @Override
        public Optional<Known> find(ProgramId program) {
            return program.equals(DEMO) ? Optional.of(known) : Optional.empty();
        }

        @Override
        public Set<ProgramId> all() {
            return Set.of(DEMO);
        }
    }

    Instant now() {
        return wall.instant();
    }

    ShardView view() {
        return shards.running().iterator().next();
    }

    /** The program declares the attribute no longer, or as personal. */
    void forget(String attribute) {
        registry.forget(attribute);
    }

    void override(String segment, String member, @Nullable Boolean included, String id) {
        in(
                Topics.SEGMENT_OVERRIDES,
                "demo:" + segment + ":" + member,
                new SegmentOverride(
                        DEMO,
                        new SegmentKey(segment),
                        new MemberId(member),
                        included,
                        Instant.ofEpochMilli(view().clock()),
                        id,
                        MembershipCause.OVERRIDE));
    }

    /** Time passes with nothing coming in; the task wakes where it set an alarm. */
    void pass(Duration time) {
        wall.advance(time);
        driver.advanceWallClockTime(time);
    }

    /** Profile says that nothing is missing up to now. */
    void watermark() {
        in(Topics.MEMBER_EVENTS, "", new MemberRecord.Watermark(now()));
    }

    /** Time passes with a watermark every two seconds, as in a quiet platform. */
    void live(Duration time) {
        var end = now().plus(time);
        while (now().isBefore(end)) {
            var left = Duration.between(now(), end);
            pass(left.compareTo(Duration.ofSeconds(2)) < 0 ? left : Duration.ofSeconds(2));
            watermark();
        }
    }

    void define(String segment, int version, String condition) {
        define(segment, version, condition, true);
    }

    /** A definition as the service announces it: in force from the shard's present. */
    void define(String segment, int version, String condition, boolean active) {
        long clock = view().clock();
        define(
                segment,
                version,
                condition,
                active,
                clock == 0 ? now() : Instant.ofEpochMilli(clock));
    }

    void define(
            String segment, int version, String condition, boolean active, Instant effectiveAt) {
        try {
            in(
                    Topics.SEGMENT_DEFINITIONS,
                    "demo:" + segment,
                    new SegmentDefinition(
                            DEMO,
                            new SegmentKey(segment),
                            version,
                            ++revision,
                            active,
                            Json.mapper().readValue(condition, new TypeReference<>() {}),
                            effectiveAt));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void purchase(String member, String id, Instant at, int amount) {
        event(member, id, "purchase", at, Map.of("amount", amount), null, null);
    }

    void event(
            String member,
            String id,
            String type,
            Instant at,
            Map<String, Object> properties,
            @Nullable EventReference replaces,
            @Nullable String importId) {
        in(
                Topics.MEMBER_EVENTS,
                "demo:" + member,
                new MemberRecord.EventApplied(
                        DEMO,
                        new MemberId(member),
                        MemberKind.MEMBER,
                        "pos",
                        id,
                        type,
                        at,
                        now(),
                        properties,
                        List.of(),
                        replaces,
                        importId));
    }

    void retract(String member, String id, String retracted) {
        event(
                member,
                id,
                EventTypes.EVENT_RETRACTED,
                now(),
                Map.of("source", "pos", "id", retracted),
                null,
                null);
    }

    void attribute(String member, String name, Object value, Instant at, String causeId) {
        in(
                Topics.MEMBER_EVENTS,
                "demo:" + member,
                new MemberRecord.Changed(
                        DEMO,
                        new MemberId(member),
                        MemberKind.MEMBER,
                        List.of(new AttributeChange(name, value, at, "profile", causeId)),
                        now(),
                        causeId));
    }

    void in(String topic, String key, Object value) {
        raw(topic, key, Json.bytes(value));
    }

    void raw(String topic, String key, byte[] value) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key.getBytes(StandardCharsets.UTF_8), value, now()));
    }

    /** What the store has of each member. */
    Map<String, StoredHistory> histories() {
        KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(ShardTopology.HISTORIES);
        var found = new TreeMap<String, StoredHistory>();
        try (var all = store.all()) {
            all.forEachRemaining(each -> {
                var member = each.key.toString().substring("demo:".length());
                found.put(member, StoredHistory.decode(member, each.value));
            });
        }
        return found;
    }

    /** What came out since the last call, on the internal topic. */
    List<SegmentMembershipRecord> out() {
        return memberships.readValuesToList().stream()
                .map(value -> Json.read(value, SegmentMembershipRecord.class))
                .toList();
    }

    /** The changes among {@link #out()}, in few words: {@code entered vip m-1 at late cause 1}. */
    List<String> changes() {
        return out().stream()
                .filter(SegmentMembershipRecord.Changed.class::isInstance)
                .map(SegmentMembershipRecord.Changed.class::cast)
                .map(ShardDriver::words)
                .toList();
    }

    static String words(SegmentMembershipRecord.Changed change) {
        return change.member()
                + " "
                + change.change().name().toLowerCase(Locale.ROOT)
                + " "
                + change.segment()
                + "/"
                + change.version()
                + " "
                + change.at()
                + " "
                + change.cause().name().toLowerCase(Locale.ROOT)
                + (change.causeId() == null ? "" : " " + change.causeId())
                + (change.late() ? " late" : "")
                + " #"
                + change.sequence();
    }

    List<TestRecord<byte[], byte[]>> outOfProgram() {
        return ofProgram.readRecordsToList();
    }

    List<MemberSegments> memberSegments() {
        return memberSegments.readValuesToList().stream()
                .map(value -> Json.read(value, MemberSegments.class))
                .toList();
    }

    List<String> refused() {
        return refused.readValuesToList().stream()
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void close() {
        driver.close();
    }
}
