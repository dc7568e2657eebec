package io.clientele.segmentation.shard;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import io.clientele.segmentation.program.Programs;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.state.Stores;

/**
 * The stream program: one processor reads {@code member-events}, {@code segment-definitions} and
 * {@code segment-overrides}, which are partitioned alike, and writes what changed. Each task has
 * five stores, all with changelogs.
 */
public final class ShardTopology {
    /** {@link StoredHistory} by {@code program:member}. */
    public static final String HISTORIES = "histories";

    /** Where each member stands, by {@code program:member}. */
    public static final String MEMBERS = "members";

    static final String TIMERS = "timers";
    static final String DEFINITIONS = "definitions";
    static final String CLOCK = "clock";

    static final String MEMBERSHIPS_OUT = "memberships-out";
    static final String PROGRAM_MEMBERSHIPS_OUT = "program-memberships-out";
    static final String MEMBER_SEGMENTS_OUT = "member-segments-out";
    static final String PROGRAM_MEMBER_SEGMENTS_OUT = "program-member-segments-out";
    static final String DEAD_LETTERS_OUT = "dead-letters-out";

    private static final String EVENTS_IN = "member-events-in";
    private static final String DEFINITIONS_IN = "segment-definitions-in";
    private static final String OVERRIDES_IN = "segment-overrides-in";
    private static final String SHARD = "shard";

    private ShardTopology() {}

    /** Builds it. */
    static Topology build(
            Programs programs,
            ShardProcessor.ProgramTopicsMaker topics,
            Clock wall,
            Shards shards) {
        var keys = new ByteArrayDeserializer();
        var bytes = new ByteArraySerializer();
        var topology =
                new Topology()
                        .addSource(EVENTS_IN, keys, keys, Topics.MEMBER_EVENTS)
                        .addSource(DEFINITIONS_IN, keys, keys, Topics.SEGMENT_DEFINITIONS)
                        .addSource(OVERRIDES_IN, keys, keys, Topics.SEGMENT_OVERRIDES)
                        .addProcessor(
                                SHARD,
                                () -> new ShardProcessor(programs, topics, wall, shards),
                                EVENTS_IN,
                                DEFINITIONS_IN,
                                OVERRIDES_IN);
        for (var store : List.of(HISTORIES, MEMBERS, TIMERS, DEFINITIONS, CLOCK)) {
            topology.addStateStore(
                    Stores.keyValueStoreBuilder(
                                    Stores.persistentKeyValueStore(store),
                                    Serdes.Bytes(),
                                    Serdes.ByteArray())
                            .withCachingDisabled(),
                    SHARD);
        }
        return topology.addSink(MEMBERSHIPS_OUT, Topics.SEGMENT_MEMBERSHIPS, bytes, bytes, SHARD)
                .addSink(
                        PROGRAM_MEMBERSHIPS_OUT,
                        (byte[] key, byte[] value, RecordContext at) ->
                                Topics.segmentMembershipsOf(program(key)),
                        bytes,
                        bytes,
                        SHARD)
                .addSink(MEMBER_SEGMENTS_OUT, Topics.MEMBER_SEGMENTS, bytes, bytes, SHARD)
                .addSink(
                        PROGRAM_MEMBER_SEGMENTS_OUT,
                        (byte[] key, byte[] value, RecordContext at) ->
                                Topics.memberSegmentsOf(program(key)),
                        bytes,
                        bytes,
                        SHARD)
                .addSink(DEAD_LETTERS_OUT, Topics.DEAD_LETTERS, bytes, bytes, SHARD);
    }

    private static ProgramId program(byte[] key) {
        var text = new String(key, StandardCharsets.UTF_8);
        return new ProgramId(text.substring(0, text.indexOf(':')));
    }
}
