package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Where;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which events count, made ready. Immutable and thread-safe. */
abstract class WherePlan {
    /** Whether the event, or the line of it, counts at the frame's instant. */
    abstract boolean test(StoredEvent event, int line, boolean negated, Frame frame);

    /** The earliest instant after the frame's at which the answer may be another. */
    abstract long next(StoredEvent event, int line, boolean negated, Frame frame);

    /** Whether the answer for one event may change with time. */
    abstract boolean isRelative();

    static WherePlan of(Where where, boolean memberZone) {
        return switch (where) {
            case Where.Property(String name, Comparison comparison) ->
                    new Leaf(name, ValueTest.of(comparison, memberZone));
            case Where.Not(Where part) -> new Combined(0, true, List.of(of(part, memberZone)));
            case Where.All(List<Where> parts) ->
                    new Combined(
                            parts.size(),
                            false,
                            parts.stream().map(part -> of(part, memberZone)).toList());
            case Where.Any(List<Where> parts) ->
                    new Combined(
                            1, false, parts.stream().map(part -> of(part, memberZone)).toList());
        };
    }

    /** A property of an event or line; of a return among what was spent, amounts are below zero. */
    static @Nullable Value property(StoredEvent event, int line, boolean negated, String name) {
        Value value = event.value(line, name);
        return negated && value instanceof Value.Num(long scaled) && isAmount(name)
                ? new Value.Num(-scaled)
                : value;
    }

    /** Whether a property of what was returned counts below zero among what was spent. */
    static boolean isAmount(String name) {
        return name.equals("amount") || name.equals("quantity") || name.equals("cost");
    }

    private static final class Leaf extends WherePlan {
        private final String name;
        private final ValueTest test;

        Leaf(String name, ValueTest test) {
            this.name = name;
            this.test = test;
        }

        @Override
        boolean test(StoredEvent event, int line, boolean negated, Frame frame) {
            Value value = property(event, line, negated, name);
            return value != null && test.test(value, frame);
        }

        @Override
        long next(StoredEvent event, int line, boolean negated, Frame frame) {
            Value value = property(event, line, negated, name);
            return value == null ? ValueTest.NEVER : test.next(value, frame);
        }

        @Override
        boolean isRelative() {
            return test.isRelative();
        }
    }

    /** True if at least so many parts are; or, negated, if no part is. */
    private static final class Combined extends WherePlan {
        private final int atLeast;
        private final boolean none;
        private final WherePlan[] parts;
        private final boolean relative;

        Combined(int atLeast, boolean none, List<WherePlan> parts) {
            this.atLeast = atLeast;
            this.none = none;
            this.parts = parts.toArray(WherePlan[]::new);
            this.relative = parts.stream().anyMatch(WherePlan::isRelative);
        }

        @Override
        boolean test(StoredEvent event, int line, boolean negated, Frame frame) {
            if (none) {
                return !parts[0].test(event, line, negated, frame);
            }
            int left = parts.length;
            int wanted = atLeast;
            for (WherePlan part : parts) {
                if (wanted == 0 || wanted > left) {
                    break;
                }
                if (part.test(event, line, negated, frame)) {
                    wanted--;
                }
                left--;
            }
            return wanted == 0;
        }

        @Override
        long next(StoredEvent event, int line, boolean negated, Frame frame) {
            long next = ValueTest.NEVER;
            for (WherePlan part : parts) {
                next = Math.min(next, part.next(event, line, negated, frame));
            }
            return next;
        }

        @Override
        boolean isRelative() {
            return relative;
        }
    }
}
