package io.clientele.segmentation.preview;

import io.clientele.contracts.SegmentKey;
import java.time.Instant;
import java.util.List;

/**
 * How many members segments share, by their present conditions.
 *
 * @param at the instant the figures are true of
 * @param population members the program knew then
 * @param segments in the order they were asked for
 * @param pairs each two of them once
 */
record Overlap(
        Instant at, long population, List<Counted> segments, List<Pair> pairs, long elapsedMs) {
    Overlap {
        segments = List.copyOf(segments);
        pairs = List.copyOf(pairs);
    }

    /**
     * @param count members who satisfy the segment's condition
     */
    record Counted(SegmentKey segment, int version, long count) {}

    /**
     * @param both members in both
     * @param ofOne {@code both} as a share of the first, 0 to 1; 0 if nobody is in it
     * @param ofOther the same of the second
     * @param jaccard {@code both} as a share of those in either (Jaccard 1901)
     */
    record Pair(
            SegmentKey one,
            SegmentKey other,
            long both,
            double ofOne,
            double ofOther,
            double jaccard) {}
}
