package io.clientele.segmentation.shard;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import jakarta.inject.Singleton;

/** Which record of a segment's definition a partition has applied last. */
@Singleton
final class RevisionQuestion
        implements ShardQuestion<RevisionQuestion.Asked, RevisionQuestion.Answer> {
    /** Of which segment. */
    record Asked(SegmentKey segment) {}

    /** 0: none. */
    record Answer(long revision) {}

    @Override
    public String name() {
        return "revision";
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
        return new Answer(
                shard.plan(program)
                        .flatMap(plan -> plan.segment(question.segment()))
                        .map(SegmentPlan::revision)
                        .orElse(0L));
    }
}
