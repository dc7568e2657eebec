package io.clientele.segmentation.membership;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.shard.LocalShard;
import io.clientele.segmentation.shard.ShardQuestion;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Which segments a member is in. */
@Singleton
final class StandingQuestion
        implements ShardQuestion<StandingQuestion.Asked, StandingQuestion.Found> {
    /** Who. */
    record Asked(MemberId member) {}

    /**
     * Where the member stands.
     *
     * @param segments null: the program has no such member
     */
    record Found(MembershipViews.@Nullable Segments segments) {}

    @Override
    public String name() {
        return "standing";
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
        return new Found(
                shard.member(program, question.member())
                        .map(reading ->
                                new MembershipViews.Segments(
                                        question.member(),
                                        reading.standings().stream()
                                                .map(StandingQuestion::view)
                                                .toList(),
                                        reading.asOf()))
                        .orElse(null));
    }

    private static MembershipViews.Current view(LocalShard.Standing standing) {
        return new MembershipViews.Current(
                standing.segment().key(),
                standing.since(),
                standing.version(),
                standing.nextChange().orElse(null));
    }
}
