package io.clientele.segmentation.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How this service is.
 *
 * @param state what the streams are doing
 * @param freshness how old memberships are
 * @param lag records that wait to be read, by topic
 * @param rejects what was refused
 */
record StatusView(
        String state, Freshness freshness, Map<String, Long> lag, Map<String, Long> rejects) {
    StatusView {
        lag = Map.copyOf(lag);
        rejects = Map.copyOf(rejects);
    }

    /**
     * Event-time lag: now minus the clock of a partition.
     *
     * @param asOf the instant that all memberships are true of
     * @param behindMillis of the partition that is furthest behind
     */
    record Freshness(Instant asOf, long behindMillis, List<Partition> partitions) {
        Freshness {
            partitions = List.copyOf(partitions);
        }
    }

    /** One partition. */
    record Partition(int partition, Instant clock, long behindMillis) {}
}
