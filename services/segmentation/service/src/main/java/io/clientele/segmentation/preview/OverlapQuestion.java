package io.clientele.segmentation.preview;

import io.clientele.contracts.ProgramId;
import io.clientele.engine.Condition;
import io.clientele.engine.Snapshot;
import io.clientele.segmentation.shard.LocalShard;
import io.clientele.segmentation.shard.ShardQuestion;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/**
 * Counts who of a partition satisfies two conditions at once. Cost: that of {@link
 * Snapshot#overlap}.
 */
@Singleton
final class OverlapQuestion
        implements ShardQuestion<OverlapQuestion.Asked, OverlapQuestion.Counted> {
    /** Of which conditions. */
    record Asked(ConditionsDocument conditions, Instant at) {}

    /**
     * What a partition counted.
     *
     * @param shared in the order of the conditions, the diagonal who satisfies the one
     */
    record Counted(long population, long[][] shared) {}

    @Override
    public String name() {
        return "overlap";
    }

    @Override
    public Class<Asked> asked() {
        return Asked.class;
    }

    @Override
    public Class<Counted> answered() {
        return Counted.class;
    }

    @Override
    public Counted answer(LocalShard shard, ProgramId program, Asked question) {
        int size = question.conditions().conditions().size();
        return shard.snapshot(program)
                .map(question.conditions()::read)
                .map(read ->
                        new Counted(
                                read.members()
                                        .count(new Condition.All(List.of()), question.at(), 1),
                                read.members().overlap(read.conditions(), question.at(), 1)))
                .orElseGet(() -> new Counted(0, new long[size][size]));
    }
}
