package io.clientele.segmentation.membership;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.shard.LocalShard;
import io.clientele.segmentation.shard.SegmentPlan;
import io.clientele.segmentation.shard.ShardQuestion;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a member is in a segment or is not, by the version in force at the instant. */
@Singleton
final class ExplainQuestion implements ShardQuestion<ExplainQuestion.Asked, ExplainQuestion.Found> {
    /**
     * Who, in what.
     *
     * @param at a past instant; null: now
     */
    record Asked(MemberId member, SegmentKey segment, @Nullable Instant at) {}

    /**
     * Why.
     *
     * @param isKnown whether the program has the member
     * @param explained null: it has no such member, or no such segment
     */
    record Found(boolean isKnown, MembershipViews.@Nullable Explained explained) {}

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public Class<Asked> asked() {
        return Asked.class;
    }

    @Override
    public Class<Found> answered() {
        return Found.class;
    }

    @Override
    public Found answer(LocalShard shard, ProgramId program, Asked question) {
        var reading = shard.member(program, question.member());
        return new Found(
                reading.isPresent(),
                reading.flatMap(it ->
                                it.plan()
                                        .segment(question.segment())
                                        .map(segment -> explain(it, segment, question)))
                        .orElse(null));
    }

    private static MembershipViews.Explained explain(
            LocalShard.Reading reading, SegmentPlan segment, Asked question) {
        var instant = question.at() == null ? reading.asOf() : question.at();
        var explanation =
                reading.plan()
                        .evaluator()
                        .explain(
                                segment.conditionAt(instant.toEpochMilli()),
                                reading.stored().history(),
                                instant);
        var stay = segment.stayAt(reading.stored(), instant.toEpochMilli());
        return new MembershipViews.Explained(
                question.member(),
                segment.key(),
                segment.versionAt(instant.toEpochMilli()),
                stay.isPresent(),
                stay.map(it -> it.since()).orElse(null),
                explanation.matches(),
                explanation.text(),
                explanation.nextFlip(),
                explanation.root(),
                instant,
                instant);
    }
}
