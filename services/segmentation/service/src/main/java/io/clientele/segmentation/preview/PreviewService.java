package io.clientele.segmentation.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.Evaluator;
import io.clientele.engine.InvalidConditionException;
import io.clientele.engine.PartCount;
import io.clientele.engine.PartCounter;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.segment.SegmentConditionProblems;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.ProgramPlan;
import io.clientele.segmentation.shard.ShardReader;
import io.clientele.segmentation.shard.StoredHistory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Counts a condition exactly, now or at a past instant, over every member the program has. Cost:
 * one verdict for each part and member, partitions in parallel.
 */
@ApplicationScoped
public class PreviewService {
    private static final int MOST_SAMPLED = 100;

    private final ShardReader shards;
    private final Programs programs;
    private final SegmentService segments;
    private final Clock clock;

    @Inject
    PreviewService(ShardReader shards, Programs programs, SegmentService segments, Clock clock) {
        this.shards = shards;
        this.programs = programs;
        this.segments = segments;
        this.clock = clock;
    }

    /** The counts that {@code request} asks for. */
    Preview preview(ProgramId program, PreviewRequest request) {
        long started = System.nanoTime();
        int sample = sample(request);
        var asOf = shards.asOf();
        var at = at(request, asOf);
        var model = model(program);
        var condition = condition(request, model);
        var evaluator = new Evaluator(model);
        var compared =
                request.comparedWith() == null
                        ? null
                        : compared(program, request.comparedWith(), model);
        var counts =
                shards.visit(program, () -> new Count(evaluator, condition, compared, at, sample));
        return sum(counts, at, sample, compared != null, started);
    }

    private static Preview sum(
            List<Counted> counts, Instant at, int sample, boolean isCompared, long started) {
        long count = 0;
        long population = 0;
        long entered = 0;
        long left = 0;
        List<PartCount> parts = List.of();
        var sampled = new ArrayList<MemberId>();
        for (var part : counts) {
            count += part.count();
            population += part.population();
            entered += part.entered();
            left += part.left();
            sampled.addAll(part.sample());
            parts = parts.isEmpty() ? part.parts() : plus(parts, part.parts());
        }
        sampled.sort(Count.ORDER);
        return new Preview(
                count,
                population,
                at,
                at,
                parts.stream()
                        .map(part ->
                                new Preview.Part(
                                        part.pointer(), part.count(), part.without(), part.unset()))
                        .toList(),
                sampled.stream().limit(sample).map(Preview.Sampled::new).toList(),
                (System.nanoTime() - started) / 1_000_000,
                isCompared ? entered : null,
                isCompared ? left : null);
    }

    private static List<PartCount> plus(List<PartCount> one, List<PartCount> other) {
        var sum = new ArrayList<PartCount>();
        for (int i = 0; i < one.size(); i++) {
            sum.add(one.get(i).plus(other.get(i)));
        }
        return sum;
    }

    private record Counted(
            long count,
            long population,
            long entered,
            long left,
            List<PartCount> parts,
            List<MemberId> sample) {}

    /** Counts one partition. */
    private static final class Count implements ShardReader.Visitor<Counted> {
        /** As good as drawn, and the same for the same members. */
        private static final Comparator<MemberId> ORDER =
                Comparator.comparingLong(Count::lot).thenComparing(Comparator.naturalOrder());

        private final Evaluator evaluator;
        private final PartCounter counter;
        private final @Nullable Condition compared;
        private final Instant at;
        private final int wanted;
        private final PriorityQueue<MemberId> sample = new PriorityQueue<>(ORDER.reversed());
        private long entered;
        private long left;

        private Count(
                Evaluator evaluator,
                Condition condition,
                @Nullable Condition compared,
                Instant at,
                int wanted) {
            this.evaluator = evaluator;
            this.counter = evaluator.partCounter(condition);
            this.compared = compared;
            this.at = at;
            this.wanted = wanted;
        }

        @Override
        public void visit(MemberId member, StoredHistory stored) {
            if (stored.born() > at.toEpochMilli()) {
                return;
            }
            boolean matches = counter.add(stored.history(), at);
            if (matches && wanted > 0) {
                sample.add(member);
                if (sample.size() > wanted) {
                    sample.remove();
                }
            }
            if (compared != null) {
                boolean was = evaluator.matches(compared, stored.history(), at);
                entered += matches && !was ? 1 : 0;
                left += was && !matches ? 1 : 0;
            }
        }

        @Override
        public Counted result() {
            return new Counted(
                    counter.matching(),
                    counter.members(),
                    entered,
                    left,
                    counter.parts(),
                    List.copyOf(sample));
        }

        private static long lot(MemberId member) {
            var sum = new CRC32();
            sum.update(member.value().getBytes(StandardCharsets.UTF_8));
            return sum.getValue();
        }
    }

    private Instant at(PreviewRequest request, Instant asOf) {
        if (request.at() == null) {
            return asOf;
        }
        var at = request.at().truncatedTo(ChronoUnit.MILLIS);
        if (at.isAfter(clock.instant())) {
            throw new RequestException(
                    SegmentationError.INSTANT_INVALID,
                    "What will be cannot be counted: \"at\" is not later than now.",
                    List.of(new FieldError("/at", "expected an instant not later than now")));
        }
        return at;
    }

    private static int sample(PreviewRequest request) {
        int sample = request.sample() == null ? 0 : request.sample();
        if (sample < 0 || sample > MOST_SAMPLED) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "sample is from 0 to " + MOST_SAMPLED + ", was " + sample + ".",
                    List.of(new FieldError("/sample", "expected 0 to " + MOST_SAMPLED)));
        }
        return sample;
    }

    private static Condition condition(PreviewRequest request, ProgramModel model) {
        if (request.condition() == null) {
            throw new RequestException(
                    SegmentationError.CONDITION_INVALID,
                    "A preview needs a condition.",
                    List.of(new FieldError("/condition", "expected an object")));
        }
        JsonNode json = Json.mapper().valueToTree(request.condition());
        try {
            return Conditions.read(json, model);
        } catch (InvalidConditionException e) {
            throw SegmentConditionProblems.of(e, "/condition");
        }
    }

    private Condition compared(ProgramId program, String key, ProgramModel model) {
        var segment = segments.find(program, SegmentService.key(key));
        try {
            return Conditions.read(Json.mapper().valueToTree(segment.condition()), model);
        } catch (InvalidConditionException e) {
            throw SegmentConditionProblems.of(e, "/comparedWith");
        }
    }

    /** The program with the segments as the shards have them. */
    private ProgramModel model(ProgramId program) {
        var known =
                programs.find(program)
                        .orElseThrow(() ->
                                new TransientException(
                                        SegmentationError.PROGRAM_NOT_READY,
                                        "The settings of program "
                                                + program
                                                + " have not arrived here yet.",
                                        null));
        return known.model()
                .withSegments(
                        shards.plan(program)
                                .map(ProgramPlan::model)
                                .map(ProgramModel::segments)
                                .orElse(Map.of()));
    }
}
