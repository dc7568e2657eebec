package io.clientele.profile.watermark;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the instants up to which a partition of member events misses nothing.
 *
 * <p>The chain of evidence, each step made after the one before:
 *
 * <ol>
 *   <li>note the instant s;
 *   <li>note the ends of the log of received events: what was accepted up to s stands before them;
 *   <li>see that resolve has committed up to them in every partition: whatever it made of them
 *       stands in the log of resolved events, committed or about to be;
 *   <li>note the ends of the log of resolved events: it stands before these;
 *   <li>see that apply's position in a partition has reached that partition's end: its output has
 *       been written, in this transaction or an earlier one.
 * </ol>
 *
 * <p>Then the watermark s may follow in that partition. Steps 1 to 4 are {@link #observe}, by a
 * sampling thread; step 5 is {@link #due}, by apply. A step that fails is no evidence: there is no
 * watermark until a later one succeeds. Thread-safe.
 */
public final class Watermarks {
    /** Time between two noted instants. */
    public static final Duration PERIOD = Duration.ofSeconds(2);

    /**
     * A watermark stays this far behind the instant noted, so that an event whose acknowledgement
     * is on its way, with a time of reception just before, mostly still goes before it.
     */
    static final Duration SLACK = Duration.ofMillis(250);

    /** Two watermarks of a partition are at least this far apart, also when much is due at once. */
    static final Duration SHORTEST_GAP = Duration.ofMillis(1500);

    /** So many instants are kept at most while the way is long; 32 are about a minute. */
    static final int MAXIMUM_KEPT = 32;

    private record Sample(Instant through, Map<Integer, Long> receivedEnds) {}

    private record Evidence(Instant through, Map<Integer, Long> resolvedEnds) {}

    private final Offsets offsets;
    private final Clock clock;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Deque<Evidence> evidence = new ArrayDeque<>();
    private final Map<Integer, Instant> sent = new HashMap<>();
    private final Map<Integer, Instant> sentAt = new HashMap<>();
    private final Map<Integer, Long> positions = new HashMap<>();
    private Instant nextSample = Instant.EPOCH;

    /**
     * @param offsets where logs and readers stand
     * @param clock the instants noted
     */
    public Watermarks(Offsets offsets, Clock clock) {
        this.offsets = offsets;
        this.clock = clock;
    }

    /**
     * Gathers evidence; called again and again by one thread.
     *
     * @return true if there is an instant that resolve has not reached yet: call again soon
     */
    public boolean observe() throws InterruptedException {
        var now = clock.instant();
        // A clock that was set back is not waited for.
        if (!now.isBefore(nextSample) || now.isBefore(nextSample.minus(PERIOD))) {
            nextSample = now.plus(PERIOD);
            var ends = offsets.receivedEnds();
            keep(samples, new Sample(now.minus(SLACK), ends));
        }
        if (samples.isEmpty()) {
            return false;
        }
        var committed = offsets.resolveCommitted();
        Sample latest = null;
        for (var iterator = samples.iterator(); iterator.hasNext(); ) {
            var sample = iterator.next();
            if (!hasReached(sample.receivedEnds(), committed)) {
                break;
            }
            latest = sample;
            iterator.remove();
        }
        if (latest != null) {
            var ends = offsets.resolvedEnds();
            synchronized (evidence) {
                keep(evidence, new Evidence(latest.through(), Map.copyOf(ends)));
            }
        }
        return !samples.isEmpty();
    }

    /**
     * The watermark that may be written to a partition of member events now, behind everything that
     * apply has written to it; it is taken as written: if it is not, the next one takes its place.
     *
     * @param partition which
     * @param position the offset of the next record apply will read there
     */
    public Optional<Instant> due(int partition, long position) {
        synchronized (evidence) {
            positions.put(partition, position);
            Instant due = null;
            for (var known : evidence) {
                Long end = known.resolvedEnds().get(partition);
                if (end == null || end > position) {
                    break;
                }
                due = known.through();
            }
            var before = sent.get(partition);
            var now = clock.instant();
            var last = sentAt.get(partition);
            if (due == null
                    || (before != null && !due.isAfter(before))
                    || (last != null
                            && now.isBefore(last.plus(SHORTEST_GAP))
                            && !now.isBefore(last))) {
                return Optional.empty();
            }
            sent.put(partition, due);
            sentAt.put(partition, now);
            drop();
            return Optional.of(due);
        }
    }

    /** Apply's positions as of the last time it asked, by partition. */
    public Map<Integer, Long> positions() {
        synchronized (evidence) {
            return Map.copyOf(positions);
        }
    }

    /** The watermarks written last, by partition. */
    public Map<Integer, Instant> written() {
        synchronized (evidence) {
            return Map.copyOf(sent);
        }
    }

    /** Drops all evidence but the latest that every partition has used up. */
    private void drop() {
        Instant oldest = sent.values().stream().min(Instant::compareTo).orElse(Instant.MIN);
        while (evidence.size() > 1) {
            var second = new ArrayList<>(evidence).get(1);
            if (second.through().isAfter(oldest)) {
                return;
            }
            evidence.removeFirst();
        }
    }

    private boolean hasReached(Map<Integer, Long> ends, Map<Integer, Long> committed)
            throws InterruptedException {
        List<Integer> uncommitted = new ArrayList<>();
        for (var end : ends.entrySet()) {
            Long reached = committed.get(end.getKey());
            if (reached == null) {
                if (end.getValue() > 0) {
                    uncommitted.add(end.getKey());
                }
            } else if (reached < end.getValue()) {
                return false;
            }
        }
        if (!uncommitted.isEmpty()) {
            // Nothing was ever committed there: fine only if the log holds nothing any more.
            var starts = offsets.receivedStarts();
            for (var partition : uncommitted) {
                Long start = starts.get(partition);
                Long end = ends.get(partition);
                if (start == null || end == null || start < end) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Adds the newest; where there are too many, it stands in for the newest before it. */
    private static <T> void keep(Deque<T> kept, T newest) {
        if (kept.size() >= MAXIMUM_KEPT) {
            kept.removeLast();
        }
        kept.addLast(newest);
    }
}
