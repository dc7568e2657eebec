package io.clientele.segmentation.preview;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.engine.PartCount;
import io.clientele.engine.Shard;
import io.clientele.engine.Snapshot;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.shard.LocalShard;
import io.clientele.segmentation.shard.ShardQuestion;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.zip.CRC32;
import org.roaringbitmap.RoaringBitmap;

/**
 * Counts a condition over the members of a partition. Cost: that of {@link Snapshot#parts}; for a
 * sample, a hash of the id of each member counted.
 */
@Singleton
final class PreviewQuestion
        implements ShardQuestion<PreviewQuestion.Asked, PreviewQuestion.Counted> {
    /** As good as drawn, and the same for the same members. */
    static final Comparator<MemberId> ORDER =
            Comparator.comparingLong(PreviewQuestion::lot).thenComparing(Comparator.naturalOrder());

    private final Programs programs;

    @Inject
    PreviewQuestion(Programs programs) {
        this.programs = programs;
    }

    /**
     * What is counted.
     *
     * @param conditions the condition; and, if there are two, the one it is compared with
     * @param sample how many members to name at most
     */
    record Asked(ConditionsDocument conditions, Instant at, int sample) {}

    /** What a partition counted. */
    record Counted(
            long count,
            long population,
            List<PartCount> parts,
            long entered,
            long left,
            List<MemberId> sample) {}

    @Override
    public String name() {
        return "preview";
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
        var read =
                question.conditions()
                        .read(
                                shard.snapshot(program)
                                        .orElseGet(() ->
                                                new Shard(programs.get(program).model())
                                                        .snapshot()));
        var members = read.members();
        var whole = members.parts(read.conditions().getFirst(), question.at(), 1);
        var inside = whole.members();
        long entered = 0;
        long left = 0;
        if (read.conditions().size() > 1) {
            var before = members.members(read.conditions().get(1), question.at(), 1);
            entered = RoaringBitmap.andNotCardinality(inside, before);
            left = RoaringBitmap.andNotCardinality(before, inside);
        }
        return new Counted(
                inside.getLongCardinality(),
                whole.population(),
                whole.parts(),
                entered,
                left,
                sample(members, inside, question.sample()));
    }

    private static List<MemberId> sample(Snapshot members, RoaringBitmap inside, int wanted) {
        var sample = new PriorityQueue<>(ORDER.reversed());
        if (wanted > 0) {
            inside.forEach((int ordinal) -> {
                sample.add(new MemberId(members.id(ordinal)));
                if (sample.size() > wanted) {
                    sample.remove();
                }
            });
        }
        return List.copyOf(sample);
    }

    private static long lot(MemberId member) {
        var sum = new CRC32();
        sum.update(member.value().getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }
}
