package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Literal;
import io.clientele.engine.Condition.Measure;
import io.clientele.engine.Condition.Where;
import io.clientele.engine.Condition.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a condition in its one form: keys in a fixed order, defaults left out. */
final class ConditionWriter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    static final Comparison AT_LEAST_ONE =
            new Comparison.Bound(Comparison.Operator.AT_LEAST, new Literal.Number(BigDecimal.ONE));

    private ConditionWriter() {}

    static ObjectNode write(Condition condition) {
        ObjectNode node = NODES.objectNode();
        switch (condition) {
            case Condition.All(List<Condition> parts) -> node.set("all", parts(parts));
            case Condition.Any(List<Condition> parts) -> node.set("any", parts(parts));
            case Condition.Not(Condition part) -> node.set("not", write(part));
            case Condition.AtLeast(int count, List<Condition> parts) -> {
                node.put("atLeast", count);
                node.set("of", parts(parts));
            }
            case Condition.Attribute attribute -> {
                node.put("attribute", attribute.name());
                Duration setWithin = attribute.setWithin();
                if (setWithin == null || !(attribute.comparison() instanceof Comparison.Exists)) {
                    comparison(node, attribute.comparison());
                }
                if (setWithin != null) {
                    node.put("setWithin", Durations.format(setWithin));
                }
                zone(node, attribute.memberZone());
            }
            case Condition.Score score -> {
                node.put("score", score.name());
                comparison(node, score.comparison());
                zone(node, score.memberZone());
            }
            case Condition.Event event -> {
                events(node, event.type(), event.where());
                if (!(event.within() instanceof Window.AllTime)) {
                    node.set("within", window(event.within()));
                }
                if (event.measure().kind() != Measure.Kind.COUNT) {
                    node.set("measure", measure(event.measure()));
                }
                if (event.measure().kind() != Measure.Kind.COUNT
                        || !event.comparison().equals(AT_LEAST_ONE)) {
                    comparison(node, event.comparison());
                }
                zone(node, event.memberZone());
            }
            case Condition.Segment(String key) -> node.put("segment", key);
            case Condition.Sample(BigDecimal percent, String salt) -> {
                ObjectNode sample = node.putObject("sample");
                sample.set("percent", number(percent));
                sample.put("salt", salt);
            }
            case Condition.Trend trend -> {
                ObjectNode inner = node.putObject("trend");
                events(inner, trend.type(), trend.where());
                if (trend.measure().kind() != Measure.Kind.COUNT) {
                    inner.set("measure", measure(trend.measure()));
                }
                inner.put("period", Durations.format(trend.period()));
                comparison(node, trend.comparison());
            }
            case Condition.Transition(
                            String segment,
                            boolean entered,
                            Window within,
                            boolean memberZone) -> {
                node.putObject(entered ? "entered" : "left").put("segment", segment);
                if (!(within instanceof Window.AllTime)) {
                    node.set("within", window(within));
                }
                zone(node, memberZone);
            }
            case Condition.Sequence sequence -> {
                ArrayNode steps = node.putArray("sequence");
                for (Condition.Step step : sequence.steps()) {
                    ObjectNode inner = steps.addObject();
                    events(inner, step.type(), step.where());
                    if (step.absent()) {
                        inner.put("absent", true);
                    }
                }
                node.put("span", Durations.format(sequence.span()));
                if (!(sequence.within() instanceof Window.AllTime)) {
                    node.set("within", window(sequence.within()));
                }
                zone(node, sequence.memberZone());
            }
        }
        return node;
    }

    private static void events(ObjectNode node, String type, @Nullable Where where) {
        node.put("event", type);
        if (where != null) {
            node.set("where", where(where));
        }
    }

    private static ArrayNode parts(List<Condition> parts) {
        ArrayNode array = NODES.arrayNode();
        parts.forEach(part -> array.add(write(part)));
        return array;
    }

    private static void zone(ObjectNode node, boolean memberZone) {
        if (memberZone) {
            node.put("zone", "member");
        }
    }

    static ObjectNode where(Where where) {
        ObjectNode node = NODES.objectNode();
        switch (where) {
            case Where.Property(String name, Comparison comparison) -> {
                node.put("property", name);
                comparison(node, comparison);
            }
            case Where.All(List<Where> parts) -> node.set("all", wheres(parts));
            case Where.Any(List<Where> parts) -> node.set("any", wheres(parts));
            case Where.Not(Where part) -> node.set("not", where(part));
        }
        return node;
    }

    private static ArrayNode wheres(List<Where> parts) {
        ArrayNode array = NODES.arrayNode();
        parts.forEach(part -> array.add(where(part)));
        return array;
    }

    private static ObjectNode window(Window window) {
        ObjectNode node = NODES.objectNode();
        switch (window) {
            case Window.AllTime() -> {}
            case Window.Last(Duration duration) -> node.put("last", Durations.format(duration));
            case Window.Ago(Duration from, Duration to) -> {
                ago(node, "from", from);
                ago(node, "to", to);
            }
            case Window.Absolute(Literal from, Literal to) -> {
                if (from != null) {
                    node.set("from", literal(from));
                }
                if (to != null) {
                    node.set("to", literal(to));
                }
            }
            case Window.Current(Condition.Unit unit) -> node.put("current", unitKey(unit));
            case Window.Previous(Condition.Unit unit) -> node.put("previous", unitKey(unit));
        }
        return node;
    }

    private static void ago(ObjectNode node, String key, @Nullable Duration duration) {
        if (duration != null) {
            node.putObject(key).put("ago", Durations.format(duration));
        }
    }

    static String unitKey(Condition.Unit unit) {
        return unit.name().toLowerCase(Locale.ROOT);
    }

    private static JsonNode measure(Measure measure) {
        String key = measure.kind().name().toLowerCase(Locale.ROOT);
        String property = measure.property();
        if (property == null) {
            return NODES.textNode(key);
        }
        ObjectNode node = NODES.objectNode();
        Where of = measure.of();
        if (of == null) {
            node.put(key, property);
        } else {
            ObjectNode share = node.putObject(key);
            share.put("of", property);
            share.set("where", where(of));
        }
        return node;
    }

    private static void comparison(ObjectNode node, Comparison comparison) {
        switch (comparison) {
            case Comparison.Bound(Comparison.Operator operator, Literal value) ->
                    node.set(key(operator), literal(value));
            case Comparison.Several(Comparison.Quantifier quantifier, List<Literal> values) -> {
                ArrayNode array = node.putArray(key(quantifier));
                values.forEach(value -> array.add(literal(value)));
            }
            case Comparison.Between(Literal low, Literal high) ->
                    node.putArray("between").add(literal(low)).add(literal(high));
            case Comparison.Relative(Comparison.Direction direction, Duration duration) ->
                    node.put(key(direction), Durations.format(duration));
            case Comparison.Near near -> {
                ObjectNode inner = node.putObject("withinKm");
                ObjectNode of = inner.putObject("of");
                if (near.store() == null) {
                    of.set("latitude", number(BigDecimal.valueOf(near.latitude())));
                    of.set("longitude", number(BigDecimal.valueOf(near.longitude())));
                } else {
                    of.put("store", near.store());
                }
                inner.set("km", number(near.km()));
            }
            case Comparison.Exists() -> node.put("exists", true);
        }
    }

    /** {@code GREATER_THAN} is {@code greaterThan}. */
    static String key(Enum<?> constant) {
        StringBuilder key = new StringBuilder();
        boolean capital = false;
        for (char character : constant.name().toCharArray()) {
            if (character == '_') {
                capital = true;
            } else {
                key.append(capital ? character : Character.toLowerCase(character));
                capital = false;
            }
        }
        return key.toString();
    }

    private static JsonNode literal(Literal literal) {
        return switch (literal) {
            case Literal.Text(String text) -> NODES.textNode(text);
            case Literal.Number(BigDecimal value) -> number(value);
            case Literal.Flag(boolean value) -> NODES.booleanNode(value);
            case Literal.Day(LocalDate value) -> NODES.textNode(value.toString());
            case Literal.Moment(Instant value) -> NODES.textNode(value.toString());
        };
    }

    /**
     * The kind of node that a parser makes of the same number, so that trees compare as documents
     * do.
     */
    private static JsonNode number(BigDecimal given) {
        BigDecimal value = given.stripTrailingZeros();
        if (value.scale() > 0) {
            return NODES.numberNode(value);
        }
        long whole = value.longValueExact();
        return whole == (int) whole ? NODES.numberNode((int) whole) : NODES.numberNode(whole);
    }
}
