package io.clientele.segmentation.shard;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How segments stand in a partition. */
@Singleton
final class StandingsQuestion
        implements ShardQuestion<StandingsQuestion.Asked, StandingsQuestion.Answer> {
    /** Of which segments. */
    record Asked(List<SegmentKey> segments) {}

    /** By segment; those that the partition has. */
    record Answer(Map<SegmentKey, ShardReader.Standing> standings) {}

    @Override
    public String name() {
        return "standings";
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
        var standings = new HashMap<SegmentKey, ShardReader.Standing>();
        shard.plan(program)
                .ifPresent(plan -> {
                    for (var key : question.segments()) {
                        plan.segment(key)
                                .ifPresent(segment ->
                                        standings.put(key, ShardReader.Standing.of(segment)));
                    }
                });
        return new Answer(standings);
    }
}
