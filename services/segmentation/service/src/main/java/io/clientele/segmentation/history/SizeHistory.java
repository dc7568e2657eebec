package io.clientele.segmentation.history;

import io.clientele.contracts.SegmentKey;
import java.time.Instant;
import java.util.List;

/**
 * How a segment grew and shrank since it was made; of the time before, only those are recorded who
 * were in it then.
 *
 * @param timeZone the zone of the intervals
 * @param asOf the last instant that is counted; what is recorded later is not in it
 */
record SizeHistory(
        SegmentKey segment, String interval, String timeZone, List<Item> items, Instant asOf) {
    SizeHistory {
        items = List.copyOf(items);
    }

    /**
     * One interval.
     *
     * @param from its begin
     * @param to its end, which is not in it; of the last, {@code asOf} comes first
     * @param size members at its end
     * @param entered memberships that began in it
     * @param left memberships that ended in it
     */
    record Item(Instant from, Instant to, long size, long entered, long left) {}
}
