package io.clientele.segmentation.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.engine.PartCount;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.segment.SegmentConditionProblems;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts a condition exactly, now or at a past instant, over every member the program has. Cost:
 * that of {@link PreviewQuestion}, partitions in parallel.
 */
@ApplicationScoped
public class PreviewService {
    private static final int MOST_SAMPLED = 100;
    private final ShardReader shards;
    private final PreviewQuestion question;
    private final PresentModels models;
    private final SegmentService segments;
    private final Clock clock;

    @Inject
    PreviewService(
            ShardReader shards,
            PreviewQuestion question,
            PresentModels models,
            SegmentService segments,
            Clock clock) {
        this.shards = shards;
        this.question = question;
        this.models = models;
        this.segments = segments;
        this.clock = clock;
    }

    /** The counts that {@code request} asks for. */
    Preview preview(ProgramId program, PreviewRequest request) {
        long started = System.nanoTime();
        int sample = sample(request);
        var at = at(request, shards.asOf(program));
        var model = models.of(program);
        var conditions = new ArrayList<JsonNode>();
        conditions.add(condition(request, model));
        if (request.comparedWith() != null) {
            conditions.add(compared(program, request.comparedWith(), model));
        }
        var counted =
                shards.ask(
                        question,
                        program,
                        new PreviewQuestion.Asked(
                                ConditionsDocument.of(conditions, model), at, sample));
        return sum(counted, at, sample, conditions.size() > 1, started);
    }

    private static Preview sum(
            List<PreviewQuestion.Counted> counted,
            Instant at,
            int sample,
            boolean isCompared,
            long started) {
        long count = 0;
        long population = 0;
        long entered = 0;
        long left = 0;
        List<PartCount> parts = List.of();
        var sampled = new ArrayList<MemberId>();
        for (var each : counted) {
            count += each.count();
            population += each.population();
            entered += each.entered();
            left += each.left();
            sampled.addAll(each.sample());
            parts = parts.isEmpty() ? each.parts() : plus(parts, each.parts());
        }
        sampled.sort(PreviewQuestion.ORDER);
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

    private static JsonNode condition(PreviewRequest request, ProgramModel model) {
        if (request.condition() == null) {
            throw new RequestException(
                    SegmentationError.CONDITION_INVALID,
                    "A preview needs a condition.",
                    List.of(new FieldError("/condition", "expected an object")));
        }
        return SegmentConditionProblems.check(request.condition(), model, "/condition");
    }

    private JsonNode compared(ProgramId program, String key, ProgramModel model) {
        var segment = segments.find(program, SegmentService.key(key));
        return SegmentConditionProblems.check(segment.effectiveCondition(), model, "/comparedWith");
    }
}
