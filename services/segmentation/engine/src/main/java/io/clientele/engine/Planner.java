package io.clientele.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes conditions ready. For one thread; what it makes is shared. */
final class Planner {
    private final ProgramModel model;
    private final Map<String, PlanNode> segments = new HashMap<>();

    Planner(ProgramModel model) {
        this.model = model;
    }

    PlanNode plan(Condition condition) {
        return plan(condition, "");
    }

    private PlanNode plan(Condition condition, String pointer) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) ->
                    new PlanNode.Combination(
                            pointer, condition, parts.size(), plan(parts, pointer + "/all/"));
            case Condition.Any(List<Condition> parts) ->
                    new PlanNode.Combination(pointer, condition, 1, plan(parts, pointer + "/any/"));
            case Condition.AtLeast(int count, List<Condition> parts) ->
                    new PlanNode.Combination(
                            pointer, condition, count, plan(parts, pointer + "/of/"));
            case Condition.Not(Condition part) ->
                    new PlanNode.Negation(pointer, condition, plan(part, pointer + "/not"));
            case Condition.Attribute leaf -> new PlanNode.AttributeLeaf(pointer, leaf, model);
            case Condition.Score leaf -> new ScoreLeaf(pointer, leaf);
            case Condition.Event leaf -> new PlanNode.EventLeaf(pointer, leaf, model);
            case Condition.Sample leaf -> new PlanNode.SampleLeaf(pointer, leaf);
            case Condition.Trend leaf -> new PlanNode.TrendLeaf(pointer, leaf, model);
            case Condition.Sequence leaf -> new SequenceLeaf(pointer, leaf, model);
            case Condition.Transition leaf -> new TransitionLeaf(pointer, leaf);
            case Condition.Segment(String key) -> {
                Condition target = model.segments().get(key);
                if (target == null) {
                    yield new PlanNode.SegmentLeaf(pointer, condition, null);
                }
                // The model has no circles, so this ends.
                PlanNode known = segments.get(key);
                if (known == null) {
                    known = plan(target, "");
                    segments.put(key, known);
                }
                yield new PlanNode.SegmentLeaf(pointer, condition, known);
            }
        };
    }

    private PlanNode[] plan(List<Condition> parts, String pointer) {
        PlanNode[] planned = new PlanNode[parts.size()];
        for (int i = 0; i < planned.length; i++) {
            planned[i] = plan(parts.get(i), pointer + i);
        }
        return planned;
    }
}
