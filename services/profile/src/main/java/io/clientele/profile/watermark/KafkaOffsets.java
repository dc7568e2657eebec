package io.clientele.profile.watermark;

import io.clientele.contracts.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the broker. Ends are those of uncommitted reading: a record is acknowledged, or part of a
 * transaction about to be committed, before readers of committed records can see it.
 */
public final class KafkaOffsets implements Offsets {
    private static final int TIMEOUT_MILLIS = 5000;

    private final Admin admin;
    private final String resolveGroup;
    private final int partitions;

    /**
     * @param admin asked; stays the caller's
     * @param resolveGroup the consumer group of resolve
     * @param partitions of both logs
     */
    public KafkaOffsets(Admin admin, String resolveGroup, int partitions) {
        this.admin = admin;
        this.resolveGroup = resolveGroup;
        this.partitions = partitions;
    }

    @Override
    public Map<Integer, Long> receivedEnds() throws InterruptedException {
        return offsets(Topics.MEMBER_EVENTS_RECEIVED, OffsetSpec.latest());
    }

    @Override
    public Map<Integer, Long> receivedStarts() throws InterruptedException {
        return offsets(Topics.MEMBER_EVENTS_RECEIVED, OffsetSpec.earliest());
    }

    @Override
    public Map<Integer, Long> resolvedEnds() throws InterruptedException {
        return offsets(Topics.MEMBER_EVENTS_RESOLVED, OffsetSpec.latest());
    }

    @Override
    public Map<Integer, Long> resolveCommitted() throws InterruptedException {
        try {
            var committed = new HashMap<Integer, Long>();
            admin.listConsumerGroupOffsets(
                            resolveGroup,
                            new ListConsumerGroupOffsetsOptions().timeoutMs(TIMEOUT_MILLIS))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> {
                        if (partition.topic().equals(Topics.MEMBER_EVENTS_RECEIVED)
                                && offset != null) {
                            committed.put(partition.partition(), offset.offset());
                        }
                    });
            return committed;
        } catch (ExecutionException e) {
            throw new IllegalStateException("committed offsets are not to be had", e.getCause());
        }
    }

    private Map<Integer, Long> offsets(String topic, OffsetSpec spec) throws InterruptedException {
        var wanted = new HashMap<TopicPartition, OffsetSpec>();
        for (int partition = 0; partition < partitions; partition++) {
            wanted.put(new TopicPartition(topic, partition), spec);
        }
        try {
            var found = new HashMap<Integer, Long>();
            admin.listOffsets(
                            wanted,
                            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED)
                                    .timeoutMs(TIMEOUT_MILLIS))
                    .all()
                    .get()
                    .forEach((partition, info) -> found.put(partition.partition(), info.offset()));
            return found;
        } catch (ExecutionException e) {
            throw new IllegalStateException("offsets are not to be had", e.getCause());
        }
    }
}
