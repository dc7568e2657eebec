package io.clientele.ingestion.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.common.json.Json;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.ProgramId;
import io.clientele.ingestion.registry.Registry;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies a mapping: rows in, one event's JSON out. A pure function of the rows, the mapping and
 * the program's schemas; times are moved by a fixed amount. Not thread-safe.
 */
final class RowMapper {
    private static final String CORRECT =
            "Correct the row or the mapping and import the file again; what was accepted has no"
                    + " second effect.";

    /** A sum of 1 and 1e999999999 would fill the heap; no number of an event has as many. */
    private static final int MOST_PLACES = 1_000;

    private final Mapping mapping;
    private final String source;
    private final List<String> columns;
    private final Map<String, Integer> positions = new HashMap<>();
    private final Map<String, JsonNode> schemas = new HashMap<>();
    private final Map<String, String> attributeTypes = new HashMap<>();
    private final @Nullable DateTimeFormatter times;
    private final ZoneId zone;
    private final long shiftMillis;

    /**
     * @param mapping what to apply
     * @param program whose schemas tell numbers from texts
     * @param source of the events
     * @param shiftMillis by how much times are moved
     */
    RowMapper(
            Mapping mapping,
            Registry registry,
            ProgramId program,
            String source,
            long shiftMillis) {
        this.mapping = mapping;
        this.source = source;
        this.shiftMillis = shiftMillis;
        this.columns = List.copyOf(mapping.columns());
        for (int i = 0; i < columns.size(); i++) {
            positions.put(columns.get(i), i);
        }
        var types = new ArrayList<String>();
        types.add(mapping.type());
        mapping.rules().stream()
                .map(Mapping.Rule::type)
                .filter(it -> it != null)
                .forEach(types::add);
        for (var type : types) {
            registry.eventType(program, type)
                    .ifPresent(it -> schemas.put(type, Json.mapper().valueToTree(it.schema())));
        }
        for (var name : mapping.attributes().keySet()) {
            registry.attribute(program, name).ifPresent(it -> attributeTypes.put(name, it.type()));
        }
        var format = mapping.occurredAt().format();
        times =
                format == null || format.startsWith("epoch")
                        ? null
                        : DateTimeFormatter.ofPattern(format, Locale.ENGLISH);
        var named = mapping.occurredAt().zone();
        zone = ZoneId.of(named == null ? registry.program(program).timeZone() : named);
    }

    /** Why rows make no event. */
    record Rejection(String reason, String remedy) {}

    /** What rows make. */
    sealed interface Result {
        /** An event, as {@code POST /v1/events} takes it. */
        record Event(ObjectNode event) implements Result {}

        /** None. */
        record None(Rejection rejection) implements Result {}
    }

    /** The columns that rows must have, in this order. */
    List<String> columns() {
        return columns;
    }

    /** Rows of one key are one event; null if the mapping does not group. */
    @Nullable String groupKey(Row row) {
        return mapping.groupBy().isEmpty() ? null : joined(row, mapping.groupBy(), "\u001F");
    }

    private String joined(Row row, List<String> names, String separator) {
        var text = new StringBuilder();
        for (var name : names) {
            if (!text.isEmpty()) {
                text.append(separator);
            }
            text.append(raw(row, name));
        }
        return text.toString();
    }

    /**
     * Makes an event.
     *
     * @param rows of one group, in a fixed order; or one row
     * @param ordinal which of several equal rows this is, from 1, where content identifies events
     */
    Result map(List<Row> rows, int ordinal) {
        try {
            return new Result.Event(event(rows, ordinal));
        } catch (RowException e) {
            return new Result.None(e.rejection);
        }
    }

    private ObjectNode event(List<Row> rows, int ordinal) {
        var first = rows.getFirst();
        for (var row : rows) {
            check(row);
        }
        var rule = rule(first);
        for (var row : rows) {
            if (rule(row) != rule) {
                throw new RowException(
                        "The rows of this group are of different kinds",
                        "Add the column that \"when\" looks at to groupBy.");
            }
        }
        if (rule != null && rule.reject() != null) {
            throw new RowException(rule.reject(), "None: the mapping leaves such rows out.");
        }
        var type = rule == null || rule.type() == null ? mapping.type() : rule.type();
        var schema = schemas.getOrDefault(type, JsonNodeFactory.instance.objectNode());
        Set<String> negate = rule == null ? Set.of() : rule.negate();
        var event = JsonNodeFactory.instance.objectNode();
        event.put("type", type).put("source", source);
        putWho(event, rows);
        Instant earliest = null;
        for (var row : rows) {
            var at = instant(row);
            earliest = earliest == null || at.isBefore(earliest) ? at : earliest;
        }
        event.put("id", id(rows, ordinal));
        event.put("occurredAt", String.valueOf(earliest));
        var properties = event.putObject("properties");
        for (var property : mapping.properties().entrySet()) {
            var value =
                    group(
                            property.getKey(),
                            property.getValue(),
                            rows,
                            negate,
                            schema.path("properties").path(property.getKey()));
            if (value != null) {
                properties.set(property.getKey(), value);
            }
        }
        var knowsCurrency = schema.path("properties").has("currency");
        if (mapping.currency() != null && knowsCurrency && !properties.has("currency")) {
            properties.put("currency", mapping.currency());
        }
        var lineSchema = schema.path("properties").path("items").path("items").path("properties");
        if (!mapping.items().isEmpty() && !lineSchema.isMissingNode()) {
            var items = properties.putArray("items");
            for (var row : rows) {
                var item = items.addObject();
                for (var property : mapping.items().entrySet()) {
                    var value =
                            single(
                                    property.getValue(),
                                    row,
                                    negate,
                                    lineSchema.path(property.getKey()));
                    if (value != null) {
                        item.set(property.getKey(), value);
                    }
                }
            }
        }
        return event;
    }

    /**
     * What a row says about its member's attributes.
     *
     * @param who the event's fields that name the member, as JSON
     * @param at since when
     * @param attributes by name, as JSON
     */
    record Declared(String who, Instant at, String attributes) {}

    /** What the row declares, or null if nothing, or if the row makes no event anyway. */
    @Nullable Declared declared(Row row) {
        if (mapping.attributes().isEmpty() || row.failure() != null) {
            return null;
        }
        try {
            var rule = rule(row);
            if (rule != null && rule.reject() != null) {
                return null;
            }
            var who = JsonNodeFactory.instance.objectNode();
            putWho(who, List.of(row));
            var at = instant(row);
            var attributes = JsonNodeFactory.instance.objectNode();
            for (var attribute : mapping.attributes().entrySet()) {
                var schema =
                        JsonNodeFactory.instance
                                .objectNode()
                                .put(
                                        "type",
                                        attributeTypes.getOrDefault(attribute.getKey(), "string"));
                var value = single(attribute.getValue(), row, Set.of(), schema);
                if (value != null) {
                    attributes.set(attribute.getKey(), value);
                }
            }
            return attributes.isEmpty()
                    ? null
                    : new Declared(who.toString(), at, attributes.toString());
        } catch (RowException e) {
            return null;
        }
    }

    /** The event that declares attributes. */
    ObjectNode declaration(Declared declared) {
        var digest = new RowReader.Digest();
        digest.add(declared.who());
        digest.add(declared.at().toString());
        digest.add(declared.attributes());
        var event = JsonNodeFactory.instance.objectNode();
        event.put("id", "attributes-" + digest.finish())
                .put("type", EventTypes.PROFILE_UPDATED)
                .put("source", source)
                .put("occurredAt", declared.at().toString());
        event.setAll((ObjectNode) tree(declared.who()));
        event.putObject("properties").set("attributes", tree(declared.attributes()));
        return event;
    }

    static JsonNode tree(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("written here, not readable here", e);
        }
    }

    /** When the row's event happened, moved; null if that cannot be told or the row is left out. */
    @Nullable Instant time(Row row) {
        if (row.failure() != null) {
            return null;
        }
        try {
            var rule = rule(row);
            if (rule != null && rule.reject() != null) {
                return null;
            }
            putWho(JsonNodeFactory.instance.objectNode(), List.of(row));
            return instant(row);
        } catch (RowException e) {
            return null;
        }
    }

    private static void check(Row row) {
        if (row.failure() != null) {
            throw new RowException(row.failure() + ".", CORRECT);
        }
    }

    private Mapping.@Nullable Rule rule(Row row) {
        for (var rule : mapping.rules()) {
            if (rule.fits(raw(row, rule.column()))) {
                return rule;
            }
        }
        return null;
    }

    private void putWho(ObjectNode event, List<Row> rows) {
        if (mapping.member() != null) {
            var member = same("member", mapping.member(), rows);
            if (!member.isEmpty()) {
                event.put("member", member);
            }
        }
        if (mapping.identities() != null) {
            var value = same("identity", mapping.identities().value(), rows);
            if (!value.isEmpty()) {
                event.putObject("identity")
                        .put("type", mapping.identities().type())
                        .put("value", value);
            }
        }
        if (!event.has("member") && !event.has("identity")) {
            var used = mapping.member() != null ? mapping.member() : null;
            var column = used instanceof Expression.Column it ? it.name() : "member";
            throw new RowException(
                    "A guest: " + column + " is empty, so there is nobody to give the event to.",
                    "None is needed if guests are to be left out; else put a member into "
                            + column
                            + ".");
        }
    }

    private String same(String what, Expression expression, List<Row> rows) {
        var first = text(expression, rows.getFirst());
        for (var row : rows) {
            var other = text(expression, row);
            if (!other.equals(first)) {
                throw new RowException(
                        "The rows of this group name more than one " + what + ".",
                        "Add the member's column to groupBy, or correct the rows.");
            }
        }
        return first;
    }

    private String id(List<Row> rows, int ordinal) {
        if (!mapping.id().isEmpty()) {
            var id = joined(rows.getFirst(), mapping.id(), ":");
            for (var row : rows) {
                if (!joined(row, mapping.id(), ":").equals(id)) {
                    throw new RowException(
                            "The rows of this group have more than one id.",
                            "Use columns for id that are part of groupBy.");
                }
            }
            if (id.replace(":", "").isBlank()) {
                throw new RowException(
                        "The id is empty: " + String.join(", ", mapping.id()) + ".", CORRECT);
            }
            return id.length() <= 128 ? id : "id-" + hash(id);
        }
        var key = groupKey(rows.getFirst());
        return key == null
                ? "row-" + rows.getFirst().digest() + "-" + ordinal
                : "group-" + hash(key);
    }

    private static String hash(String text) {
        var digest = new RowReader.Digest();
        digest.add(text);
        return digest.finish();
    }

    private Instant instant(Row row) {
        var text = raw(row, mapping.occurredAt().column());
        if (text.isEmpty()) {
            throw new RowException(mapping.occurredAt().column() + " is empty.", CORRECT);
        }
        try {
            return parse(text).plusMillis(shiftMillis);
        } catch (DateTimeException | NumberFormatException e) {
            var format = mapping.occurredAt().format();
            throw new RowException(
                    mapping.occurredAt().column()
                            + ": \""
                            + text
                            + "\" is no time of the form "
                            + (format == null ? "ISO 8601" : format)
                            + ".",
                    CORRECT);
        }
    }

    private Instant parse(String text) {
        var format = String.valueOf(mapping.occurredAt().format());
        if (format.equals("epochSeconds")) {
            return Instant.ofEpochMilli(new BigDecimal(text).movePointRight(3).longValue());
        }
        if (format.equals("epochMillis")) {
            return Instant.ofEpochMilli(Long.parseLong(text));
        }
        TemporalAccessor parsed;
        if (times != null) {
            parsed =
                    times.parseBest(
                            text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        } else if (text.length() <= 10) {
            parsed = LocalDate.parse(text);
        } else {
            parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(
                            text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
        }
        return switch (parsed) {
            case OffsetDateTime at -> at.toInstant();
            // A local time that does not exist is moved to the first that does.
            case LocalDateTime at -> at.atZone(zone).toInstant();
            case LocalDate at -> at.atStartOfDay(zone).toInstant();
            default -> throw new DateTimeException("no time");
        };
    }

    /** A value of the group: a sum over its rows, or what all of them say. */
    private @Nullable JsonNode group(
            String name,
            Expression expression,
            List<Row> rows,
            Set<String> negate,
            JsonNode schema) {
        if (expression instanceof Expression.Sum sum) {
            var total = BigDecimal.ZERO;
            for (var row : rows) {
                var number = number(sum.of(), row, negate);
                if (number != null) {
                    total = total.add(number);
                }
            }
            return JsonNodeFactory.instance.numberNode(total);
        }
        var first = single(expression, rows.getFirst(), negate, schema);
        for (var row : rows) {
            var other = single(expression, row, negate, schema);
            if (first == null ? other != null : !first.equals(other)) {
                throw new RowException(
                        "The rows of this group differ in \"" + name + "\".",
                        "Use {\"sum\":…}, move it to items, or add its column to groupBy.");
            }
        }
        return first;
    }

    private @Nullable JsonNode single(
            Expression expression, Row row, Set<String> negate, JsonNode schema) {
        var type = schema.path("type").asText();
        return switch (expression) {
            case Expression.Constant it -> Json.mapper().valueToTree(it.value());
            case Expression.Product unused -> numberNode(number(expression, row, negate));
            case Expression.Sum unused -> throw new IllegalStateException("a sum of one row");
            case Expression.Column it -> {
                var text = text(it, row);
                if (text.isEmpty()) {
                    yield null;
                }
                yield switch (type) {
                    case "number", "integer" -> numberNode(number(it, row, negate));
                    case "boolean" -> JsonNodeFactory.instance.booleanNode(truth(it.name(), text));
                    case "strings" -> {
                        var texts = JsonNodeFactory.instance.arrayNode();
                        for (var part : text.split("[;|]", -1)) {
                            if (!part.isBlank()) {
                                texts.add(part.strip());
                            }
                        }
                        yield texts;
                    }
                    default -> JsonNodeFactory.instance.textNode(text);
                };
            }
        };
    }

    private static @Nullable JsonNode numberNode(@Nullable BigDecimal number) {
        return number == null ? null : JsonNodeFactory.instance.numberNode(number);
    }

    private @Nullable BigDecimal number(Expression expression, Row row, Set<String> negate) {
        return switch (expression) {
            case Expression.Constant it ->
                    it.value() instanceof BigDecimal number
                            ? number
                            : parseNumber("value", it.value().toString());
            case Expression.Sum unused -> throw new IllegalStateException("a sum of one row");
            case Expression.Product it -> {
                BigDecimal product = BigDecimal.ONE;
                for (var factor : it.factors()) {
                    var number = number(factor, row, negate);
                    if (number == null) {
                        yield null;
                    }
                    product = product.multiply(number);
                }
                yield product;
            }
            case Expression.Column it -> {
                var text = text(it, row);
                if (text.isEmpty()) {
                    yield null;
                }
                var number = parseNumber(it.name(), text);
                yield negate.contains(it.name()) ? number.negate() : number;
            }
        };
    }

    private static BigDecimal parseNumber(String column, String text) {
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new RowException(column + ": \"" + text + "\" is no number.", CORRECT);
        }
        if (Math.abs((long) number.scale()) > MOST_PLACES) {
            throw new RowException(
                    column + ": \"" + text + "\" is too far from zero or too near to it.", CORRECT);
        }
        return number;
    }

    private static boolean truth(String column, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> true;
            case "false", "no", "0" -> false;
            default ->
                    throw new RowException(
                            column + ": \"" + text + "\" is not true or false.", CORRECT);
        };
    }

    private String text(Expression expression, Row row) {
        return switch (expression) {
            case Expression.Constant it -> it.value().toString();
            case Expression.Product unused -> throw new IllegalStateException("a number");
            case Expression.Sum unused -> throw new IllegalStateException("a number");
            case Expression.Column it -> {
                var text = raw(row, it.name());
                var replacements = mapping.values().get(it.name());
                if (replacements != null && replacements.containsKey(text)) {
                    var replacement = replacements.get(text);
                    text = replacement == null ? "" : replacement;
                }
                yield text.isEmpty() ? "" : it.prefix() + text;
            }
        };
    }

    private String raw(Row row, String column) {
        var position = positions.get(column);
        return position == null || row.values().length == 0 ? "" : row.values()[position];
    }

    /** Ends the way of a row. */
    private static final class RowException extends RuntimeException {
        private final transient Rejection rejection;

        private RowException(String reason, String remedy) {
            super(reason, null, false, false);
            this.rejection = new Rejection(reason, remedy);
        }
    }
}
