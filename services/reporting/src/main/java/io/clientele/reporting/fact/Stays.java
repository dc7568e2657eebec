package io.clientele.reporting.fact;

import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.SegmentMembershipRecord.Interval;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a record makes of a member's stays in a segment. It says where the member is from an instant
 * on; what was recorded before that instant stays. Instants are kept to the microsecond, as
 * PostgreSQL keeps them.
 */
final class Stays {
    private Stays() {}

    /** The instant from which on the record says where the member is. */
    static Instant from(SegmentMembershipRecord record) {
        return switch (record) {
            case SegmentMembershipRecord.Changed changed -> kept(changed.at());
            case SegmentMembershipRecord.Corrected corrected -> kept(corrected.from());
        };
    }

    /**
     * The stays after the record.
     *
     * @param stays ascending and disjoint; at least those that end at or after {@link #from}
     */
    static List<Interval> after(List<Interval> stays, SegmentMembershipRecord record) {
        var from = from(record);
        var result = new ArrayList<Interval>();
        for (var stay : stays) {
            if (stay.since().isBefore(from)) {
                result.add(new Interval(stay.since(), earlier(stay.until(), from)));
            }
        }
        switch (record) {
            case SegmentMembershipRecord.Changed changed -> {
                switch (changed.change()) {
                    case ENTERED -> append(result, from, null);
                    case LEFT -> {}
                }
            }
            case SegmentMembershipRecord.Corrected corrected -> {
                for (var interval : corrected.intervals()) {
                    var until = interval.until();
                    append(
                            result,
                            later(kept(interval.since()), from),
                            until == null ? null : kept(until));
                }
            }
        }
        return result;
    }

    /** A stay that begins where one ends is that one; one of no length is none. */
    private static void append(List<Interval> stays, Instant since, @Nullable Instant until) {
        if (until != null && !since.isBefore(until)) {
            return;
        }
        if (!stays.isEmpty() && since.equals(stays.getLast().until())) {
            stays.set(stays.size() - 1, new Interval(stays.getLast().since(), until));
        } else {
            stays.add(new Interval(since, until));
        }
    }

    private static Instant earlier(@Nullable Instant until, Instant from) {
        return until == null || until.isAfter(from) ? from : until;
    }

    private static Instant later(Instant since, Instant from) {
        return since.isBefore(from) ? from : since;
    }

    private static Instant kept(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }
}
