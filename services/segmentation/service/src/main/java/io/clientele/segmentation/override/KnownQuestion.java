package io.clientele.segmentation.override;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.shard.LocalShard;
import io.clientele.segmentation.shard.ShardQuestion;
import jakarta.inject.Singleton;
import java.util.List;

/** Which of some members a partition has. Cost: a look into the store for each. */
@Singleton
final class KnownQuestion implements ShardQuestion<KnownQuestion.Asked, KnownQuestion.Found> {
    /** Whom. */
    record Asked(List<MemberId> members) {}

    /** Those it has. */
    record Found(List<MemberId> members) {}

    @Override
    public String name() {
        return "known";
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
                question.members().stream()
                        .filter(member -> shard.isKnown(program, member))
                        .toList());
    }
}
