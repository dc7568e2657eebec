package io.clientele.segmentation.membership;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.shard.LocalShard;
import io.clientele.segmentation.shard.ShardQuestion;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who of a partition is in a segment, in the order of ids (as UTF-8). Cost: now, the members up to
 * the last one named; at a past instant, an evaluation of every member.
 */
@Singleton
final class InsideQuestion implements ShardQuestion<InsideQuestion.Asked, InsideQuestion.Found> {
    /**
     * In which segment.
     *
     * @param at a past instant; null: now
     * @param after the last id not to be named, or null
     * @param limit name at most so many
     */
    record Asked(SegmentKey segment, @Nullable Instant at, @Nullable String after, int limit) {}

    /** Who is. */
    record Found(List<MembershipViews.Inside> members) {}

    @Override
    public String name() {
        return "inside";
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
        var at = question.at();
        return new Found(
                at == null ? now(shard, program, question) : at(shard, program, question, at));
    }

    private static List<MembershipViews.Inside> now(
            LocalShard shard, ProgramId program, Asked question) {
        var found = new ArrayList<MembershipViews.Inside>();
        shard.inside(
                program,
                question.segment(),
                question.after(),
                (member, present) -> {
                    found.add(
                            new MembershipViews.Inside(member, present.since(), present.version()));
                    return found.size() < question.limit();
                });
        return found;
    }

    private static List<MembershipViews.Inside> at(
            LocalShard shard, ProgramId program, Asked question, Instant at) {
        var found = new ArrayList<MembershipViews.Inside>();
        var segment = shard.plan(program).flatMap(plan -> plan.segment(question.segment()));
        if (segment.isEmpty()) {
            return found;
        }
        var after = question.after();
        byte[] last = after == null ? null : utf8(after);
        shard.forEach(
                program,
                (member, stored) -> {
                    boolean isShown =
                            last == null || Arrays.compareUnsigned(utf8(member.value()), last) > 0;
                    if (isShown && found.size() < question.limit()) {
                        segment.get()
                                .stayAt(stored, at.toEpochMilli())
                                .ifPresent(stay ->
                                        found.add(
                                                new MembershipViews.Inside(
                                                        member, stay.since(), stay.version())));
                    }
                });
        return found;
    }

    private static byte[] utf8(String id) {
        return id.getBytes(StandardCharsets.UTF_8);
    }
}
