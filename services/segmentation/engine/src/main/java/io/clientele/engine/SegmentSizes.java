package io.clientele.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How large conditions are with the segments they refer to. There are no circles among those. For
 * one thread.
 */
final class SegmentSizes {
    /**
     * A size.
     *
     * @param leaves at most 10^15, a cap that no sum of sums overflows
     * @param levels of combinations and references, the condition itself included
     */
    record Size(long leaves, int levels) {}

    private static final long MOST = 1_000_000_000_000_000L;

    private final Map<String, Condition> segments;
    private final Map<String, Size> known = new HashMap<>();

    SegmentSizes(Map<String, Condition> segments) {
        this.segments = segments;
    }

    Size of(String key) {
        Size size = known.get(key);
        if (size == null) {
            @Nullable Condition condition = segments.get(key);
            size = condition == null ? new Size(1, 1) : of(condition);
            known.put(key, size);
        }
        return size;
    }

    Size of(Condition condition) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) -> of(parts);
            case Condition.Any(List<Condition> parts) -> of(parts);
            case Condition.AtLeast(int _, List<Condition> parts) -> of(parts);
            case Condition.Not(Condition part) -> of(List.of(part));
            case Condition.Segment(String key) -> {
                Size size = of(key);
                yield new Size(Math.max(1, size.leaves()), size.levels() + 1);
            }
            case Condition.Attribute _ -> new Size(1, 1);
            case Condition.Score _ -> new Size(1, 1);
            case Condition.Event _ -> new Size(1, 1);
            case Condition.Sample _ -> new Size(1, 1);
            case Condition.Trend _ -> new Size(1, 1);
            case Condition.Sequence _ -> new Size(1, 1);
            // What was recorded of the segment is looked at, not what it refers to.
            case Condition.Transition _ -> new Size(1, 1);
        };
    }

    private Size of(List<Condition> parts) {
        long leaves = 0;
        int levels = 0;
        for (Condition part : parts) {
            Size size = of(part);
            leaves = Math.min(MOST, leaves + size.leaves());
            levels = Math.max(levels, size.levels());
        }
        return new Size(leaves, levels + 1);
    }
}
