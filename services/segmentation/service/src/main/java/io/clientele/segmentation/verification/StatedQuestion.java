package io.clientele.segmentation.verification;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.shard.LocalShard;
import io.clientele.segmentation.shard.ShardQuestion;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.zip.CRC32;

/**
 * What a partition says of members: whether they are in a segment now, and how many events it has
 * of them. Cost: a look into the stores for each; to draw them, a pass over all.
 */
@Singleton
final class StatedQuestion implements ShardQuestion<StatedQuestion.Asked, StatedQuestion.Answer> {
    private static final Comparator<MemberId> BY_LOT =
            Comparator.comparingLong(StatedQuestion::lot).thenComparing(Comparator.naturalOrder());

    /**
     * Of whom.
     *
     * @param members these, as far as they are here; empty: {@code draw} of them by lot
     */
    record Asked(SegmentKey segment, List<MemberId> members, int draw) {}

    /**
     * What is said.
     *
     * @param asOf the instant that it is true of
     */
    record Answer(Instant asOf, List<Stated> members) {}

    /** Of one member. */
    record Stated(MemberId member, boolean isInside, int events, long eventSum) {}

    @Override
    public String name() {
        return "stated";
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
        var members =
                question.members().isEmpty()
                        ? draw(shard, program, question.draw())
                        : question.members();
        var asOf = shard.asOf();
        var stated = new ArrayList<Stated>();
        for (var member : members) {
            shard.member(program, member)
                    .ifPresent(reading ->
                            stated.add(
                                    new Stated(
                                            member,
                                            reading.standings().stream()
                                                    .anyMatch(it ->
                                                            it.segment()
                                                                    .key()
                                                                    .equals(question.segment())),
                                            reading.stored().history().eventCount(),
                                            reading.stored().history().eventSum())));
        }
        return new Answer(asOf, stated);
    }

    private static List<MemberId> draw(LocalShard shard, ProgramId program, int wanted) {
        var drawn = new PriorityQueue<>(BY_LOT.reversed());
        shard.forEach(
                program,
                (member, stored) -> {
                    drawn.add(member);
                    if (drawn.size() > wanted) {
                        drawn.remove();
                    }
                });
        return List.copyOf(drawn);
    }

    private static long lot(MemberId member) {
        var sum = new CRC32();
        sum.update(member.value().getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }
}
