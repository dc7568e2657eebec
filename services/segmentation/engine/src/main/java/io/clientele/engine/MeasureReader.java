package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Measure;
import io.clientele.engine.Condition.Where;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads which events count and what is measured over them. What returns null has noted why. For one
 * thread.
 */
final class MeasureReader {
    private final ProgramModel model;
    private final Problems problems;
    private final Parts parts;
    private final ComparisonReader comparisons;

    MeasureReader(
            ProgramModel model, Problems problems, Parts parts, ComparisonReader comparisons) {
        this.model = model;
        this.problems = problems;
        this.parts = parts;
        this.comparisons = comparisons;
    }

    /** The events that the key "event" names. */
    ProgramModel.@Nullable Operand operand(JsonNode node, String at) {
        JsonNode given = node.get("event");
        if (given == null) {
            problems.add(at, "expected an event, such as \"event\":\"purchase\"");
            return null;
        }
        String type = problems.text(given, at + "/event", "the type of an event");
        if (type == null) {
            return null;
        }
        ProgramModel.Operand operand = model.operand(type);
        if (operand == null) {
            Set<String> names = model.operandNames();
            problems.add(
                    at + "/event",
                    "unknown event type "
                            + Problems.quoted(type)
                            + Problems.nearest(type, names)
                            + Problems.known("event types", names));
        }
        return operand;
    }

    @Nullable Where where(
            JsonNode node, String at, String type, ProgramModel.Operand operand, int depth) {
        if (!parts.count(at, depth)) {
            return null;
        }
        List<String> forms = List.of("property", "all", "any", "not");
        if (!node.isObject()) {
            problems.add(
                    at,
                    "expected an object with one of "
                            + Problems.list(forms)
                            + ", came "
                            + Problems.kind(node));
            return null;
        }
        List<String> found = forms.stream().filter(node::has).toList();
        if (found.size() != 1) {
            String came =
                    found.isEmpty() ? Problems.list(Problems.names(node)) : Problems.list(found);
            String first = Problems.names(node).isEmpty() ? "" : Problems.names(node).getFirst();
            problems.add(
                    at,
                    "expected one of "
                            + Problems.list(forms)
                            + ", came "
                            + (node.isEmpty() ? "an empty object" : "the keys " + came)
                            + (found.isEmpty() ? Problems.nearest(first, forms) : ""));
            return null;
        }
        switch (found.getFirst()) {
            case "property" -> {
                String name =
                        problems.text(
                                node.get("property"), at + "/property", "the name of a property");
                ProgramModel.Property property =
                        name == null ? null : property(name, at + "/property", type, operand);
                if (name == null || property == null) {
                    return null;
                }
                Comparison comparison =
                        comparisons.comparison(
                                node, at, property.type(), List.of("property"), "property " + name);
                return comparison == null ? null : new Where.Property(name, comparison);
            }
            case "not" -> {
                problems.onlyKeys(node, at, List.of("not"));
                Where part = where(node.get("not"), at + "/not", type, operand, depth + 1);
                return part == null ? null : new Where.Not(part);
            }
            default -> {
                String key = found.getFirst();
                problems.onlyKeys(node, at, List.of(key));
                List<Where> several =
                        parts.each(
                                node.get(key),
                                at + "/" + key,
                                "a list",
                                (part, place) -> where(part, place, type, operand, depth + 1));
                if (several == null) {
                    return null;
                }
                return key.equals("all") ? new Where.All(several) : new Where.Any(several);
            }
        }
    }

    /** A property that conditions may use. */
    private ProgramModel.@Nullable Property property(
            String name, String at, String type, ProgramModel.Operand operand) {
        ProgramModel.Property property = operand.properties().get(name);
        if (property == null) {
            Set<String> names = new TreeSet<>();
            operand.properties()
                    .forEach((key, candidate) -> {
                        if (candidate.segmentable()) {
                            names.add(key);
                        }
                    });
            ProgramModel.Operand lines = model.operand(type + ".item");
            boolean ofLine = lines != null && lines.properties().containsKey(name);
            problems.add(
                    at,
                    type
                            + " has no property "
                            + Problems.quoted(name)
                            + (ofLine
                                    ? "; it is one of its line items: use the event "
                                            + type
                                            + ".item"
                                    : Problems.nearest(name, names)
                                            + Problems.known("properties", names)));
            return null;
        }
        if (!property.segmentable()) {
            problems.add(
                    at,
                    Problems.quoted(name)
                            + " of "
                            + type
                            + " is not segmentable: its schema keeps it out of conditions, as ids"
                            + " and free text are; mark it \"segmentable\":true in the event type");
            return null;
        }
        return property;
    }

    @Nullable Measure measure(JsonNode node, String at, String type, ProgramModel.Operand operand) {
        List<String> plain = List.of("count", "first", "last");
        List<String> withProperty =
                List.of("sum", "average", "min", "max", "distinct", "favorite", "share");
        if (node.isTextual()) {
            String key = node.textValue();
            if (plain.contains(key)) {
                return new Measure(kindOf(key), null, null);
            }
            problems.add(
                    at,
                    withProperty.contains(key)
                            ? key + " needs a property: {\"" + key + "\":\"amount\"}"
                            : "expected one of "
                                    + Problems.list(plain)
                                    + " or an object with one of "
                                    + Problems.list(withProperty)
                                    + ", came "
                                    + Problems.quoted(key)
                                    + Problems.nearest(key, Problems.join(plain, withProperty)));
            return null;
        }
        if (!node.isObject() || node.size() != 1) {
            problems.add(
                    at,
                    "expected one of "
                            + Problems.list(plain)
                            + " or an object with exactly one of "
                            + Problems.list(withProperty)
                            + ", came "
                            + (node.isObject()
                                    ? "the keys " + Problems.list(Problems.names(node))
                                    : Problems.kind(node)));
            return null;
        }
        String key = Problems.names(node).getFirst();
        if (!withProperty.contains(key)) {
            problems.add(
                    Problems.child(at, key),
                    plain.contains(key)
                            ? key + " takes no property: \"measure\":\"" + key + "\""
                            : "expected one of "
                                    + Problems.list(withProperty)
                                    + ", came "
                                    + Problems.quoted(key)
                                    + Problems.nearest(key, Problems.join(plain, withProperty)));
            return null;
        }
        JsonNode given = node.get(key);
        String place = at + "/" + key;
        if (key.equals("share")) {
            return share(given, place, type, operand);
        }
        String name = problems.text(given, place, "the name of a property");
        ProgramModel.Property property = name == null ? null : property(name, place, type, operand);
        if (name == null || property == null || !measurable(key, name, property.type(), place)) {
            return null;
        }
        return new Measure(kindOf(key), name, null);
    }

    private @Nullable Measure share(
            JsonNode given, String at, String type, ProgramModel.Operand operand) {
        if (!given.isObject() || !given.has("of") || !given.has("where") || given.size() != 2) {
            problems.add(
                    at,
                    "expected {\"of\":property,\"where\":…}, came "
                            + (given.isObject()
                                    ? "the keys " + Problems.list(Problems.names(given))
                                    : Problems.kind(given)));
            return null;
        }
        String name = problems.text(given.get("of"), at + "/of", "the name of a property");
        ProgramModel.Property property =
                name == null ? null : property(name, at + "/of", type, operand);
        boolean good =
                name != null
                        && property != null
                        && measurable("share", name, property.type(), at + "/of");
        Where where = where(given.get("where"), at + "/where", type, operand, 1);
        return good && where != null ? new Measure(Measure.Kind.SHARE, name, where) : null;
    }

    private boolean measurable(String measure, String name, ValueType type, String at) {
        boolean fits =
                switch (measure) {
                    case "sum", "average", "share" -> type.isNumeric();
                    case "min", "max" -> type.isNumeric() || type.isTime();
                    default -> type != ValueType.PLACE;
                };
        if (!fits) {
            String expected =
                    switch (measure) {
                        case "sum", "average", "share" -> "a number";
                        case "min", "max" -> "a number, date or timestamp";
                        default -> "anything but a place";
                    };
            problems.add(
                    at,
                    measure
                            + " needs a property that is "
                            + expected
                            + "; "
                            + name
                            + " is of type "
                            + type.key());
        }
        return fits;
    }

    private static Measure.Kind kindOf(String key) {
        return Measure.Kind.valueOf(key.toUpperCase(Locale.ROOT));
    }

    static boolean isNumber(Measure measure, ProgramModel.Operand operand) {
        return switch (measure.kind()) {
            case COUNT, SUM, AVERAGE, DISTINCT -> true;
            case MIN, MAX -> {
                ProgramModel.Property property =
                        measure.property() == null
                                ? null
                                : operand.properties().get(measure.property());
                yield property != null && property.type().isNumeric();
            }
            case SHARE, FAVORITE, FIRST, LAST -> false;
        };
    }

    @Nullable Comparison comparison(
            JsonNode node,
            String at,
            Measure measure,
            ProgramModel.Operand operand,
            List<String> besides) {
        String of = "measure " + measure.kind().name().toLowerCase(Locale.ROOT);
        ProgramModel.Property property =
                measure.property() == null ? null : operand.properties().get(measure.property());
        return switch (measure.kind()) {
            case COUNT, SUM, DISTINCT -> {
                if (node.has("exists")) {
                    problems.add(
                            at + "/exists",
                            "a "
                                    + of.substring(8)
                                    + " always exists, as 0 of no events; use atLeast");
                    yield null;
                }
                yield comparisons.comparison(node, at, ValueType.NUMBER, besides, of);
            }
            case AVERAGE, SHARE -> comparisons.comparison(node, at, ValueType.NUMBER, besides, of);
            case FIRST, LAST -> {
                if (node.has("withinNext")) {
                    problems.add(at + "/withinNext", "events that counted are never after now");
                    yield null;
                }
                yield comparisons.comparison(node, at, ValueType.TIMESTAMP, besides, of);
            }
            case MIN, MAX, FAVORITE -> {
                ValueType type = property == null ? ValueType.STRING : property.type();
                yield comparisons.comparison(
                        node, at, type == ValueType.STRINGS ? ValueType.STRING : type, besides, of);
            }
        };
    }
}
