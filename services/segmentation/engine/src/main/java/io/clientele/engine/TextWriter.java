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
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a condition in its one text form, on one line. {@link TextReader} reads it. */
final class TextWriter {
    private TextWriter() {}

    static String write(Condition condition) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) ->
                    combined("all", " and ", parts.stream().map(TextWriter::part).toList(), parts);
            case Condition.Any(List<Condition> parts) ->
                    combined("any", " or ", parts.stream().map(TextWriter::part).toList(), parts);
            case Condition.AtLeast(int count, List<Condition> parts) ->
                    "at least "
                            + count
                            + " of ("
                            + String.join(", ", parts.stream().map(TextWriter::write).toList())
                            + ")";
            case Condition.Not(Condition part) -> "not " + part(part);
            case Condition.Attribute leaf -> attribute(leaf);
            case Condition.Score leaf ->
                    "score("
                            + TextLexer.name(leaf.name())
                            + ")"
                            + comparison(leaf.comparison())
                            + zone(leaf.memberZone());
            case Condition.Event leaf -> event(leaf) + zone(leaf.memberZone());
            case Condition.Segment(String key) -> "segment(" + TextLexer.name(key) + ")";
            case Condition.Sample(BigDecimal percent, String salt) ->
                    "sample(" + percent.toPlainString() + "% by " + text(salt) + ")";
            case Condition.Trend leaf ->
                    "trend("
                            + measured(leaf.measure(), events(leaf.type(), leaf.where()))
                            + " per "
                            + Durations.words(leaf.period())
                            + ")"
                            + comparison(leaf.comparison());
            case Condition.Sequence leaf -> sequence(leaf);
            case Condition.Transition leaf ->
                    (leaf.entered() ? "entered(" : "left(")
                            + TextLexer.name(leaf.segment())
                            + ")"
                            + window(leaf.within())
                            + zone(leaf.memberZone());
        };
    }

    /** A part of a combination: between parentheses where it is one itself, with words between. */
    private static String part(Condition part) {
        boolean several =
                (part instanceof Condition.All all && all.parts().size() > 1)
                        || (part instanceof Condition.Any any && any.parts().size() > 1);
        return several ? "(" + write(part) + ")" : write(part);
    }

    private static String combined(
            String form, String between, List<String> written, List<?> parts) {
        return parts.size() > 1
                ? String.join(between, written)
                : form + "(" + String.join("", written) + ")";
    }

    private static String attribute(Condition.Attribute leaf) {
        StringBuilder text = new StringBuilder(TextLexer.name(leaf.name()));
        Duration setWithin = leaf.setWithin();
        if (setWithin == null || !(leaf.comparison() instanceof Comparison.Exists)) {
            text.append(comparison(leaf.comparison()));
        }
        if (setWithin != null) {
            text.append(" set within ").append(Durations.words(setWithin));
        }
        return text.append(zone(leaf.memberZone())).toString();
    }

    private static String event(Condition.Event leaf) {
        String events = events(leaf.type(), leaf.where()) + window(leaf.within());
        if (leaf.measure().kind() == Measure.Kind.COUNT
                && leaf.comparison().equals(ConditionWriter.AT_LEAST_ONE)) {
            return "has(" + events + ")";
        }
        return measured(leaf.measure(), events) + comparison(leaf.comparison());
    }

    private static String events(String type, @Nullable Where where) {
        return TextLexer.name(type) + (where == null ? "" : " where " + where(where));
    }

    private static String measured(Measure measure, String events) {
        String property = measure.property();
        Where of = measure.of();
        return measure.kind().name().toLowerCase(Locale.ROOT)
                + "("
                + (property == null ? "" : TextLexer.name(property))
                + (of == null ? "" : " where " + where(of))
                + (property == null ? "" : " of ")
                + events
                + ")";
    }

    private static String sequence(Condition.Sequence leaf) {
        StringBuilder text = new StringBuilder("sequence(");
        boolean first = true;
        for (Condition.Step step : leaf.steps()) {
            text.append(first ? "" : " then ")
                    .append(step.absent() ? "no " : "")
                    .append(events(step.type(), step.where()));
            first = false;
        }
        return text.append(" within ")
                .append(Durations.words(leaf.span()))
                .append(')')
                .append(window(leaf.within()))
                .append(zone(leaf.memberZone()))
                .toString();
    }

    private static String zone(boolean memberZone) {
        return memberZone ? " in member zone" : "";
    }

    private static String where(Where where) {
        return switch (where) {
            case Where.Property(String name, Comparison comparison) ->
                    TextLexer.name(name) + comparison(comparison);
            case Where.Not(Where part) -> "not " + part(part);
            case Where.All(List<Where> parts) ->
                    combined("all", " and ", parts.stream().map(TextWriter::part).toList(), parts);
            case Where.Any(List<Where> parts) ->
                    combined("any", " or ", parts.stream().map(TextWriter::part).toList(), parts);
        };
    }

    private static String part(Where part) {
        boolean several =
                (part instanceof Where.All(List<Where> all) && all.size() > 1)
                        || (part instanceof Where.Any(List<Where> any) && any.size() > 1);
        return several ? "(" + where(part) + ")" : where(part);
    }

    private static String window(Window window) {
        return switch (window) {
            case Window.AllTime() -> "";
            case Window.Last(Duration duration) -> " in last " + Durations.words(duration);
            case Window.Ago(@Nullable Duration from, Duration to) ->
                    (from == null ? "" : " from " + Durations.words(from) + " ago")
                            + " to "
                            + (to.isZero() ? "now" : Durations.words(to) + " ago");
            case Window.Absolute(@Nullable Literal from, @Nullable Literal to) ->
                    (from == null ? "" : " from " + literal(from))
                            + (to == null ? "" : " to " + literal(to));
            case Window.Current(Condition.Unit unit) ->
                    " in current " + ConditionWriter.unitKey(unit);
            case Window.Previous(Condition.Unit unit) ->
                    " in previous " + ConditionWriter.unitKey(unit);
        };
    }

    private static String comparison(Comparison comparison) {
        return switch (comparison) {
            case Comparison.Bound(Operator operator, Literal value) ->
                    switch (operator) {
                                case EQUALS -> " = ";
                                case GREATER_THAN -> " > ";
                                case AT_LEAST -> " >= ";
                                case LESS_THAN -> " < ";
                                case AT_MOST -> " <= ";
                                case CONTAINS -> " contains ";
                                case STARTS_WITH -> " starts with ";
                                case BEFORE -> " before ";
                                case AFTER -> " after ";
                            }
                            + literal(value);
            case Comparison.Several(Quantifier quantifier, List<Literal> values) ->
                    switch (quantifier) {
                                case IN -> " in (";
                                case CONTAINS_ANY -> " contains any of (";
                                case CONTAINS_ALL -> " contains all of (";
                            }
                            + String.join(", ", values.stream().map(TextWriter::literal).toList())
                            + ")";
            case Comparison.Between(Literal low, Literal high) ->
                    " between " + literal(low) + " and " + literal(high);
            case Comparison.Relative(Direction direction, Duration duration) ->
                    switch (direction) {
                                case WITHIN_LAST -> " within last ";
                                case WITHIN_NEXT -> " within next ";
                                case ANNIVERSARY_WITHIN_NEXT -> " anniversary within next ";
                            }
                            + Durations.words(duration);
            case Comparison.Near near ->
                    " within "
                            + near.km().toPlainString()
                            + " km of "
                            + (near.store() == null
                                    ? "("
                                            + degrees(near.latitude())
                                            + ", "
                                            + degrees(near.longitude())
                                            + ")"
                                    : "store " + TextLexer.name(near.store()));
            case Comparison.Exists() -> " exists";
        };
    }

    private static String degrees(double degrees) {
        return Decimals.plain(BigDecimal.valueOf(degrees));
    }

    private static String literal(Literal literal) {
        return switch (literal) {
            case Literal.Text(String value) -> text(value);
            case Literal.Number number -> number.value().toPlainString();
            case Literal.Flag flag -> Boolean.toString(flag.value());
            case Literal.Day day -> day.value().toString();
            case Literal.Moment moment -> moment.value().toString();
        };
    }

    private static String text(String text) {
        return TextLexer.quoted(text, '"');
    }
}
