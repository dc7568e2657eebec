package io.clientele.segmentation.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.segment.Segment;
import io.clientele.segmentation.segment.SegmentConditionProblems;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts who is in two segments at once, exactly, over every member. Cost: that of {@link
 * OverlapQuestion}, partitions in parallel.
 */
@ApplicationScoped
class OverlapService {
    private static final int FEWEST = 2;
    private static final int MOST = 50;

    private final ShardReader shards;
    private final OverlapQuestion question;
    private final PresentModels models;
    private final SegmentService segments;

    @Inject
    OverlapService(
            ShardReader shards,
            OverlapQuestion question,
            PresentModels models,
            SegmentService segments) {
        this.shards = shards;
        this.question = question;
        this.models = models;
        this.segments = segments;
    }

    /** The counts that {@code request} asks for. */
    Overlap overlap(ProgramId program, OverlapRequest request) {
        long started = System.nanoTime();
        var asked = segments(program, request.segments());
        var at = shards.asOf(program);
        var model = models.of(program);
        var conditions = new ArrayList<JsonNode>();
        for (int i = 0; i < asked.size(); i++) {
            conditions.add(
                    SegmentConditionProblems.check(
                            asked.get(i).effectiveCondition(), model, "/segments/" + i));
        }
        var counted =
                shards.ask(
                        question,
                        program,
                        new OverlapQuestion.Asked(ConditionsDocument.of(conditions, model), at));
        return overlap(asked, counted, at, started);
    }

    private List<Segment> segments(ProgramId program, @Nullable List<@Nullable String> keys) {
        if (keys == null || keys.size() < FEWEST || keys.size() > MOST) {
            throw invalid("/segments", "expected " + FEWEST + " to " + MOST + " keys of segments");
        }
        var seen = new TreeSet<String>();
        var found = new ArrayList<Segment>();
        for (int i = 0; i < keys.size(); i++) {
            var key = keys.get(i);
            if (key == null || !seen.add(key)) {
                throw invalid("/segments/" + i, "expected the key of another segment");
            }
            found.add(segments.find(program, SegmentService.key(key)));
        }
        return found;
    }

    private static RequestException invalid(String pointer, String expected) {
        return new RequestException(
                SegmentationError.SEGMENT_INVALID,
                "An overlap needs " + FEWEST + " to " + MOST + " different segments.",
                List.of(new FieldError(pointer, expected)));
    }

    private static Overlap overlap(
            List<Segment> asked, List<OverlapQuestion.Counted> counted, Instant at, long started) {
        int size = asked.size();
        long[][] shared = new long[size][size];
        long population = 0;
        for (var each : counted) {
            population += each.population();
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    shared[i][j] += each.shared()[i][j];
                }
            }
        }
        var segments = new ArrayList<Overlap.Counted>();
        var pairs = new ArrayList<Overlap.Pair>();
        for (int i = 0; i < size; i++) {
            segments.add(
                    new Overlap.Counted(asked.get(i).key(), asked.get(i).version(), shared[i][i]));
            for (int j = i + 1; j < size; j++) {
                long both = shared[i][j];
                pairs.add(
                        new Overlap.Pair(
                                asked.get(i).key(),
                                asked.get(j).key(),
                                both,
                                share(both, shared[i][i]),
                                share(both, shared[j][j]),
                                share(both, shared[i][i] + shared[j][j] - both)));
            }
        }
        return new Overlap(
                at, population, segments, pairs, (System.nanoTime() - started) / 1_000_000);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
