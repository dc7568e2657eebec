package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Comparison.Direction;
import io.clientele.engine.Condition.Comparison.Operator;
import io.clientele.engine.Condition.Comparison.Quantifier;
import io.clientele.engine.Condition.Literal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads how a value is compared. What returns null has noted why. For one thread. */
final class ComparisonReader {
    static final int MAX_VALUES = 1_000;

    private static final Map<ValueType, List<String>> COMPARATORS = comparators();
    private static final Set<String> ALL_COMPARATORS = allComparators();

    private final ProgramModel model;
    private final Problems problems;
    private final LiteralReader literals;

    ComparisonReader(ProgramModel model, Problems problems, LiteralReader literals) {
        this.model = model;
        this.problems = problems;
        this.literals = literals;
    }

    /**
     * The one comparator among the keys of a leaf.
     *
     * @param type what is compared
     * @param besides keys that are no comparators
     * @param operand what to call what is compared
     */
    @Nullable Comparison comparison(
            JsonNode node, String at, ValueType type, List<String> besides, String operand) {
        List<String> allowed = COMPARATORS.getOrDefault(type, List.of());
        List<String> keys = comparatorsOf(node, besides);
        if (keys.isEmpty()) {
            problems.add(at, operand + " needs a comparator, one of " + Problems.list(allowed));
            return null;
        }
        boolean known = true;
        for (String key : keys) {
            if (!ALL_COMPARATORS.contains(key)) {
                List<String> valid = Problems.join(allowed, besides.subList(1, besides.size()));
                problems.add(
                        Problems.child(at, key),
                        "expected one of "
                                + Problems.list(valid)
                                + ", came "
                                + Problems.quoted(key)
                                + Problems.nearest(key, valid));
                known = false;
            } else if (!allowed.contains(key)) {
                problems.add(
                        Problems.child(at, key),
                        key
                                + " does not go with "
                                + operand
                                + ", which is of type "
                                + type.key()
                                + "; expected one of "
                                + Problems.list(allowed)
                                + hint(key, type));
                known = false;
            }
        }
        if (!known) {
            return null;
        }
        if (keys.size() > 1) {
            problems.add(
                    at,
                    "expected one comparator, came "
                            + Problems.list(keys)
                            + "; combine two leaves with all, or use between");
            return null;
        }
        String key = keys.getFirst();
        return comparison(key, node.get(key), at + "/" + key, type);
    }

    // Comparators

    private static Map<ValueType, List<String>> comparators() {
        List<String> numbers =
                List.of(
                        "equals",
                        "in",
                        "greaterThan",
                        "atLeast",
                        "lessThan",
                        "atMost",
                        "between",
                        "exists");
        List<String> times =
                List.of(
                        "equals",
                        "in",
                        "between",
                        "before",
                        "after",
                        "withinLast",
                        "withinNext",
                        "anniversaryWithinNext",
                        "exists");
        Map<ValueType, List<String>> comparators = new EnumMap<>(ValueType.class);
        comparators.put(
                ValueType.STRING, List.of("equals", "in", "contains", "startsWith", "exists"));
        comparators.put(ValueType.NUMBER, numbers);
        comparators.put(ValueType.INTEGER, numbers);
        comparators.put(ValueType.BOOLEAN, List.of("equals", "exists"));
        comparators.put(ValueType.DATE, times);
        comparators.put(ValueType.TIMESTAMP, times);
        comparators.put(ValueType.PLACE, List.of("withinKm", "exists"));
        comparators.put(
                ValueType.STRINGS, List.of("contains", "containsAny", "containsAll", "exists"));
        return comparators;
    }

    private static Set<String> allComparators() {
        Set<String> all = new TreeSet<>();
        COMPARATORS.values().forEach(all::addAll);
        return all;
    }

    static List<String> comparatorsOf(JsonNode node, List<String> besides) {
        return Problems.names(node).stream().filter(key -> !besides.contains(key)).toList();
    }

    private static String hint(String key, ValueType type) {
        if (type.isTime()) {
            return switch (key) {
                case "greaterThan", "atLeast" -> "; did you mean after?";
                case "lessThan", "atMost" -> "; did you mean before?";
                default -> "";
            };
        }
        if (type == ValueType.STRINGS) {
            return switch (key) {
                case "equals" -> "; did you mean contains?";
                case "in" -> "; did you mean containsAny?";
                default -> "";
            };
        }
        return "";
    }

    private @Nullable Comparison comparison(String key, JsonNode given, String at, ValueType type) {
        switch (key) {
            case "equals",
                    "greaterThan",
                    "atLeast",
                    "lessThan",
                    "atMost",
                    "contains",
                    "startsWith",
                    "before",
                    "after" -> {
                Literal literal = literals.literal(given, at, type);
                return literal == null ? null : new Comparison.Bound(operator(key), literal);
            }
            case "in", "containsAny", "containsAll" -> {
                return several(key, given, at, type);
            }
            case "between" -> {
                return between(given, at, type);
            }
            case "withinLast", "withinNext", "anniversaryWithinNext" -> {
                boolean days = type == ValueType.DATE || key.startsWith("anniversary");
                Duration duration = literals.duration(given, at, false, days);
                return duration == null ? null : new Comparison.Relative(direction(key), duration);
            }
            case "withinKm" -> {
                return near(given, at);
            }
            case "exists" -> {
                if (!given.isBoolean() || !given.booleanValue()) {
                    problems.add(
                            at,
                            "expected true, came "
                                    + Problems.shown(given)
                                    + "; for members without a value use {\"not\":{…"
                                    + " \"exists\":true}}");
                    return null;
                }
                return new Comparison.Exists();
            }
            default -> throw new AssertionError(key);
        }
    }

    private static Operator operator(String key) {
        for (Operator operator : Operator.values()) {
            if (ConditionWriter.key(operator).equals(key)) {
                return operator;
            }
        }
        throw new AssertionError(key);
    }

    private static Direction direction(String key) {
        for (Direction direction : Direction.values()) {
            if (ConditionWriter.key(direction).equals(key)) {
                return direction;
            }
        }
        throw new AssertionError(key);
    }

    private @Nullable Comparison several(String key, JsonNode given, String at, ValueType type) {
        if (!given.isArray() || given.isEmpty() || given.size() > MAX_VALUES) {
            problems.add(
                    at,
                    "expected a list of 1 to "
                            + MAX_VALUES
                            + " values, came "
                            + (given.isArray() ? given.size() + " values" : Problems.kind(given)));
            return null;
        }
        List<Literal> values = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            Literal literal = literals.literal(given.get(i), at + "/" + i, type);
            if (literal != null) {
                values.add(literal);
            }
        }
        Quantifier quantifier =
                switch (key) {
                    case "in" -> Quantifier.IN;
                    case "containsAny" -> Quantifier.CONTAINS_ANY;
                    default -> Quantifier.CONTAINS_ALL;
                };
        return values.size() == given.size() ? new Comparison.Several(quantifier, values) : null;
    }

    private @Nullable Comparison between(JsonNode given, String at, ValueType type) {
        if (!given.isArray() || given.size() != 2) {
            problems.add(
                    at,
                    "expected a list of two values, the lowest and the highest, came "
                            + (given.isArray() ? given.size() + " values" : Problems.kind(given)));
            return null;
        }
        Literal low = literals.literal(given.get(0), at + "/0", type);
        Literal high = literals.literal(given.get(1), at + "/1", type);
        if (low == null || high == null) {
            return null;
        }
        if (literals.notAscending(low, high, false)) {
            problems.add(
                    at,
                    "expected the lowest first, came "
                            + Problems.shown(given.get(0))
                            + " and "
                            + Problems.shown(given.get(1)));
            return null;
        }
        return new Comparison.Between(low, high);
    }

    private @Nullable Comparison near(JsonNode given, String at) {
        JsonNode of = given.get("of");
        JsonNode km = given.get("km");
        if (!given.isObject() || of == null || km == null || given.size() != 2) {
            problems.add(
                    at,
                    "expected {\"of\":{\"latitude\":…,\"longitude\":…},\"km\":5} or"
                            + " {\"of\":{\"store\":key},\"km\":5}, came "
                            + (given.isObject()
                                    ? "the keys " + Problems.list(Problems.names(given))
                                    : Problems.kind(given)));
            return null;
        }
        BigDecimal distance = km.isNumber() ? LiteralReader.exact(km) : null;
        if (distance == null || distance.signum() < 0) {
            problems.add(
                    at + "/km",
                    "expected a number of kilometers, 0 or more, with at most 6 decimal places,"
                            + " came "
                            + Problems.shown(km));
        }
        if (of.isObject() && of.size() == 1 && of.has("store")) {
            return nearStore(of.get("store"), at + "/of/store", distance);
        }
        if (!of.isObject() || of.size() != 2 || !of.has("latitude") || !of.has("longitude")) {
            problems.add(
                    at + "/of",
                    "expected {\"latitude\":…,\"longitude\":…} or {\"store\":key}, came "
                            + (of.isObject()
                                    ? "the keys " + Problems.list(Problems.names(of))
                                    : Problems.kind(of)));
            return null;
        }
        Double latitude = degrees(of.get("latitude"), at + "/of/latitude", 90);
        Double longitude = degrees(of.get("longitude"), at + "/of/longitude", 180);
        return latitude == null || longitude == null || distance == null || distance.signum() < 0
                ? null
                : new Comparison.Near(latitude, longitude, distance, null);
    }

    private @Nullable Comparison nearStore(
            JsonNode given, String at, @Nullable BigDecimal distance) {
        String key = problems.text(given, at, "the key of a store");
        if (key == null) {
            return null;
        }
        Value.Place place = model.store(key);
        if (place == null) {
            Set<String> keys = model.storeKeys();
            problems.add(
                    at,
                    "unknown store "
                            + Problems.quoted(key)
                            + Problems.nearest(key, keys)
                            + Problems.known("stores", keys));
            return null;
        }
        return distance == null || distance.signum() < 0
                ? null
                : new Comparison.Near(place.latitude(), place.longitude(), distance, key);
    }

    private @Nullable Double degrees(JsonNode given, String at, int limit) {
        if (!given.isNumber() || !(Math.abs(given.doubleValue()) <= limit)) {
            problems.add(
                    at,
                    "expected degrees from -"
                            + limit
                            + " to "
                            + limit
                            + ", came "
                            + Problems.shown(given));
            return null;
        }
        return given.doubleValue();
    }
}
