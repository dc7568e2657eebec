package io.clientele.segmentation.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.Evaluator;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.program.SegmentConditions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All segments of a program as one partition has them. Immutable and thread-safe but for the sizes
 * in it; another definition makes another plan.
 */
public final class ProgramPlan {
    private final ProgramId program;
    private final long modelVersion;
    private final Evaluator evaluator;
    private final Map<SegmentKey, SegmentPlan> byKey;
    private final List<SegmentPlan> all;
    private final SegmentPlan[] byNumber;

    private ProgramPlan(
            ProgramId program,
            long modelVersion,
            Evaluator evaluator,
            Map<SegmentKey, SegmentPlan> byKey) {
        this.program = program;
        this.modelVersion = modelVersion;
        this.evaluator = evaluator;
        this.byKey = byKey;
        this.all = List.copyOf(byKey.values());
        this.byNumber = new SegmentPlan[all.size()];
        all.forEach(segment -> byNumber[segment.number()] = segment);
    }

    /**
     * Reads the definitions against what the program allows now, but for those in quarantine.
     *
     * @throws io.clientele.engine.InvalidConditionException if the program does not (yet) allow
     *     what another says
     */
    static ProgramPlan of(
            ProgramId program, Programs.Known known, Collection<DefinitionDocument> entries) {
        var conditions = conditions(known.model(), entries);
        var evaluator = new Evaluator(known.model().withSegments(conditions));
        var byKey = new TreeMap<SegmentKey, SegmentPlan>();
        for (var entry : entries) {
            if (entry.quarantine() != null) {
                byKey.put(entry.segment(), SegmentPlan.inQuarantine(entry, evaluator));
                continue;
            }
            var phases =
                    entry.phases().stream()
                            .map(phase ->
                                    new Phase(
                                            phase.from(),
                                            phase.version(),
                                            phase.active(),
                                            Conditions.read(phase.condition(), known.model())))
                            .toList();
            byKey.put(
                    entry.segment(),
                    new SegmentPlan(
                            entry,
                            Objects.requireNonNull(conditions.get(entry.segment().value())),
                            phases,
                            evaluator));
        }
        return new ProgramPlan(program, known.version(), evaluator, byKey);
    }

    /**
     * Those that the program does not allow now, each with why: another declaration may take back
     * what a condition speaks of.
     */
    static Map<SegmentKey, String> unfit(
            ProgramModel model, Collection<DefinitionDocument> entries) {
        var unfit = new TreeMap<SegmentKey, String>();
        SegmentConditions.unfit(model, present(entries))
                .forEach((key, why) ->
                        unfit.put(new SegmentKey(key), String.valueOf(why.getMessage())));
        for (var entry : entries) {
            if (entry.quarantine() == null && !unfit.containsKey(entry.segment())) {
                var phases = new LinkedHashMap<String, JsonNode>();
                entry.phases().forEach(it -> phases.put("" + it.from(), it.condition()));
                SegmentConditions.unfit(model, phases).values().stream()
                        .findFirst()
                        .ifPresent(why ->
                                unfit.put(entry.segment(), String.valueOf(why.getMessage())));
            }
        }
        return unfit;
    }

    private static Map<String, JsonNode> present(Collection<DefinitionDocument> entries) {
        var json = new LinkedHashMap<String, JsonNode>();
        for (var entry : entries) {
            if (entry.quarantine() == null) {
                json.put(entry.segment().value(), entry.condition());
            }
        }
        return json;
    }

    /** The present conditions by key, of segments that are not in quarantine. */
    static Map<String, Condition> conditions(
            ProgramModel model, Collection<DefinitionDocument> entries) {
        return SegmentConditions.read(model, present(entries));
    }

    /** Whose. */
    public ProgramId program() {
        return program;
    }

    long modelVersion() {
        return modelVersion;
    }

    /** What conditions may speak of, the segments included. */
    public ProgramModel model() {
        return evaluator.model();
    }

    /** Evaluates against {@link #model()}. */
    public Evaluator evaluator() {
        return evaluator;
    }

    /** In the order of their keys. */
    public List<SegmentPlan> segments() {
        return all;
    }

    /** Those that are evaluated: not in quarantine. */
    List<SegmentPlan> evaluated() {
        return all.stream().filter(segment -> segment.quarantine().isEmpty()).toList();
    }

    /** One segment, if this partition has its definition. */
    public Optional<SegmentPlan> segment(SegmentKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** The segment of that number in this partition. */
    SegmentPlan segment(int number) {
        return byNumber[number];
    }

    /** The segments whose verdict on a member the event can change. */
    List<SegmentPlan> affectedBy(MemberRecord.EventApplied event) {
        var affected = new ArrayList<SegmentPlan>();
        for (var segment : all) {
            if (segment.dependsOnEvent(event.type())
                    || event.changes().stream()
                            .anyMatch(change -> segment.dependsOnAttribute(change.name()))) {
                affected.add(segment);
            }
        }
        return affected;
    }

    /** The segments whose verdict on a member the changes can change. */
    List<SegmentPlan> affectedBy(List<AttributeChange> changes) {
        var affected = new ArrayList<SegmentPlan>();
        for (var segment : all) {
            if (changes.stream().anyMatch(change -> segment.dependsOnAttribute(change.name()))) {
                affected.add(segment);
            }
        }
        return affected;
    }
}
