package io.clientele.ingestion.importing;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.IngestionError;
import io.clientele.ingestion.Suggestions;
import io.clientele.ingestion.registry.Registry;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a mapping's JSON and says everything that is wrong with it. Not thread-safe. */
final class MappingReader {
    private static final Set<String> FIELDS =
            Set.of(
                    "format",
                    "charset",
                    "delimiter",
                    "type",
                    "when",
                    "groupBy",
                    "id",
                    "member",
                    "identity",
                    "occurredAt",
                    "properties",
                    "items",
                    "attributes",
                    "values",
                    "currency",
                    "description");

    private final Registry registry;
    private final ProgramId program;
    private final List<FieldError> errors = new ArrayList<>();

    private MappingReader(Registry registry, ProgramId program) {
        this.registry = registry;
        this.program = program;
    }

    /**
     * Reads a mapping.
     *
     * @throws RequestException 422 naming everything that is not valid, with pointers from {@code
     *     /mapping} on
     */
    static Mapping read(Registry registry, ProgramId program, JsonNode json) {
        var reader = new MappingReader(registry, program);
        var mapping = reader.read(json);
        if (!reader.errors.isEmpty()) {
            throw new RequestException(
                    IngestionError.MAPPING_INVALID, "The mapping is not valid.", reader.errors);
        }
        return mapping;
    }

    private Mapping read(JsonNode json) {
        if (!json.isObject()) {
            error("", "expected an object");
        }
        unknown("", json, FIELDS);
        var format =
                switch (json.path("format").asText("csv")) {
                    case "csv" -> Mapping.Format.CSV;
                    case "ndjson" -> Mapping.Format.NDJSON;
                    default -> {
                        error("/format", "expected csv or ndjson");
                        yield Mapping.Format.CSV;
                    }
                };
        var type = type("/type", text(json, "/type", true));
        var rules = new ArrayList<Mapping.Rule>();
        for (int i = 0; i < json.path("when").size(); i++) {
            rules.add(rule("/when/" + i, json.path("when").get(i)));
        }
        var member = json.has("member") ? expression("/member", json.get("member"), false) : null;
        var identity = identity(json.path("identity"));
        if (member == null && identity == null) {
            error("/member", "member or identity is required: whose events these are");
        }
        var groupBy = columns(json, "/groupBy");
        return new Mapping(
                format,
                charset(json),
                delimiter(json),
                type,
                rules,
                groupBy,
                columns(json, "/id"),
                member,
                identity,
                time(json.path("occurredAt")),
                expressions(json, "/properties", true),
                expressions(json, "/items", false),
                attributes(json),
                values(json.path("values")),
                currency(json));
    }

    private Map<String, Expression> attributes(JsonNode json) {
        var found = expressions(json, "/attributes", false);
        for (var name : found.keySet()) {
            if (registry.attribute(program, name).isEmpty()) {
                error(
                        "/attributes/" + name,
                        "this program has no attribute of this name; define it first."
                                + Suggestions.nearest(
                                        name,
                                        registry.attributes(program).stream()
                                                .map(RegistryRecord.Attribute::name)
                                                .toList()));
            }
        }
        return found;
    }

    private @Nullable String currency(JsonNode json) {
        var currency = text(json, "/currency", false);
        var expected = registry.program(program).currency();
        if (currency != null && !currency.equals(expected)) {
            error(
                    "/currency",
                    "this program's currency is "
                            + expected
                            + ", the file's is "
                            + currency
                            + "; there are no exchange rates yet. Import into a program of that"
                            + " currency (PUT /v1/program)");
        }
        return currency;
    }

    private String charset(JsonNode json) {
        var name = json.path("charset").asText("UTF-8");
        try {
            return Charset.forName(name).name();
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            error("/charset", "expected a character set such as UTF-8 or ISO-8859-1");
            return "UTF-8";
        }
    }

    private char delimiter(JsonNode json) {
        var text = json.path("delimiter").asText(",");
        if (text.length() != 1) {
            error("/delimiter", "expected one character");
            return ',';
        }
        return text.charAt(0);
    }

    private Mapping.Rule rule(String pointer, JsonNode json) {
        unknown(
                pointer,
                json,
                Set.of("column", "equals", "startsWith", "type", "reject", "negate"));
        var equals = text(json, pointer, "equals", false);
        var startsWith = text(json, pointer, "startsWith", false);
        if ((equals == null) == (startsWith == null)) {
            error(pointer, "expected equals or startsWith, and one of them");
        }
        var type = text(json, pointer, "type", false);
        var reject = text(json, pointer, "reject", false);
        if (type != null && reject != null) {
            error(pointer, "expected type or reject, not both");
        }
        var negate = new HashSet<String>();
        for (var column : json.path("negate")) {
            negate.add(column.asText());
        }
        return new Mapping.Rule(
                String.valueOf(text(json, pointer, "column", true)),
                equals,
                startsWith,
                type == null ? null : type(pointer + "/type", type),
                reject,
                negate);
    }

    private Mapping.@Nullable IdentityRule identity(JsonNode json) {
        if (json.isMissingNode()) {
            return null;
        }
        unknown("/identity", json, Set.of("type", "value"));
        return new Mapping.IdentityRule(
                String.valueOf(text(json, "/identity", "type", true)),
                expression("/identity/value", json.path("value"), false));
    }

    private Mapping.Time time(JsonNode json) {
        if (json.isTextual()) {
            return new Mapping.Time(json.textValue(), null, null);
        }
        unknown("/occurredAt", json, Set.of("column", "format", "zone"));
        var column = text(json, "/occurredAt", "column", true);
        var format = text(json, "/occurredAt", "format", false);
        var zone = text(json, "/occurredAt", "zone", false);
        if (format != null && !format.equals("epochSeconds") && !format.equals("epochMillis")) {
            try {
                var unused = DateTimeFormatter.ofPattern(format, Locale.ENGLISH);
            } catch (IllegalArgumentException e) {
                error(
                        "/occurredAt/format",
                        "expected a pattern such as yyyy-MM-dd HH:mm:ss, epochSeconds or"
                                + " epochMillis: "
                                + e.getMessage());
            }
        }
        if (zone != null) {
            try {
                var unused = ZoneId.of(zone);
            } catch (DateTimeException e) {
                error("/occurredAt/zone", "expected an IANA time zone such as Europe/London");
            }
        }
        return new Mapping.Time(String.valueOf(column), format, zone);
    }

    private Map<String, Expression> expressions(JsonNode json, String pointer, boolean sums) {
        var object = json.at(pointer);
        if (!object.isMissingNode() && !object.isObject()) {
            error(pointer, "expected an object: name to column");
        }
        var found = new LinkedHashMap<String, Expression>();
        for (var entry : object.properties()) {
            found.put(
                    entry.getKey(),
                    expression(pointer + "/" + entry.getKey(), entry.getValue(), sums));
        }
        return found;
    }

    private Expression expression(String pointer, JsonNode json, boolean sums) {
        if (json.isTextual()) {
            return new Expression.Column(json.textValue(), "");
        }
        if (json.path("column").isTextual()) {
            unknown(pointer, json, Set.of("column", "prefix"));
            return new Expression.Column(
                    json.path("column").textValue(), json.path("prefix").asText(""));
        }
        var constant = json.path("value");
        if (constant.isTextual()) {
            return new Expression.Constant(constant.textValue());
        }
        if (constant.isNumber()) {
            return new Expression.Constant(constant.decimalValue());
        }
        if (constant.isBoolean()) {
            return new Expression.Constant(constant.booleanValue());
        }
        if (json.path("product").isArray() && json.path("product").size() > 1) {
            var factors = new ArrayList<Expression>();
            for (int i = 0; i < json.path("product").size(); i++) {
                factors.add(
                        expression(pointer + "/product/" + i, json.path("product").get(i), false));
            }
            return new Expression.Product(factors);
        }
        if (sums && json.has("sum")) {
            return new Expression.Sum(expression(pointer + "/sum", json.get("sum"), false));
        }
        error(
                pointer,
                "expected a column's name, {\"column\",\"prefix\"}, {\"value\"},"
                        + " {\"product\":[…,…]}"
                        + (sums ? " or {\"sum\":…}" : ""));
        return new Expression.Constant("");
    }

    private List<String> columns(JsonNode json, String pointer) {
        var found = new ArrayList<String>();
        var node = json.at(pointer);
        if (node.isTextual()) {
            return List.of(node.textValue());
        }
        for (var column : node) {
            if (column.isTextual()) {
                found.add(column.textValue());
            } else {
                error(pointer, "expected names of columns");
            }
        }
        return found;
    }

    private Map<String, Map<String, @Nullable String>> values(JsonNode json) {
        var found = new LinkedHashMap<String, Map<String, @Nullable String>>();
        for (var column : json.properties()) {
            var replacements = new LinkedHashMap<String, @Nullable String>();
            for (var entry : column.getValue().properties()) {
                if (entry.getValue().isContainerNode()) {
                    error(
                            "/values/" + column.getKey() + "/" + entry.getKey(),
                            "expected a value, or null for none");
                }
                replacements.put(
                        entry.getKey(),
                        entry.getValue().isNull() ? null : entry.getValue().asText());
            }
            found.put(column.getKey(), replacements);
        }
        return found;
    }

    private String type(String pointer, @Nullable String type) {
        if (type == null) {
            return "";
        }
        if (registry.eventType(program, type).isEmpty()) {
            error(
                    pointer,
                    "this program has no event type \""
                            + type
                            + "\"."
                            + Suggestions.nearest(
                                    type,
                                    registry.eventTypes(program).stream()
                                            .map(RegistryRecord.EventType::type)
                                            .toList()));
        }
        return type;
    }

    private @Nullable String text(JsonNode json, String pointer, boolean required) {
        return text(json, "", pointer.substring(1), required);
    }

    private @Nullable String text(JsonNode json, String pointer, String field, boolean required) {
        var node = json.path(field);
        if (node.isTextual()) {
            return node.textValue();
        }
        if (required || !node.isMissingNode()) {
            error(
                    pointer + "/" + field,
                    node.isMissingNode() ? "is required" : "expected a string");
        }
        return null;
    }

    private void unknown(String pointer, JsonNode json, Set<String> known) {
        for (var field : json.properties()) {
            if (!known.contains(field.getKey())) {
                error(
                        pointer + "/" + field.getKey(),
                        "is not known here." + Suggestions.nearest(field.getKey(), known));
            }
        }
    }

    private void error(String pointer, String detail) {
        errors.add(new FieldError("/mapping" + pointer, detail));
    }
}
