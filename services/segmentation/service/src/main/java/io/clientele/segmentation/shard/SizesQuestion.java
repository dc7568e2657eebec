package io.clientele.segmentation.shard;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many members of a partition are in segments now, as published, and which are set aside. */
@Singleton
final class SizesQuestion implements ShardQuestion<SizesQuestion.Asked, SizesQuestion.Answer> {
    /** Of which segments. */
    record Asked(List<SegmentKey> segments) {}

    /**
     * By segment; those that the partition has.
     *
     * @param quarantine why one is not evaluated
     */
    record Answer(Map<SegmentKey, Long> sizes, Map<SegmentKey, String> quarantine) {}

    @Override
    public String name() {
        return "sizes";
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
        var sizes = new HashMap<SegmentKey, Long>();
        var quarantine = new HashMap<SegmentKey, String>();
        shard.plan(program)
                .ifPresent(plan -> {
                    for (var key : question.segments()) {
                        plan.segment(key)
                                .ifPresent(segment -> {
                                    sizes.put(key, (long) segment.size());
                                    segment.quarantine().ifPresent(why -> quarantine.put(key, why));
                                });
                    }
                });
        return new Answer(sizes, quarantine);
    }
}
