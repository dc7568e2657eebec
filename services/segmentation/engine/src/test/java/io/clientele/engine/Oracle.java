package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The language once more, from its description and with no cleverness: takes the condition's JSON
 * and the inputs as they came, sorts them, and looks at every one. Shares no code with the engine
 * but the model's list of types.
 */
final class Oracle {
    /** An event as sent. */
    record Sent(
            String source,
            String id,
            String type,
            Instant occurredAt,
            Map<String, Object> properties) {}

    /** A change of an attribute as sent. */
    record Change(String name, @Nullable Object value, Instant at, String source, String id) {}

    /** A recorded change of a membership. */
    record Crossing(String segment, boolean entered, Instant at) {}

    /** Everything sent about one member, in any order. */
    record Inputs(
            List<Sent> events,
            List<Change> changes,
            Set<String> retracted,
            List<Crossing> crossings,
            List<Change> scores) {}

    /** One thing that counts: an event or one of its lines. */
    private record Row(Instant at, Map<String, Object> properties) {}

    private final Map<String, JsonNode> segments;
    private final Map<String, String> attributeTypes;
    private final Map<String, String> propertyTypes;
    private final ZoneId programZone;
    private final DayOfWeek weekStart;
    private final Inputs inputs;
    private final Instant now;

    Oracle(
            Map<String, JsonNode> segments,
            Map<String, String> attributeTypes,
            Map<String, String> propertyTypes,
            ZoneId programZone,
            DayOfWeek weekStart,
            Inputs inputs,
            Instant now) {
        this.segments = segments;
        this.attributeTypes = attributeTypes;
        this.propertyTypes = propertyTypes;
        this.programZone = programZone;
        this.weekStart = weekStart;
        this.inputs = inputs;
        this.now = now;
    }

    boolean matches(JsonNode condition) {
        if (condition.has("all")) {
            for (JsonNode part : condition.get("all")) {
                if (!matches(part)) {
                    return false;
                }
            }
            return true;
        }
        if (condition.has("any")) {
            for (JsonNode part : condition.get("any")) {
                if (matches(part)) {
                    return true;
                }
            }
            return false;
        }
        if (condition.has("of")) {
            int met = 0;
            for (JsonNode part : condition.get("of")) {
                met += matches(part) ? 1 : 0;
            }
            return met >= condition.get("atLeast").intValue();
        }
        if (condition.has("not")) {
            return !matches(condition.get("not"));
        }
        if (condition.has("segment")) {
            JsonNode target = segments.get(condition.get("segment").textValue());
            return target != null && matches(target);
        }
        if (condition.has("trend")) {
            return trend(condition);
        }
        if (condition.has("sequence")) {
            return sequence(condition);
        }
        if (condition.has("entered") || condition.has("left")) {
            return crossed(condition);
        }
        if (condition.has("score")) {
            Change known = latest(condition.get("score").textValue(), inputs.scores());
            return known != null
                    && !isUnset(known.value())
                    && compare(
                            condition,
                            typed(known.value(), scoreType(known.name())),
                            zone(condition),
                            false);
        }
        return condition.has("attribute") ? attribute(condition) : event(condition);
    }

    private boolean crossed(JsonNode leaf) {
        boolean entered = leaf.has("entered");
        String segment = leaf.at(entered ? "/entered/segment" : "/left/segment").textValue();
        for (Crossing crossing : inputs.crossings()) {
            if (crossing.segment().equals(segment)
                    && crossing.entered() == entered
                    && !crossing.at().isAfter(now)
                    && inWindow(crossing.at(), leaf.get("within"), zone(leaf))) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(String one, String other) {
        return fold(one).equals(fold(other));
    }

    private static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private ZoneId zone(JsonNode leaf) {
        if (!leaf.path("zone").asText().equals("member")) {
            return programZone;
        }
        Change change = latest("timeZone");
        try {
            return change != null && change.value() instanceof String name
                    ? ZoneId.of(name)
                    : programZone;
        } catch (java.time.DateTimeException unknown) {
            return programZone;
        }
    }

    private static Instant start(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }

    /** The latest day that has begun. */
    private static LocalDate day(Instant instant, ZoneId zone) {
        LocalDate day = instant.atZone(zone).toLocalDate().plusDays(3);
        while (start(day, zone).isAfter(instant)) {
            day = day.minusDays(1);
        }
        return day;
    }

    private static String scoreType(String name) {
        return switch (name) {
            case "rfm.group" -> "string";
            case "due" -> "date";
            default -> "number";
        };
    }

    private @Nullable Change latest(String name) {
        return latest(name, inputs.changes());
    }

    private @Nullable Change latest(String name, List<Change> changes) {
        List<Change> known = new ArrayList<>();
        for (Change change : changes) {
            if (change.name().equals(name)
                    && !change.at().isAfter(now)
                    && !inputs.retracted().contains(change.source() + "/" + change.id())) {
                known.add(change);
            }
        }
        known.sort(
                Comparator.comparing(Change::at)
                        .thenComparing(Change::source)
                        .thenComparing(Change::id));
        return known.isEmpty() ? null : known.getLast();
    }

    private boolean attribute(JsonNode leaf) {
        String name = leaf.get("attribute").textValue();
        boolean age = name.equals("age");
        Change change = latest(age ? "birthDate" : name);
        if (change == null || isUnset(change.value())) {
            return false;
        }
        Object value =
                typed(change.value(), attributeTypes.getOrDefault(age ? "birthDate" : name, "?"));
        if (age) {
            LocalDate birth = (LocalDate) value;
            LocalDate today = day(now, zone(leaf));
            int years = -1;
            while (!birth.plusYears(years + 1L).isAfter(today)) {
                years++;
            }
            if (years < 0) {
                return false;
            }
            value = BigDecimal.valueOf(years);
        }
        if (leaf.has("setWithin")) {
            Duration duration = Duration.parse(leaf.get("setWithin").textValue());
            if (!change.at().plus(duration).isAfter(now)) {
                return false;
            }
        }
        return compare(leaf, value, zone(leaf), leaf.has("setWithin"));
    }

    private static boolean isUnset(@Nullable Object value) {
        return value == null
                || value.equals("")
                || (value instanceof List<?> list
                        && list.stream().allMatch(element -> element.equals("")));
    }

    private static Object typed(@Nullable Object value, String type) {
        if (value == null) {
            throw new IllegalStateException("unset");
        }
        return switch (type) {
            case "number", "integer" -> new BigDecimal(value.toString());
            case "date" -> LocalDate.parse(value.toString());
            case "timestamp" -> OffsetDateTime.parse(value.toString()).toInstant();
            default -> value;
        };
    }

    private List<Row> rows(String type) {
        List<Sent> sorted = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Sent event : inputs.events()) {
            String reference = event.source() + "/" + event.id();
            if (!inputs.retracted().contains(reference) && seen.add(reference)) {
                sorted.add(event);
            }
        }
        sorted.sort(
                Comparator.comparing(Sent::occurredAt)
                        .thenComparing(Sent::source)
                        .thenComparing(Sent::id));
        List<Row> rows = new ArrayList<>();
        for (Sent event : sorted) {
            boolean spend = type.equals("spend") || type.equals("spend.item");
            boolean wanted =
                    spend
                            ? event.type().equals("purchase") || event.type().equals("return")
                            : event.type().equals(type.replace(".item", ""));
            if (!wanted) {
                continue;
            }
            boolean minus = spend && event.type().equals("return");
            if (!type.endsWith(".item")) {
                rows.add(new Row(event.occurredAt(), signed(event.properties(), minus)));
            } else if (event.properties().get("items") instanceof List<?> items) {
                for (Object item : items) {
                    Map<String, Object> line = new HashMap<>();
                    ((Map<?, ?>) item).forEach((key, value) -> line.put((String) key, value));
                    for (String taken : List.of("store", "channel")) {
                        Object value = event.properties().get(taken);
                        if (value != null) {
                            line.putIfAbsent(taken, value);
                        }
                    }
                    rows.add(new Row(event.occurredAt(), signed(line, minus)));
                }
            }
        }
        return rows;
    }

    private static Map<String, Object> signed(Map<String, Object> properties, boolean minus) {
        Map<String, Object> signed = new HashMap<>(properties);
        if (minus) {
            for (String name : List.of("amount", "quantity", "cost")) {
                signed.computeIfPresent(
                        name, (key, value) -> new BigDecimal(value.toString()).negate());
            }
        }
        return signed;
    }

    private boolean event(JsonNode leaf) {
        ZoneId zone = zone(leaf);
        List<Row> counted = new ArrayList<>();
        for (Row row : rows(leaf.get("event").textValue())) {
            if (!row.at().isAfter(now)
                    && inWindow(row.at(), leaf.get("within"), zone)
                    && (!leaf.has("where") || where(leaf.get("where"), row, zone))) {
                counted.add(row);
            }
        }
        JsonNode measure = leaf.get("measure");
        if (measure == null || measure.isTextual()) {
            String kind = measure == null ? "count" : measure.textValue();
            if (kind.equals("count")) {
                BigDecimal count = BigDecimal.valueOf(counted.size());
                boolean plain = true;
                for (String key : NUMBERS) {
                    plain &= !leaf.has(key);
                }
                return plain ? counted.size() >= 1 : compare(leaf, count, zone, false);
            }
            if (counted.isEmpty()) {
                return false;
            }
            Row row = kind.equals("first") ? counted.getFirst() : counted.getLast();
            return compare(leaf, row.at(), zone, false);
        }
        String kind = measure.fieldNames().next();
        if (kind.equals("share")) {
            return share(leaf, measure.get("share"), counted, zone);
        }
        String property = measure.get(kind).textValue();
        List<Object> values = new ArrayList<>();
        List<Instant> times = new ArrayList<>();
        for (Row row : counted) {
            Object value = row.properties().get(property);
            if (!isUnset(value)) {
                Object typed = typed(value, propertyTypes.getOrDefault(property, "?"));
                if (typed instanceof List<?> several) {
                    several.stream().filter(one -> !one.equals("")).forEach(values::add);
                } else {
                    values.add(typed);
                }
                while (times.size() < values.size()) {
                    times.add(row.at());
                }
            }
        }
        switch (kind) {
            case "sum" -> {
                return compare(leaf, sum(values), zone, false);
            }
            case "average" -> {
                return !values.isEmpty() && average(leaf, sum(values), values.size());
            }
            case "min", "max" -> {
                if (values.isEmpty()) {
                    return false;
                }
                List<Object> sorted = new ArrayList<>(values);
                sorted.sort(Oracle::order);
                return compare(
                        leaf,
                        kind.equals("min") ? sorted.getFirst() : sorted.getLast(),
                        zone,
                        false);
            }
            case "distinct" -> {
                Set<Object> different = new HashSet<>();
                values.forEach(value -> different.add(key(value)));
                return compare(leaf, BigDecimal.valueOf(different.size()), zone, false);
            }
            default -> {
                return favorite(leaf, values, times, zone);
            }
        }
    }

    private boolean trend(JsonNode leaf) {
        JsonNode trend = leaf.get("trend");
        Duration period = Duration.parse(trend.get("period").textValue());
        BigDecimal[] a = measured(trend, now.minus(period), now);
        BigDecimal[] b = measured(trend, now.minus(period).minus(period), now.minus(period));
        if (a == null || b == null || b[0].signum() == 0) {
            return false;
        }
        // a = an / ad and b = bn / bd, so (a - b) / b = (an bd - bn ad) / (ad bn).
        BigDecimal above = a[0].multiply(b[1]).subtract(b[0].multiply(a[1]));
        BigDecimal below = a[1].multiply(b[0]);
        return below.signum() < 0
                ? fraction(leaf, above.negate(), below.negate())
                : fraction(leaf, above, below);
    }

    /** A measure in (after, until] as numerator and denominator; null if it is unset. */
    private BigDecimal @Nullable [] measured(JsonNode trend, Instant after, Instant until) {
        List<Row> counted = new ArrayList<>();
        for (Row row : rows(trend.get("event").textValue())) {
            if (row.at().isAfter(after)
                    && !row.at().isAfter(until)
                    && (!trend.has("where") || where(trend.get("where"), row, programZone))) {
                counted.add(row);
            }
        }
        if (!trend.has("measure")) {
            return new BigDecimal[] {BigDecimal.valueOf(counted.size()), BigDecimal.ONE};
        }
        String kind = trend.get("measure").fieldNames().next();
        String property = trend.get("measure").get(kind).textValue();
        List<Object> values = new ArrayList<>();
        for (Row row : counted) {
            Object value = row.properties().get(property);
            if (!isUnset(value)) {
                values.add(typed(value, propertyTypes.getOrDefault(property, "?")));
            }
        }
        if (kind.equals("sum")) {
            return new BigDecimal[] {sum(values), BigDecimal.ONE};
        }
        if (values.isEmpty()) {
            return null;
        }
        values.sort(Oracle::order);
        return switch (kind) {
            case "average" -> new BigDecimal[] {sum(values), BigDecimal.valueOf(values.size())};
            case "min" -> new BigDecimal[] {(BigDecimal) values.getFirst(), BigDecimal.ONE};
            default -> new BigDecimal[] {(BigDecimal) values.getLast(), BigDecimal.ONE};
        };
    }

    /** Tries every choice of events for the steps. */
    private boolean sequence(JsonNode leaf) {
        ZoneId zone = zone(leaf);
        return chain(leaf, new ArrayList<>(), zone);
    }

    private boolean chain(JsonNode leaf, List<Instant> times, ZoneId zone) {
        JsonNode steps = leaf.get("sequence");
        Duration span = Duration.parse(leaf.get("span").textValue());
        if (times.size() == steps.size()) {
            return happened(leaf, times.getLast(), zone);
        }
        JsonNode step = steps.get(times.size());
        List<Instant> candidates = new ArrayList<>();
        for (Row row : rows(step.get("event").textValue())) {
            if ((times.isEmpty() || row.at().isAfter(times.getLast()))
                    && (!step.has("where") || where(step.get("where"), row, zone))) {
                candidates.add(row.at());
            }
        }
        if (step.has("absent")) {
            Instant over = times.getLast().plus(span);
            return candidates.stream().noneMatch(at -> !at.isAfter(over))
                    && happened(leaf, over, zone);
        }
        for (Instant candidate : candidates) {
            if (times.isEmpty() || !candidate.isAfter(times.getFirst().plus(span))) {
                List<Instant> more = new ArrayList<>(times);
                more.add(candidate);
                if (chain(leaf, more, zone)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean happened(JsonNode leaf, Instant at, ZoneId zone) {
        return !at.isAfter(now) && inWindow(at, leaf.get("within"), zone);
    }

    private static Object key(Object value) {
        if (value instanceof BigDecimal number) {
            return number.stripTrailingZeros();
        }
        return value instanceof String text ? fold(text) : value;
    }

    private static int order(Object one, Object other) {
        if (one instanceof BigDecimal first && other instanceof BigDecimal second) {
            return first.compareTo(second);
        }
        if (one instanceof LocalDate first && other instanceof LocalDate second) {
            return first.compareTo(second);
        }
        if (one instanceof Boolean first && other instanceof Boolean second) {
            return first.compareTo(second);
        }
        if (one instanceof String first && other instanceof String second) {
            return Arrays.compare(first.codePoints().toArray(), second.codePoints().toArray());
        }
        return ((Instant) one).compareTo((Instant) other);
    }

    private boolean favorite(JsonNode leaf, List<Object> values, List<Instant> times, ZoneId zone) {
        Map<Object, Integer> frequencies = new LinkedHashMap<>();
        Map<Object, Instant> latest = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            frequencies.merge(key(values.get(i)), 1, Integer::sum);
            latest.put(key(values.get(i)), times.get(i));
        }
        List<Object> keys = new ArrayList<>(frequencies.keySet());
        keys.sort(
                Comparator.<Object>comparingInt(key -> frequencies.getOrDefault(key, 0))
                        .thenComparing(key -> latest.getOrDefault(key, Instant.MIN))
                        .thenComparing(Oracle::order));
        return !keys.isEmpty() && compare(leaf, keys.getLast(), zone, false);
    }

    private static BigDecimal sum(List<Object> values) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Object value : values) {
            sum = sum.add((BigDecimal) value);
        }
        return sum;
    }

    private boolean share(JsonNode leaf, JsonNode share, List<Row> counted, ZoneId zone) {
        BigDecimal part = BigDecimal.ZERO;
        BigDecimal total = BigDecimal.ZERO;
        for (Row row : counted) {
            Object value = row.properties().get(share.get("of").textValue());
            if (value != null) {
                BigDecimal number = new BigDecimal(value.toString());
                total = total.add(number);
                if (where(share.get("where"), row, zone)) {
                    part = part.add(number);
                }
            }
        }
        return total.signum() > 0 && fraction(leaf, part, total);
    }

    private static boolean average(JsonNode leaf, BigDecimal sum, int count) {
        return fraction(leaf, sum, BigDecimal.valueOf(count));
    }

    /** Compares part / whole with bounds by comparing part with bound x whole. */
    private static boolean fraction(JsonNode leaf, BigDecimal part, BigDecimal whole) {
        if (leaf.has("exists")) {
            return true;
        }
        if (leaf.has("between")) {
            return part.compareTo(leaf.get("between").get(0).decimalValue().multiply(whole)) >= 0
                    && part.compareTo(leaf.get("between").get(1).decimalValue().multiply(whole))
                            <= 0;
        }
        if (leaf.has("in")) {
            for (JsonNode one : leaf.get("in")) {
                if (part.compareTo(one.decimalValue().multiply(whole)) == 0) {
                    return true;
                }
            }
            return false;
        }
        for (String key : NUMBERS) {
            if (leaf.has(key)) {
                return ordered(key, part.compareTo(leaf.get(key).decimalValue().multiply(whole)));
            }
        }
        throw new IllegalStateException(leaf.toString());
    }

    private static final List<String> NUMBERS =
            List.of("equals", "greaterThan", "atLeast", "lessThan", "atMost", "in", "between");

    private static boolean ordered(String key, int order) {
        return switch (key) {
            case "equals" -> order == 0;
            case "greaterThan" -> order > 0;
            case "atLeast" -> order >= 0;
            case "lessThan" -> order < 0;
            case "atMost" -> order <= 0;
            default -> throw new IllegalStateException(key);
        };
    }

    private boolean inWindow(Instant at, @Nullable JsonNode window, ZoneId zone) {
        if (window == null) {
            return true;
        }
        if (window.has("last")) {
            return at.isAfter(now.minus(Duration.parse(window.get("last").textValue())));
        }
        if (window.path("from").has("ago") || window.path("to").has("ago")) {
            return (!window.has("from")
                            || at.isAfter(
                                    now.minus(Duration.parse(window.at("/from/ago").textValue()))))
                    && (!window.has("to")
                            || !at.isAfter(
                                    now.minus(Duration.parse(window.at("/to/ago").textValue()))));
        }
        if (window.has("current") || window.has("previous")) {
            boolean current = window.has("current");
            String unit = window.get(current ? "current" : "previous").textValue();
            LocalDate start = unitStart(unit, day(now, zone));
            if (current) {
                return !at.isBefore(start(start, zone));
            }
            LocalDate before = unitStart(unit, start.minusDays(1));
            return !at.isBefore(start(before, zone)) && at.isBefore(start(start, zone));
        }
        return (!window.has("from") || !at.isBefore(literal(window.get("from").textValue(), zone)))
                && (!window.has("to") || at.isBefore(literal(window.get("to").textValue(), zone)));
    }

    private LocalDate unitStart(String unit, LocalDate inside) {
        LocalDate day = inside;
        while (!begins(unit, day)) {
            day = day.minusDays(1);
        }
        return day;
    }

    private boolean begins(String unit, LocalDate day) {
        return switch (unit) {
            case "day" -> true;
            case "week" -> day.getDayOfWeek() == weekStart;
            case "month" -> day.getDayOfMonth() == 1;
            case "quarter" -> day.getDayOfMonth() == 1 && day.getMonthValue() % 3 == 1;
            case "year" -> day.getDayOfYear() == 1;
            default -> throw new IllegalStateException(unit);
        };
    }

    private static Instant literal(String text, ZoneId zone) {
        return text.contains("T")
                ? OffsetDateTime.parse(text).toInstant()
                : start(LocalDate.parse(text), zone);
    }

    private boolean where(JsonNode where, Row row, ZoneId zone) {
        if (where.has("all")) {
            for (JsonNode part : where.get("all")) {
                if (!where(part, row, zone)) {
                    return false;
                }
            }
            return true;
        }
        if (where.has("any")) {
            for (JsonNode part : where.get("any")) {
                if (where(part, row, zone)) {
                    return true;
                }
            }
            return false;
        }
        if (where.has("not")) {
            return !where(where.get("not"), row, zone);
        }
        String name = where.get("property").textValue();
        Object value = row.properties().get(name);
        return !isUnset(value)
                && compare(where, typed(value, propertyTypes.getOrDefault(name, "?")), zone, false);
    }

    private boolean compare(JsonNode leaf, Object value, ZoneId zone, boolean mayBeBare) {
        if (leaf.has("exists")) {
            return true;
        }
        if (value instanceof BigDecimal number) {
            for (String key : NUMBERS) {
                if (leaf.has(key)) {
                    return fraction(leaf, number, BigDecimal.ONE);
                }
            }
        }
        if (value instanceof Boolean flag && leaf.has("equals")) {
            return flag == leaf.get("equals").booleanValue();
        }
        if (value instanceof String text) {
            if (leaf.has("equals")) {
                return same(text, leaf.get("equals").textValue());
            }
            if (leaf.has("in")) {
                return anySame(leaf.get("in"), text);
            }
            if (leaf.has("contains")) {
                return fold(text).contains(fold(leaf.get("contains").textValue()));
            }
            if (leaf.has("startsWith")) {
                return fold(text).startsWith(fold(leaf.get("startsWith").textValue()));
            }
        }
        if (value instanceof List<?> elements) {
            return set(leaf, elements, mayBeBare);
        }
        if (value instanceof Map<?, ?> place && leaf.has("withinKm")) {
            return near(leaf.get("withinKm"), place);
        }
        if (value instanceof LocalDate || value instanceof Instant) {
            return time(leaf, value, zone, mayBeBare);
        }
        if (mayBeBare) {
            return true;
        }
        throw new IllegalStateException(leaf + " of " + value);
    }

    private static boolean anySame(JsonNode list, String text) {
        for (JsonNode one : list) {
            if (same(text, one.textValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean set(JsonNode leaf, List<?> elements, boolean mayBeBare) {
        if (leaf.has("contains")) {
            return elements.stream()
                    .anyMatch(element -> same((String) element, leaf.get("contains").textValue()));
        }
        if (leaf.has("containsAny")) {
            return elements.stream()
                    .anyMatch(element -> anySame(leaf.get("containsAny"), (String) element));
        }
        if (leaf.has("containsAll")) {
            for (JsonNode wanted : leaf.get("containsAll")) {
                if (elements.stream()
                        .noneMatch(element -> same((String) element, wanted.textValue()))) {
                    return false;
                }
            }
            return true;
        }
        return mayBeBare;
    }

    /** By the chord between two points on the sphere, not by the haversine formula. */
    private static boolean near(JsonNode near, Map<?, ?> place) {
        double[] one = point(degrees(place, "latitude"), degrees(place, "longitude"));
        double[] other =
                switch (near.at("/of/store").asText()) {
                    case "s1" -> point(13.5, 100.5);
                    case "s2" -> point(13.8, 100.25);
                    default ->
                            point(
                                    near.at("/of/latitude").doubleValue(),
                                    near.at("/of/longitude").doubleValue());
                };
        double squares = 0;
        for (int i = 0; i < 3; i++) {
            squares += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return 2 * 6371.0088 * Math.asin(Math.sqrt(squares) / 2) <= near.get("km").doubleValue();
    }

    private static double degrees(Map<?, ?> place, String name) {
        return new BigDecimal(String.valueOf(place.get(name))).doubleValue();
    }

    private static double[] point(double latitude, double longitude) {
        double north = Math.toRadians(latitude);
        double east = Math.toRadians(longitude);
        return new double[] {
            Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)
        };
    }

    private boolean time(JsonNode leaf, Object value, ZoneId zone, boolean mayBeBare) {
        for (String key : List.of("withinLast", "withinNext")) {
            if (leaf.has(key)) {
                Duration duration = Duration.parse(leaf.get(key).textValue());
                boolean last = key.equals("withinLast");
                if (value instanceof Instant at) {
                    return last
                            ? !at.isAfter(now) && at.isAfter(now.minus(duration))
                            : at.isAfter(now) && !at.isAfter(now.plus(duration));
                }
                LocalDate today = day(now, zone);
                for (int i = 0; i < duration.toDays(); i++) {
                    if (value.equals(today.plusDays(last ? -i : i))) {
                        return true;
                    }
                }
                return false;
            }
        }
        if (leaf.has("anniversaryWithinNext")) {
            long days = Duration.parse(leaf.get("anniversaryWithinNext").textValue()).toDays();
            LocalDate date = value instanceof Instant at ? day(at, zone) : (LocalDate) value;
            LocalDate today = day(now, zone);
            for (int i = 0; i < days; i++) {
                LocalDate candidate = today.plusDays(i);
                boolean leapling =
                        date.getMonthValue() == 2
                                && date.getDayOfMonth() == 29
                                && !candidate.isLeapYear();
                if (candidate.getYear() > date.getYear()
                        && candidate.getMonthValue() == date.getMonthValue()
                        && candidate.getDayOfMonth() == (leapling ? 28 : date.getDayOfMonth())) {
                    return true;
                }
            }
            return false;
        }
        if (leaf.has("before")) {
            return compareTime(value, leaf.get("before"), zone) < 0;
        }
        if (leaf.has("after")) {
            return compareTime(value, leaf.get("after"), zone) > 0;
        }
        if (leaf.has("equals")) {
            return compareTime(value, leaf.get("equals"), zone) == 0;
        }
        if (leaf.has("between")) {
            return compareTime(value, leaf.get("between").get(0), zone) >= 0
                    && compareTime(value, leaf.get("between").get(1), zone) <= 0;
        }
        if (leaf.has("in")) {
            for (JsonNode one : leaf.get("in")) {
                if (compareTime(value, one, zone) == 0) {
                    return true;
                }
            }
            return false;
        }
        return mayBeBare;
    }

    private static int compareTime(Object value, JsonNode bound, ZoneId zone) {
        String text = bound.textValue();
        if (value instanceof LocalDate day && !text.contains("T")) {
            return day.compareTo(LocalDate.parse(text));
        }
        Instant instant = value instanceof LocalDate day ? start(day, zone) : (Instant) value;
        return instant.truncatedTo(ChronoUnit.MILLIS).compareTo(literal(text, zone));
    }
}
