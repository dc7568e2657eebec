package io.clientele.segmentation.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.InvalidConditionException;
import io.clientele.engine.PartCount;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.Shard;
import io.clientele.engine.Snapshot;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.segment.SegmentConditionProblems;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Counts a condition exactly, now or at a past instant, over every member the program has. Cost:
 * that of {@link Snapshot#parts}, partitions in parallel; for a sample, a hash of the id of each
 * member counted.
 */
@ApplicationScoped
public class PreviewService {
    private static final int MOST_SAMPLED = 100;
    private static final Comparator<MemberId> ORDER =
            Comparator.comparingLong(PreviewService::lot).thenComparing(Comparator.naturalOrder());

    private final ShardReader shards;
    private final PresentModels models;
    private final SegmentService segments;
    private final Clock clock;

    @Inject
    PreviewService(ShardReader shards, PresentModels models, SegmentService segments, Clock clock) {
        this.shards = shards;
        this.models = models;
        this.segments = segments;
        this.clock = clock;
    }

    /** The counts that {@code request} asks for. */
    Preview preview(ProgramId program, PreviewRequest request) {
        long started = System.nanoTime();
        int sample = sample(request);
        var asOf = shards.asOf();
        var at = at(request, asOf);
        var model = models.of(program);
        var condition = condition(request, model);
        var compared =
                request.comparedWith() == null
                        ? null
                        : compared(program, request.comparedWith(), model);
        Function<Snapshot, Counted> question =
                members ->
                        count(
                                members.withSegments(model.segments()),
                                condition,
                                compared,
                                at,
                                sample);
        var counted = shards.ask(program, question);
        if (counted.isEmpty()) {
            counted = List.of(question.apply(new Shard(model).snapshot()));
        }
        return sum(counted, at, sample, compared != null, started);
    }

    private record Counted(Snapshot.Parts whole, long entered, long left, List<MemberId> sample) {}

    private static Counted count(
            Snapshot members,
            Condition condition,
            @Nullable Condition compared,
            Instant at,
            int sample) {
        var whole = members.parts(condition, at, 1);
        var inside = whole.members();
        long entered = 0;
        long left = 0;
        if (compared != null) {
            var before = members.members(compared, at, 1);
            entered = RoaringBitmap.andNotCardinality(inside, before);
            left = RoaringBitmap.andNotCardinality(before, inside);
        }
        return new Counted(whole, entered, left, sample(members, inside, sample));
    }

    /** As good as drawn, and the same for the same members. */
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

    private static Preview sum(
            List<Counted> counted, Instant at, int sample, boolean isCompared, long started) {
        long count = 0;
        long population = 0;
        long entered = 0;
        long left = 0;
        List<PartCount> parts = List.of();
        var sampled = new ArrayList<MemberId>();
        for (var each : counted) {
            count += each.whole().members().getLongCardinality();
            population += each.whole().population();
            entered += each.entered();
            left += each.left();
            sampled.addAll(each.sample());
            parts = parts.isEmpty() ? each.whole().parts() : plus(parts, each.whole().parts());
        }
        sampled.sort(ORDER);
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

    private static long lot(MemberId member) {
        var sum = new CRC32();
        sum.update(member.value().getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
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
}
