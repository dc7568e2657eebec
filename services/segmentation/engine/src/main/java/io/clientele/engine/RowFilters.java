package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Where;
import io.clientele.engine.internal.column.CodeColumn;
import io.clientele.engine.internal.column.Dictionary;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.exec.RowFilter;
import java.util.Arrays;
import java.util.List;

/** Makes a {@link Where} ready for the rows of a log. */
final class RowFilters {
    private RowFilters() {}

    /** Events whose property has one of several values; judges each value once, when it comes. */
    private static final class LiveCodes extends RowFilter {
        private final int property;
        private final Dictionary<Value> values;
        private final ValueTest test;
        private final Frame frame;
        private boolean[] passes = new boolean[1];

        LiveCodes(int property, Dictionary<Value> values, ValueTest test, Frame frame) {
            this.property = property;
            this.values = values;
            this.test = test;
            this.frame = frame;
        }

        @Override
        public boolean test(EventChunk chunk, int row) {
            int code = ((CodeColumn) chunk.column(property)).get(row);
            if (code >= passes.length) {
                int judged = passes.length;
                passes = Arrays.copyOf(passes, values.size() + 1);
                for (int each = judged; each < passes.length; each++) {
                    passes[each] = test.test(values.value(each), frame);
                }
            }
            return passes[code];
        }
    }

    /**
     * A filter of what counts at any instant: {@code where} has nothing relative.
     *
     * @param negated whether amounts count below zero
     * @param live whether values may come that are not in the dictionaries yet
     */
    static RowFilter of(Where where, LogSpec spec, boolean negated, boolean live, Frame frame) {
        return switch (where) {
            case Where.Property(String name, Comparison comparison) ->
                    property(name, ValueTest.of(comparison, false), spec, negated, live, frame);
            case Where.Not(Where part) -> RowFilter.not(of(part, spec, negated, live, frame));
            case Where.All(List<Where> parts) ->
                    RowFilter.atLeast(parts.size(), of(parts, spec, negated, live, frame));
            case Where.Any(List<Where> parts) ->
                    RowFilter.atLeast(1, of(parts, spec, negated, live, frame));
        };
    }

    private static List<RowFilter> of(
            List<Where> parts, LogSpec spec, boolean negated, boolean live, Frame frame) {
        return parts.stream().map(part -> of(part, spec, negated, live, frame)).toList();
    }

    private static RowFilter property(
            String name, ValueTest test, LogSpec spec, boolean negated, boolean live, Frame frame) {
        int property = spec.property(name);
        if (property < 0) {
            // No event has it.
            return RowFilter.atLeast(1, List.of());
        }
        if (!spec.isNumeric(property) && live) {
            return new LiveCodes(property, spec.dictionary(property), test, frame);
        }
        if (!spec.isNumeric(property)) {
            List<Value> values = spec.dictionary(property).view();
            boolean[] passes = new boolean[values.size() + 1];
            for (int i = 0; i < values.size(); i++) {
                passes[i + 1] = test.test(values.get(i), frame);
            }
            return RowFilter.codes(property, passes);
        }
        ValueType type = spec.types[property];
        boolean below = negated && type.isNumeric() && WherePlan.isAmount(name);
        if (test instanceof ValueTest.Numeric numeric && type.isNumeric()) {
            return RowFilter.numbers(
                    property, number -> numeric.testNumber(below ? -number : number));
        }
        return RowFilter.numbers(
                property,
                number -> test.test(AttributeSpec.value(type, below ? -number : number), frame));
    }
}
