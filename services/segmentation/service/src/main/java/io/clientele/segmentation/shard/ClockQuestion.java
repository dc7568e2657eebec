package io.clientele.segmentation.shard;

import io.clientele.contracts.ProgramId;
import jakarta.inject.Singleton;

/** How far a partition's clock is. */
@Singleton
public final class ClockQuestion
        implements ShardQuestion<ClockQuestion.Asked, ClockQuestion.Answer> {
    /** Nothing more. */
    public record Asked() {}

    /** In epoch milliseconds; a clock of 0 has not begun. */
    public record Answer(long clock, long asOf) {}

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Class<Asked> asked() {
        return Asked.class;
    }

    @Override
    public Class<Answer> answered() {
        return Answer.class;
    }

    @Override
    public Answer answer(LocalShard shard, ProgramId program, Asked question) {
        return new Answer(shard.clock(), shard.asOf().toEpochMilli());
    }
}
