package io.clientele.segmentation.shard;

import io.clientele.contracts.SegmentKey;
import io.clientele.engine.Condition;
import io.clientele.engine.Evaluator;
import io.clientele.engine.MemberHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a segment means over time, ready to be asked about one member. All answers are pure
 * functions of the member's history. Immutable and thread-safe but for {@link #size()} and {@link
 * #cost()}, which one thread sets.
 */
public final class SegmentPlan {
    private final SegmentKey key;
    private final int number;
    private final long revision;
    private final int version;
    private final boolean active;
    private final Condition condition;
    private final List<Phase> phases;
    private final Evaluator evaluator;
    private final @Nullable String quarantine;
    private final Set<String> eventTypes = new HashSet<>();
    private final Set<String> attributes = new HashSet<>();
    private volatile int size;
    private SegmentCost cost = new SegmentCost();

    SegmentPlan(
            DefinitionDocument entry,
            Condition condition,
            List<Phase> phases,
            Evaluator evaluator) {
        this.key = entry.segment();
        this.number = entry.number();
        this.revision = entry.revision();
        this.version = entry.version();
        this.active = entry.active();
        this.condition = condition;
        int first = 0;
        while (first + 1 < phases.size() && !phases.get(first).active()) {
            first++;
        }
        this.phases = List.copyOf(phases.subList(first, phases.size()));
        this.evaluator = evaluator;
        this.quarantine = entry.quarantine();
        for (var phase : phases) {
            var dependencies = evaluator.dependsOn(phase.condition());
            eventTypes.addAll(dependencies.eventTypes());
            attributes.addAll(dependencies.attributes());
        }
    }

    /** One that is not evaluated: it holds nobody, and nobody of it is asked. */
    static SegmentPlan inQuarantine(DefinitionDocument entry, Evaluator evaluator) {
        var nobody = new Condition.Any(List.of());
        return new SegmentPlan(
                entry,
                nobody,
                List.of(new Phase(Long.MIN_VALUE, entry.version(), false, nobody)),
                evaluator);
    }

    /** Why it is not evaluated, if it is not: memberships stay as they are. */
    public Optional<String> quarantine() {
        return Optional.ofNullable(quarantine);
    }

    /** Its key. */
    public SegmentKey key() {
        return key;
    }

    /** Its number in the partition and program. */
    int number() {
        return number;
    }

    /** The latest record applied. */
    public long revision() {
        return revision;
    }

    /** The present version. */
    public int version() {
        return version;
    }

    /** Whether somebody can be in it now. */
    public boolean active() {
        return active;
    }

    /** The present condition as it was written. */
    public Condition condition() {
        return condition;
    }

    /** Members of the partition inside, as published. */
    public int size() {
        return size;
    }

    /** Only the shard's thread calls this. */
    void size(int now) {
        size = now;
    }

    /** What evaluating it takes here. */
    SegmentCost cost() {
        return cost;
    }

    /** Takes over what was counted of the plan before; only the shard's thread calls this. */
    void continues(SegmentPlan before) {
        size = before.size;
        cost = before.cost;
    }

    /**
     * From when on memberships are recorded, in epoch milliseconds. What the first active phase
     * says is true of all time before it too, so that a present stay has the instant it really
     * began; but stays that were over by then are not recorded.
     */
    long recordedFrom() {
        return phases.getFirst().from();
    }

    /**
     * How far back a change of truth from {@code from} on has to be looked at: a stay that was over
     * when recording began, and was not recorded, may have become part of one that is.
     */
    long reach(long from) {
        return from <= recordedFrom() ? Long.MIN_VALUE : from;
    }

    boolean dependsOnEvent(String type) {
        return eventTypes.contains(type);
    }

    boolean dependsOnAttribute(String name) {
        return attributes.contains(name);
    }

    /**
     * The condition in force at {@code t}; before the first, the first. The present one as it was
     * written, an earlier one with the segments it referred to put in their places.
     */
    public Condition conditionAt(long t) {
        int at = phaseAt(t);
        return at == phases.size() - 1 ? condition : phases.get(at).condition();
    }

    /** The version in force at {@code t}; before the first, the first. */
    public int versionAt(long t) {
        return phases.get(phaseAt(t)).version();
    }

    /** Whether the member is inside at {@code t}; never before it was {@code born}. */
    public boolean holds(StoredHistory member, long t) {
        return holds(member.history(), member.born(), t);
    }

    /** A stay that a member is in the middle of. */
    public record Present(Instant since, int version) {}

    /** The stay that holds {@code t}, if the member is inside then; later events do not count. */
    public Optional<Present> stayAt(StoredHistory member, long t) {
        if (!holds(member, t)) {
            return Optional.empty();
        }
        var stays = stays(member.history(), member.born(), member.born(), t);
        return Optional.of(
                new Present(Instant.ofEpochMilli(stays.getLast().since()), versionAt(t)));
    }

    boolean holds(MemberHistory history, long born, long t) {
        int at = phaseAt(t);
        if (t < born || !phases.get(at).active()) {
            return false;
        }
        long begun = cost.begin();
        boolean matches =
                evaluator.matches(phases.get(at).condition(), history, Instant.ofEpochMilli(t));
        cost.end(begun);
        return matches;
    }

    /**
     * The next instant after {@code t} at which {@link #holds} may change, or {@link
     * MemberState#NEVER}.
     */
    long next(MemberHistory history, long born, long t) {
        int at = phaseAt(t);
        if (t < born) {
            return born;
        }
        long nextPhase = at + 1 < phases.size() ? phases.get(at + 1).from() : MemberState.NEVER;
        if (!phases.get(at).active()) {
            return nextPhase;
        }
        long begun = cost.begin();
        long next =
                evaluator
                        .nextPossibleFlip(
                                phases.get(at).condition(), history, Instant.ofEpochMilli(t))
                        .map(it -> Math.min(nextPhase, it.toEpochMilli()))
                        .orElse(nextPhase);
        cost.end(begun);
        return next;
    }

    /**
     * The member's stays within {@code [from, to]}, ascending, none touching the next; the first
     * begins at {@code from} if the member was inside already, the last is open if it is inside at
     * {@code to}.
     */
    List<Stay> stays(MemberHistory history, long born, long from, long to) {
        var stays = new ArrayList<Stay>();
        long begin = Math.max(from, born);
        int start = phaseAt(begin);
        for (int i = start; i < phases.size(); i++) {
            var phase = phases.get(i);
            long first = i == start ? begin : phase.from();
            boolean last = i + 1 == phases.size() || phases.get(i + 1).from() > to;
            long end = last ? to : phases.get(i + 1).from() - 1;
            if (phase.active() && first <= end) {
                long begun = cost.begin();
                var intervals =
                        evaluator.intervals(
                                phase.condition(),
                                history,
                                Instant.ofEpochMilli(first),
                                Instant.ofEpochMilli(end));
                cost.end(begun);
                for (var interval : intervals) {
                    var until = interval.until();
                    long open = last ? Stay.OPEN : end + 1;
                    append(
                            stays,
                            new Stay(
                                    interval.since().toEpochMilli(),
                                    until == null ? open : until.toEpochMilli()));
                }
            }
            if (last) {
                break;
            }
        }
        return stays;
    }

    private int phaseAt(long t) {
        int at = phases.size() - 1;
        while (at > 0 && phases.get(at).from() > t) {
            at--;
        }
        return at;
    }

    private static void append(List<Stay> stays, Stay next) {
        if (!stays.isEmpty() && stays.getLast().until() == next.since()) {
            stays.add(new Stay(stays.removeLast().since(), next.until()));
        } else {
            stays.add(next);
        }
    }
}
