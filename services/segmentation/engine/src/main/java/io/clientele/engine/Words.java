package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Comparison.Direction;
import io.clientele.engine.Condition.Comparison.Operator;
import io.clientele.engine.Condition.Comparison.Quantifier;
import io.clientele.engine.Condition.Literal;
import io.clientele.engine.Condition.Measure;
import io.clientele.engine.Condition.Where;
import io.clientele.engine.Condition.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions in English. */
final class Words {
    private static final int SHOWN_VALUES = 10;

    private Words() {}

    static String of(Condition condition) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) ->
                    parts.isEmpty() ? "everyone" : "all of " + parts.size();
            case Condition.Any(List<Condition> parts) ->
                    parts.isEmpty() ? "nobody" : "any of " + parts.size();
            case Condition.AtLeast(int count, List<Condition> parts) ->
                    "at least " + count + " of " + parts.size();
            case Condition.Not ignored -> "not";
            case Condition.Segment(String key) -> "is in segment " + key;
            case Condition.Sample(BigDecimal percent, String salt) ->
                    "is in the " + percent.toPlainString() + " % sample with salt \"" + salt + '"';
            case Condition.Attribute leaf -> attribute(leaf);
            case Condition.Score leaf ->
                    "score "
                            + leaf.name()
                            + " "
                            + comparison(leaf.comparison())
                            + zone(leaf.memberZone());
            case Condition.Event leaf -> event(leaf);
            case Condition.Trend leaf ->
                    "the change of "
                            + measured(leaf.measure(), events(leaf.type(), leaf.where()))
                            + " from one "
                            + Durations.words(leaf.period())
                            + " to the next "
                            + comparison(leaf.comparison());
            case Condition.Sequence leaf -> sequence(leaf);
            case Condition.Transition leaf ->
                    (leaf.entered() ? "entered segment " : "left segment ")
                            + leaf.segment()
                            + window(leaf.within())
                            + zone(leaf.memberZone());
        };
    }

    /** What a leaf's value is compared with. */
    static @Nullable String threshold(Condition condition) {
        return switch (condition) {
            case Condition.Attribute leaf ->
                    leaf.comparison() instanceof Comparison.Exists && leaf.setWithin() != null
                            ? "set in the last " + Durations.words(leaf.setWithin())
                            : comparison(leaf.comparison()) + setWithin(leaf);
            case Condition.Score leaf -> comparison(leaf.comparison());
            case Condition.Event leaf -> comparison(leaf.comparison());
            case Condition.Sample sample -> sample.percent().toPlainString() + " %";
            case Condition.Trend leaf -> comparison(leaf.comparison());
            case Condition.Sequence ignored -> null;
            case Condition.Transition ignored -> null;
            case Condition.Segment ignored -> null;
            case Condition.All ignored -> null;
            case Condition.Any ignored -> null;
            case Condition.AtLeast ignored -> null;
            case Condition.Not ignored -> null;
        };
    }

    private static String attribute(Condition.Attribute leaf) {
        if (leaf.comparison() instanceof Comparison.Exists && leaf.setWithin() != null) {
            return leaf.name() + " was set in the last " + Durations.words(leaf.setWithin());
        }
        return leaf.name()
                + " "
                + comparison(leaf.comparison())
                + setWithin(leaf)
                + zone(leaf.memberZone());
    }

    private static String setWithin(Condition.Attribute leaf) {
        return leaf.setWithin() == null
                ? ""
                : ", set in the last " + Durations.words(leaf.setWithin());
    }

    private static String event(Condition.Event leaf) {
        String events =
                events(leaf.type(), leaf.where()) + window(leaf.within()) + zone(leaf.memberZone());
        return measured(leaf.measure(), events) + " " + comparison(leaf.comparison());
    }

    private static String events(String type, @Nullable Where where) {
        return type + (where == null ? "" : " where " + where(where));
    }

    private static String measured(Measure measure, String events) {
        return switch (measure.kind()) {
            case COUNT -> "the number of " + events;
            case SUM -> "the sum of " + measure.property() + " over " + events;
            case AVERAGE -> "the average " + measure.property() + " of " + events;
            case MIN -> "the smallest " + measure.property() + " of " + events;
            case MAX -> "the largest " + measure.property() + " of " + events;
            case DISTINCT ->
                    "the number of different values of " + measure.property() + " of " + events;
            case FAVORITE -> "the most frequent " + measure.property() + " of " + events;
            case SHARE ->
                    "the share of "
                            + measure.property()
                            + " with "
                            + (measure.of() == null ? "" : where(measure.of()))
                            + " among "
                            + events;
            case FIRST -> "the time of the first " + events;
            case LAST -> "the time of the last " + events;
        };
    }

    private static String sequence(Condition.Sequence leaf) {
        StringBuilder text = new StringBuilder();
        for (Condition.Step step : leaf.steps()) {
            text.append(text.isEmpty() ? "" : step.absent() ? ", then no " : ", then ")
                    .append(events(step.type(), step.where()));
        }
        return text.append(" within ")
                .append(Durations.words(leaf.span()))
                .append(window(leaf.within()).isEmpty() ? "" : "," + window(leaf.within()))
                .append(zone(leaf.memberZone()))
                .toString();
    }

    private static String zone(boolean memberZone) {
        return memberZone ? " (in the member's time zone)" : "";
    }

    private static String where(Where where) {
        return switch (where) {
            case Where.Property(String name, Comparison comparison) ->
                    name + " " + comparison(comparison);
            case Where.Not(Where part) -> "not (" + where(part) + ")";
            case Where.All(List<Where> parts) -> joined(parts, " and ", "anything");
            case Where.Any(List<Where> parts) -> joined(parts, " or ", "nothing");
        };
    }

    private static String joined(List<Where> parts, String word, String none) {
        if (parts.isEmpty()) {
            return none;
        }
        String joined = String.join(word, parts.stream().map(Words::where).toList());
        return parts.size() == 1 ? joined : "(" + joined + ")";
    }

    private static String window(Window window) {
        return switch (window) {
            case Window.AllTime() -> "";
            case Window.Last(Duration duration) -> " in the last " + Durations.words(duration);
            case Window.Ago(@Nullable Duration from, Duration to) ->
                    from == null
                            ? " up to " + Durations.words(to) + " ago"
                            : " from "
                                    + Durations.words(from)
                                    + " ago to "
                                    + (to.isZero() ? "now" : Durations.words(to) + " ago");
            case Window.Absolute(@Nullable Literal from, @Nullable Literal to) ->
                    (from == null ? "" : " from " + literal(from))
                            + (to == null ? "" : " until before " + literal(to));
            case Window.Current(Condition.Unit unit) ->
                    " in the current " + ConditionWriter.unitKey(unit);
            case Window.Previous(Condition.Unit unit) ->
                    " in the previous " + ConditionWriter.unitKey(unit);
        };
    }

    private static String comparison(Comparison comparison) {
        return switch (comparison) {
            case Comparison.Exists() -> "is set";
            case Comparison.Bound(Operator operator, Literal value) ->
                    switch (operator) {
                                case EQUALS -> "is ";
                                case GREATER_THAN -> "is more than ";
                                case AT_LEAST -> "is at least ";
                                case LESS_THAN -> "is less than ";
                                case AT_MOST -> "is at most ";
                                case CONTAINS -> "contains ";
                                case STARTS_WITH -> "starts with ";
                                case BEFORE -> "is before ";
                                case AFTER -> "is after ";
                            }
                            + literal(value);
            case Comparison.Several(Quantifier quantifier, List<Literal> values) ->
                    switch (quantifier) {
                                case IN -> "is one of ";
                                case CONTAINS_ANY -> "contains any of ";
                                case CONTAINS_ALL -> "contains all of ";
                            }
                            + literals(values);
            case Comparison.Between(Literal low, Literal high) ->
                    "is between " + literal(low) + " and " + literal(high);
            case Comparison.Relative(Direction direction, Duration duration) ->
                    switch (direction) {
                                case WITHIN_LAST -> "is within the last ";
                                case WITHIN_NEXT -> "is within the next ";
                                case ANNIVERSARY_WITHIN_NEXT ->
                                        "has its anniversary within the next ";
                            }
                            + Durations.words(duration);
            case Comparison.Near near ->
                    "is within "
                            + near.km().toPlainString()
                            + " km of "
                            + (near.store() == null
                                    ? near.latitude() + ", " + near.longitude()
                                    : "store " + near.store());
        };
    }

    private static String literals(List<Literal> values) {
        String shown =
                String.join(", ", values.stream().limit(SHOWN_VALUES).map(Words::literal).toList());
        return values.size() <= SHOWN_VALUES
                ? shown
                : shown + " and " + (values.size() - SHOWN_VALUES) + " more";
    }

    private static String literal(Literal literal) {
        return switch (literal) {
            case Literal.Text text -> text.value();
            case Literal.Number number -> number.value().toPlainString();
            case Literal.Flag flag -> Boolean.toString(flag.value());
            case Literal.Day day -> day.value().toString();
            case Literal.Moment moment -> moment.value().toString();
        };
    }
}
