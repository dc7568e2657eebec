package io.clientele.segmentation.shard;

import io.clientele.contracts.SegmentMembershipRecord;
import java.time.Instant;

/**
 * A member's stay in a segment, in epoch milliseconds: {@code since <= t < until}.
 *
 * @param until {@link #OPEN} while it lasts
 */
record Stay(long since, long until) {
    static final long OPEN = Long.MAX_VALUE;

    Stay {
        if (until <= since) {
            throw new IllegalArgumentException("until " + until + " <= since " + since);
        }
    }

    boolean isOpen() {
        return until == OPEN;
    }

    SegmentMembershipRecord.Interval toInterval() {
        return new SegmentMembershipRecord.Interval(
                Instant.ofEpochMilli(since), isOpen() ? null : Instant.ofEpochMilli(until));
    }
}
