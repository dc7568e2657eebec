package io.clientele.reporting.live;

import io.clientele.contracts.ResponseKind;
import io.clientele.contracts.SegmentMembershipRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A program's counts as of the latest commit. Readers take what they want when they can write it:
 * nothing is queued for a slow one. Thread-safe.
 */
final class LiveProgram {
    /** So many of the latest membership changes are kept. */
    static final int KEPT_CHANGES = 20;

    private final SortedMap<String, Long> sizes;
    private final SortedMap<String, CampaignCounts> campaigns;
    private final Deque<SegmentMembershipRecord.Changed> latest = new ArrayDeque<>();
    private long events;
    private long changes;

    LiveProgram(long events, Map<String, Long> sizes, Map<String, CampaignCounts> campaigns) {
        this.events = events;
        this.sizes = new TreeMap<>(sizes);
        this.campaigns = new TreeMap<>(campaigns);
    }

    synchronized void apply(LiveChanges committed) {
        events += committed.events();
        committed.sizes().forEach((segment, grown) -> sizes.merge(segment, grown, Long::sum));
        var moved = committed.memberships();
        changes += moved.size();
        moved.subList(Math.max(0, moved.size() - KEPT_CHANGES), moved.size())
                .forEach(change -> {
                    if (latest.size() == KEPT_CHANGES) {
                        latest.removeFirst();
                    }
                    latest.addLast(change);
                });
        committed.contacts().forEach((campaign, count) -> add(campaign, count, Map.of()));
        committed.responses().forEach((campaign, counts) -> add(campaign, 0, counts));
    }

    private void add(String campaign, long contacts, Map<ResponseKind, Long> counts) {
        campaigns.merge(
                campaign,
                CampaignCounts.NONE.plus(contacts, counts),
                (held, more) -> held.plus(more.contacts(), more.responses()));
    }

    synchronized long events() {
        return events;
    }

    /** Members inside, by segment; a segment nobody was ever in is not here. */
    synchronized SortedMap<String, Long> sizes() {
        return new TreeMap<>(sizes);
    }

    synchronized SortedMap<String, CampaignCounts> campaigns() {
        return new TreeMap<>(campaigns);
    }

    /**
     * Membership changes after a number of them.
     *
     * @param count how many there have been since this process knows the program
     * @param leftOut how many came after the number asked for but are kept no more
     * @param changes the rest, in their order
     */
    record Changes(long count, long leftOut, List<SegmentMembershipRecord.Changed> changes) {
        Changes {
            changes = List.copyOf(changes);
        }
    }

    /** How many membership changes there have been. */
    synchronized long changeCount() {
        return changes;
    }

    synchronized Changes changesAfter(long seen) {
        long missed = changes - seen;
        var all = new ArrayList<>(latest);
        int taken = (int) Math.min(missed, all.size());
        return new Changes(changes, missed - taken, all.subList(all.size() - taken, all.size()));
    }
}
