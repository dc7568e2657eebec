package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Comparison.Operator;
import io.clientele.engine.Condition.Comparison.Quantifier;
import io.clientele.engine.Condition.Literal;
import io.clientele.engine.Condition.Measure;
import io.clientele.engine.Condition.Where;
import io.clientele.engine.Condition.Window;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings conditions that say the same in other words to one form, so that what they share is found
 * by {@code equals}. The verdict on every member at every instant stays; places, wording and what a
 * preview or an explanation says of the parts do not, so these work on the condition as given.
 *
 * <p>Invariants of the form: no {@code all} directly in an {@code all}, no {@code any} in an {@code
 * any}, no {@code not} in a {@code not}; a combination has at least two parts, except the empty
 * {@code all} (everyone) and {@code any} (nobody), which stand alone; at-least-k only where it is
 * neither; parts in a fixed order, and without repetition where that does not count. Leaves: texts
 * folded, lists of values sorted and without repetition, one value instead of a list or range of
 * one, no zone where none is looked at, places instead of stores. Normalizing twice is normalizing
 * once. Cost: that of writing each part as JSON once per level above it.
 */
final class Normalizer {
    private static final Condition EVERYONE = new Condition.All(List.of());
    private static final Condition NOBODY = new Condition.Any(List.of());
    private static final Where ANYTHING = new Where.All(List.of());
    private static final Where NOTHING = new Where.Any(List.of());
    private static final BigDecimal ALL_OF_IT = BigDecimal.valueOf(100);

    private Normalizer() {}

    static Condition normalize(Condition condition) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) -> all(each(parts));
            case Condition.Any(List<Condition> parts) -> any(each(parts));
            case Condition.AtLeast(int count, List<Condition> parts) -> atLeast(count, each(parts));
            case Condition.Not(Condition part) -> not(normalize(part));
            case Condition.Attribute leaf -> {
                Comparison comparison = comparison(leaf.comparison());
                yield new Condition.Attribute(
                        leaf.name(),
                        comparison,
                        leaf.setWithin(),
                        leaf.memberZone()
                                && (leaf.name().equals(ProgramModel.AGE)
                                        || looksAtDays(comparison)));
            }
            case Condition.Score leaf -> {
                Comparison comparison = comparison(leaf.comparison());
                yield new Condition.Score(
                        leaf.name(), comparison, leaf.memberZone() && looksAtDays(comparison));
            }
            case Condition.Event leaf -> event(leaf);
            case Condition.Segment segment -> segment;
            case Condition.Sample sample -> {
                if (sample.percent().signum() == 0) {
                    yield NOBODY;
                }
                yield sample.percent().compareTo(ALL_OF_IT) == 0 ? EVERYONE : sample;
            }
            case Condition.Trend leaf ->
                    new Condition.Trend(
                            leaf.type(),
                            events(leaf.where()),
                            measure(leaf.measure()),
                            leaf.period(),
                            comparison(leaf.comparison()));
            case Condition.Sequence leaf -> {
                List<Condition.Step> steps =
                        leaf.steps().stream()
                                .map(step ->
                                        new Condition.Step(
                                                step.type(), events(step.where()), step.absent()))
                                .toList();
                Window window = window(leaf.within());
                boolean zone =
                        looksAtDays(window)
                                || steps.stream().anyMatch(step -> looksAtDays(step.where()));
                yield new Condition.Sequence(steps, leaf.span(), window, leaf.memberZone() && zone);
            }
            case Condition.Transition leaf -> {
                Window window = window(leaf.within());
                yield new Condition.Transition(
                        leaf.segment(),
                        leaf.entered(),
                        window,
                        leaf.memberZone() && looksAtDays(window));
            }
        };
    }

    private static Condition event(Condition.Event leaf) {
        Where where = events(leaf.where());
        Window window = window(leaf.within());
        Measure measure = measure(leaf.measure());
        Comparison comparison = comparison(leaf.comparison());
        if (measure.kind() == Measure.Kind.COUNT || measure.kind() == Measure.Kind.DISTINCT) {
            comparison = ofWholeNumbers(comparison);
        }
        boolean zone =
                looksAtDays(where)
                        || looksAtDays(window)
                        || looksAtDays(measure.of())
                        || looksAtDays(comparison);
        return new Condition.Event(
                leaf.type(), where, window, measure, comparison, leaf.memberZone() && zone);
    }

    // Combinations

    private static List<Condition> each(List<Condition> parts) {
        return parts.stream().map(Normalizer::normalize).toList();
    }

    private static Condition not(Condition part) {
        if (part.equals(EVERYONE)) {
            return NOBODY;
        }
        if (part.equals(NOBODY)) {
            return EVERYONE;
        }
        return part instanceof Condition.Not(Condition inner) ? inner : new Condition.Not(part);
    }

    private static Condition all(List<Condition> parts) {
        Set<Condition> flat = new LinkedHashSet<>();
        for (Condition part : parts) {
            if (part.equals(NOBODY)) {
                return NOBODY;
            }
            if (part instanceof Condition.All(List<Condition> inner)) {
                flat.addAll(inner);
            } else {
                flat.add(part);
            }
        }
        List<Condition> sorted = sorted(flat, Normalizer::written);
        return sorted.size() == 1 ? sorted.getFirst() : new Condition.All(sorted);
    }

    private static Condition any(List<Condition> parts) {
        Set<Condition> flat = new LinkedHashSet<>();
        for (Condition part : parts) {
            if (part.equals(EVERYONE)) {
                return EVERYONE;
            }
            if (part instanceof Condition.Any(List<Condition> inner)) {
                flat.addAll(inner);
            } else {
                flat.add(part);
            }
        }
        List<Condition> sorted = sorted(flat, Normalizer::written);
        return sorted.size() == 1 ? sorted.getFirst() : new Condition.Any(sorted);
    }

    private static Condition atLeast(int count, List<Condition> parts) {
        int wanted = count;
        List<Condition> open = new ArrayList<>();
        for (Condition part : parts) {
            if (part.equals(EVERYONE)) {
                wanted--;
            } else if (!part.equals(NOBODY)) {
                open.add(part);
            }
        }
        if (wanted <= 0) {
            return EVERYONE;
        }
        if (wanted > open.size()) {
            return NOBODY;
        }
        if (wanted == open.size()) {
            return all(open);
        }
        // A part that stands twice counts twice.
        return wanted == 1
                ? any(open)
                : new Condition.AtLeast(wanted, sorted(open, Normalizer::written));
    }

    private static String written(Condition condition) {
        return ConditionWriter.write(condition).toString();
    }

    /** In the order of what is written of each. */
    private static <T> List<T> sorted(Iterable<T> parts, Function<T, String> written) {
        Map<String, List<T>> ordered = new TreeMap<>();
        for (T part : parts) {
            ordered.computeIfAbsent(written.apply(part), unused -> new ArrayList<>(1)).add(part);
        }
        return ordered.values().stream().flatMap(List::stream).toList();
    }

    // Which events

    /** What all events pass is no condition on them. */
    private static @Nullable Where events(@Nullable Where where) {
        Where normal = where == null ? ANYTHING : where(where);
        return normal.equals(ANYTHING) ? null : normal;
    }

    private static Where where(Where where) {
        return switch (where) {
            case Where.Property(String name, Comparison comparison) ->
                    new Where.Property(name, comparison(comparison));
            case Where.Not(Where part) -> {
                Where normal = where(part);
                if (normal.equals(ANYTHING)) {
                    yield NOTHING;
                }
                if (normal.equals(NOTHING)) {
                    yield ANYTHING;
                }
                yield normal instanceof Where.Not(Where inner) ? inner : new Where.Not(normal);
            }
            case Where.All(List<Where> parts) -> {
                Set<Where> flat = new LinkedHashSet<>();
                for (Where part : parts) {
                    Where normal = where(part);
                    if (normal instanceof Where.All(List<Where> inner)) {
                        flat.addAll(inner);
                    } else {
                        flat.add(normal);
                    }
                }
                List<Where> sorted = sorted(flat, Normalizer::written);
                if (sorted.contains(NOTHING)) {
                    yield NOTHING;
                }
                yield sorted.size() == 1 ? sorted.getFirst() : new Where.All(sorted);
            }
            case Where.Any(List<Where> parts) -> {
                Set<Where> flat = new LinkedHashSet<>();
                for (Where part : parts) {
                    Where normal = where(part);
                    if (normal instanceof Where.Any(List<Where> inner)) {
                        flat.addAll(inner);
                    } else {
                        flat.add(normal);
                    }
                }
                List<Where> sorted = sorted(flat, Normalizer::written);
                if (sorted.contains(ANYTHING)) {
                    yield ANYTHING;
                }
                yield sorted.size() == 1 ? sorted.getFirst() : new Where.Any(sorted);
            }
        };
    }

    private static String written(Where where) {
        return ConditionWriter.where(where).toString();
    }

    private static Measure measure(Measure measure) {
        return measure.of() == null
                ? measure
                : new Measure(measure.kind(), measure.property(), where(measure.of()));
    }

    private static Window window(Window window) {
        if (window instanceof Window.Ago(@Nullable Duration from, Duration to) && to.isZero()) {
            return from == null ? new Window.AllTime() : new Window.Last(from);
        }
        return window;
    }

    // Comparisons

    private static Comparison comparison(Comparison comparison) {
        return switch (comparison) {
            case Comparison.Bound(Operator operator, Literal value) ->
                    new Comparison.Bound(operator, literal(value));
            case Comparison.Several(Quantifier quantifier, List<Literal> values) ->
                    several(quantifier, values);
            case Comparison.Between(Literal low, Literal high) ->
                    low.equals(high)
                            ? new Comparison.Bound(Operator.EQUALS, low)
                            : new Comparison.Between(low, high);
            case Comparison.Near near ->
                    new Comparison.Near(near.latitude(), near.longitude(), near.km(), null);
            case Comparison.Relative relative -> relative;
            case Comparison.Exists exists -> exists;
        };
    }

    private static Comparison several(Quantifier quantifier, List<Literal> values) {
        Set<Literal> different = new LinkedHashSet<>();
        values.forEach(value -> different.add(literal(value)));
        List<Literal> sorted = sorted(different, Literal::toString);
        if (sorted.size() > 1) {
            return new Comparison.Several(quantifier, sorted);
        }
        // Not contains, which of a text asks for a part.
        return switch (quantifier) {
            case IN -> new Comparison.Bound(Operator.EQUALS, sorted.getFirst());
            case CONTAINS_ANY, CONTAINS_ALL ->
                    new Comparison.Several(Quantifier.CONTAINS_ANY, sorted);
        };
    }

    private static Literal literal(Literal literal) {
        if (literal instanceof Literal.Text(String text)) {
            String folded = Folding.fold(text);
            // Where folding twice is not folding once, the text stays as it was written.
            return Folding.fold(folded).equals(folded) ? new Literal.Text(folded) : literal;
        }
        return literal;
    }

    /** Above 2 is at least 3, of whole numbers. */
    private static Comparison ofWholeNumbers(Comparison comparison) {
        if (comparison instanceof Comparison.Bound(Operator operator, Literal literal)
                && literal instanceof Literal.Number(BigDecimal bound)) {
            BigDecimal floor = bound.setScale(0, RoundingMode.FLOOR);
            BigDecimal ceiling = bound.setScale(0, RoundingMode.CEILING);
            return switch (operator) {
                case GREATER_THAN ->
                        bound(Operator.AT_LEAST, floor.add(BigDecimal.ONE), comparison);
                case AT_LEAST -> bound(Operator.AT_LEAST, ceiling, comparison);
                case LESS_THAN ->
                        bound(Operator.AT_MOST, ceiling.subtract(BigDecimal.ONE), comparison);
                case AT_MOST -> bound(Operator.AT_MOST, floor, comparison);
                case EQUALS, CONTAINS, STARTS_WITH, BEFORE, AFTER -> comparison;
            };
        }
        return comparison;
    }

    private static Comparison bound(Operator operator, BigDecimal bound, Comparison otherwise) {
        return Decimals.scale(bound) == null
                ? otherwise
                : new Comparison.Bound(operator, new Literal.Number(bound));
    }

    // Whether a zone matters

    private static boolean looksAtDays(Comparison comparison) {
        return switch (comparison) {
            case Comparison.Bound(Operator _, Literal value) -> isTime(value);
            case Comparison.Several(Quantifier _, List<Literal> values) ->
                    values.stream().anyMatch(Normalizer::isTime);
            case Comparison.Between(Literal low, Literal high) -> isTime(low) || isTime(high);
            case Comparison.Relative _ -> true;
            case Comparison.Near _ -> false;
            case Comparison.Exists _ -> false;
        };
    }

    private static boolean isTime(Literal literal) {
        return literal instanceof Literal.Day || literal instanceof Literal.Moment;
    }

    private static boolean looksAtDays(@Nullable Where where) {
        return switch (where) {
            case null -> false;
            case Where.Property(String _, Comparison comparison) -> looksAtDays(comparison);
            case Where.Not(Where part) -> looksAtDays(part);
            case Where.All(List<Where> parts) -> parts.stream().anyMatch(Normalizer::looksAtDays);
            case Where.Any(List<Where> parts) -> parts.stream().anyMatch(Normalizer::looksAtDays);
        };
    }

    private static boolean looksAtDays(Window window) {
        return switch (window) {
            case Window.Current _ -> true;
            case Window.Previous _ -> true;
            case Window.Absolute(@Nullable Literal from, @Nullable Literal to) ->
                    from instanceof Literal.Day || to instanceof Literal.Day;
            case Window.AllTime _ -> false;
            case Window.Last _ -> false;
            case Window.Ago _ -> false;
        };
    }
}
