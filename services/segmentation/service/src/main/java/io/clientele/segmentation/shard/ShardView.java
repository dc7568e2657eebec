package io.clientele.segmentation.shard;

import io.clientele.contracts.ProgramId;
import io.clientele.engine.Snapshot;
import java.util.Map;
import java.util.Optional;

/** What readers may know of a running shard. The shard's thread writes, any thread reads. */
public final class ShardView {
    private final int partition;
    private final Runnable changed;
    private volatile long clock;
    private volatile long asOf;
    private volatile Map<ProgramId, ProgramPlan> plans = Map.of();
    private volatile Map<ProgramId, MemberColumns> columns = Map.of();

    /**
     * @param changed called when segments changed
     */
    ShardView(int partition, Runnable changed) {
        this.partition = partition;
        this.changed = changed;
    }

    /** The partition of all topics keyed by member. */
    public int partition() {
        return partition;
    }

    /** The shard's clock, in epoch milliseconds; 0 before its first record. */
    public long clock() {
        return clock;
    }

    /** The instant that the published memberships are true of; at most {@link #clock()}. */
    public long asOf() {
        return asOf;
    }

    /** A program's segments here, or empty if the partition has seen nothing of the program. */
    public Optional<ProgramPlan> plan(ProgramId program) {
        return Optional.ofNullable(plans.get(program));
    }

    /** The segments here of every program that the partition has seen anything of. */
    Map<ProgramId, ProgramPlan> plans() {
        return plans;
    }

    /** How many segments of all programs are in quarantine here. */
    public long quarantined() {
        return plans.values().stream()
                .flatMap(plan -> plan.segments().stream())
                .filter(segment -> segment.quarantine().isPresent())
                .count();
    }

    /** A program's members here as columns, as of now; empty if there are none. */
    Optional<Snapshot> snapshot(ProgramId program) {
        return Optional.ofNullable(columns.get(program)).map(known -> known.snapshot(clock));
    }

    void columns(Map<ProgramId, MemberColumns> now) {
        columns = Map.copyOf(now);
    }

    void time(long clock, long nextDue) {
        this.clock = clock;
        this.asOf = Math.min(clock, nextDue - 1);
    }

    void plans(Map<ProgramId, ProgramPlan> now) {
        plans = Map.copyOf(now);
        changed.run();
    }
}
