package io.clientele.segmentation.shard;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.MemberSegments;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.SegmentOverride;
import io.clientele.contracts.Topics;
import io.clientele.segmentation.program.ProgramTopics;
import io.clientele.segmentation.program.Programs;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Shard} inside a Kafka Streams task. Wakes by the clock only when a member is due soon,
 * because each waking costs a transaction: watermarks, which come every two seconds, do the rest.
 */
final class ShardProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final String SOURCE = "/clientele/segmentation";

    /** A timer further off than this is set by one of the watermarks that come before it. */
    private static final long HORIZON_MILLIS = 5_000;

    private final Programs programs;
    private final ProgramTopicsMaker topics;
    private final Clock wall;
    private final Shards shards;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable Shard shard;
    private @Nullable ShardView view;
    private @Nullable Cancellable alarm;
    private long alarmAt = MemberState.NEVER;

    /** Makes sure that a program's topics exist; {@link ProgramTopics} outside of tests. */
    @FunctionalInterface
    interface ProgramTopicsMaker {
        void ensure(ProgramId program);
    }

    ShardProcessor(Programs programs, ProgramTopicsMaker topics, Clock wall, Shards shards) {
        this.programs = programs;
        this.topics = topics;
        this.wall = wall;
        this.shards = shards;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
        context = given;
        var stores =
                new Shard.Stores(
                        store(given, ShardTopology.HISTORIES),
                        store(given, ShardTopology.MEMBERS),
                        store(given, ShardTopology.TIMERS),
                        store(given, ShardTopology.DEFINITIONS),
                        store(given, ShardTopology.CLOCK));
        view = new ShardView(given.taskId().partition(), shards::signal);
        shard = new Shard(stores, programs, topics::ensure, wall, new Forward(given), view);
        shards.add(view);
        arm();
    }

    private static KeyValueStore<Bytes, byte[]> store(
            ProcessorContext<byte[], byte[]> context, String name) {
        return context.getStateStore(name);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var running = running();
        byte[] value = record.value();
        if (value == null) {
            return;
        }
        var place =
                ready().recordMetadata()
                        .map(it -> new Shard.Place(it.topic(), it.partition(), it.offset()))
                        .orElseThrow();
        switch (place.topic()) {
            case Topics.SEGMENT_DEFINITIONS -> {
                var definition = read(value, SegmentDefinition.class, place);
                if (definition != null) {
                    running.take(definition);
                }
            }
            case Topics.SEGMENT_OVERRIDES -> {
                var override = read(value, SegmentOverride.class, place);
                if (override != null) {
                    running.take(override, value, place);
                }
            }
            default -> {
                var member = read(value, MemberRecord.class, place);
                if (member != null) {
                    running.take(member, value, place);
                }
            }
        }
        running.tick();
        arm();
    }

    /** A record, or null if it is none: then it is in the dead letters. */
    private <T> @Nullable T read(byte[] value, Class<T> type, Shard.Place place) {
        try {
            return Json.read(value, type);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            running().refuse(null, null, "record-unreadable", e, value, place);
            return null;
        }
    }

    @Override
    public void close() {
        if (view != null) {
            shards.remove(view);
        }
    }

    private void wake() {
        disarm();
        running().tick();
        arm();
    }

    private void arm() {
        var running = running();
        long due = running.nextDue();
        long delay;
        if (due <= running.now()) {
            delay = 1;
        } else if (due != MemberState.NEVER && running.isFresh()) {
            delay = Math.max(1, due + ShardClock.DELAY_MILLIS - wall.millis());
        } else {
            delay = MemberState.NEVER;
        }
        if (delay > HORIZON_MILLIS) {
            disarm();
        } else if (alarm == null || alarmAt != due) {
            disarm();
            alarm =
                    ready().schedule(
                                    Duration.ofMillis(delay),
                                    PunctuationType.WALL_CLOCK_TIME,
                                    unused -> wake());
            alarmAt = due;
        }
    }

    private void disarm() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }

    private Shard running() {
        if (shard == null) {
            throw new IllegalStateException("not initialized");
        }
        return shard;
    }

    private ProcessorContext<byte[], byte[]> ready() {
        if (context == null) {
            throw new IllegalStateException("not initialized");
        }
        return context;
    }

    /** Writes to the topics, in the task's transaction. */
    private final class Forward implements Outlet {
        private final ProcessorContext<byte[], byte[]> context;

        private Forward(ProcessorContext<byte[], byte[]> context) {
            this.context = context;
        }

        @Override
        public void changed(SegmentMembershipRecord.Changed change) {
            shards.countPublished();
            byte[] key = key(change.program().value(), change.member().value());
            byte[] value = Json.bytes(change);
            var headers =
                    CloudEventHeaders.of(
                            change.id(),
                            SOURCE,
                            "io.clientele.segment-membership.changed.v1",
                            change.recordedAt());
            forward(ShardTopology.MEMBERSHIPS_OUT, key, value, headers, change.recordedAt());
            forward(
                    ShardTopology.PROGRAM_MEMBERSHIPS_OUT,
                    key,
                    value,
                    headers,
                    change.recordedAt());
        }

        @Override
        public void corrected(SegmentMembershipRecord.Corrected correction) {
            forward(
                    ShardTopology.MEMBERSHIPS_OUT,
                    key(correction.program().value(), correction.member().value()),
                    Json.bytes(correction),
                    CloudEventHeaders.of(
                            correction.program()
                                    + ":"
                                    + correction.member()
                                    + ":"
                                    + correction.segment()
                                    + ":"
                                    + correction.causeId(),
                            SOURCE,
                            "io.clientele.segment-membership.corrected.v1",
                            correction.recordedAt()),
                    correction.recordedAt());
        }

        @Override
        public void memberSegments(MemberSegments segments) {
            byte[] key = key(segments.program().value(), segments.member().value());
            byte[] value = Json.bytes(segments);
            var now = wall.instant();
            var headers =
                    CloudEventHeaders.of(
                            segments.program()
                                    + ":"
                                    + segments.member()
                                    + ":"
                                    + segments.sequence(),
                            SOURCE,
                            "io.clientele.member-segments.v1",
                            now);
            forward(ShardTopology.MEMBER_SEGMENTS_OUT, key, value, headers, now);
            forward(ShardTopology.PROGRAM_MEMBER_SEGMENTS_OUT, key, value, headers, now);
        }

        @Override
        public void refused(DeadLetter letter) {
            shards.countRefused();
            var place = letter.topic() + "/" + letter.partition() + "/" + letter.offset();
            forward(
                    ShardTopology.DEAD_LETTERS_OUT,
                    place.getBytes(StandardCharsets.UTF_8),
                    Json.bytes(letter),
                    CloudEventHeaders.of(place, SOURCE, "io.clientele.dead-letter.v1", letter.at()),
                    letter.at());
        }

        private void forward(String sink, byte[] key, byte[] value, Headers headers, Instant at) {
            context.forward(new Record<>(key, value, at.toEpochMilli(), headers), sink);
        }

        private static byte[] key(String program, String member) {
            return Timers.member(program, member).get();
        }
    }
}
