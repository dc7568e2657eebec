package io.clientele.segmentation.shard;

import io.clientele.engine.Condition;
import java.util.List;
import java.util.Map;

/** Puts the conditions of segments in the places that refer to them. */
final class Expansion {
    private Expansion() {}

    /**
     * The condition with each segment it refers to replaced by that segment's condition. A segment
     * that is not in {@code segments} has nobody in it. The references must be free of circles.
     */
    static Condition expand(Condition condition, Map<String, Condition> segments) {
        return switch (condition) {
            case Condition.All all -> new Condition.All(expand(all.parts(), segments));
            case Condition.Any any -> new Condition.Any(expand(any.parts(), segments));
            case Condition.AtLeast some ->
                    new Condition.AtLeast(some.count(), expand(some.parts(), segments));
            case Condition.Not not -> new Condition.Not(expand(not.part(), segments));
            case Condition.Segment segment -> {
                var other = segments.get(segment.key());
                yield other == null ? new Condition.Any(List.of()) : expand(other, segments);
            }
            case Condition.Attribute attribute -> attribute;
            case Condition.Score score -> score;
            case Condition.Event event -> event;
            case Condition.Sample sample -> sample;
            case Condition.Trend trend -> trend;
            case Condition.Sequence sequence -> sequence;
            case Condition.Transition transition -> transition;
        };
    }

    private static List<Condition> expand(List<Condition> parts, Map<String, Condition> segments) {
        return parts.stream().map(part -> expand(part, segments)).toList();
    }
}
