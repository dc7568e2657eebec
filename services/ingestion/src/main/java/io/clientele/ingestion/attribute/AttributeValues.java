package io.clientele.ingestion.attribute;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.Suggestions;
import io.clientele.ingestion.registry.Registry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks attribute values against the program's definitions. Thread-safe. */
@Singleton
public class AttributeValues {
    private static final int LONGEST_TEXT = 1024;
    private static final int MOST_ELEMENTS = 200;
    private static final int DECIMALS = 6;
    private static final BigDecimal LARGEST = new BigDecimal("1000000000000");

    private final Registry registry;

    /** Over the program registry. */
    @Inject
    public AttributeValues(Registry registry) {
        this.registry = registry;
    }

    /**
     * Checks declared attributes; null takes an attribute away and always fits.
     *
     * @param program whose definitions
     * @param declared by name
     * @param pointer where {@code declared} stands
     * @param enrollment true: attributes marked required must be there
     * @param errors takes what is wrong
     */
    public void check(
            ProgramId program,
            JsonNode declared,
            String pointer,
            boolean enrollment,
            List<FieldError> errors) {
        for (var entry : declared.properties()) {
            var name = entry.getKey();
            var place = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            var attribute = registry.attribute(program, name).orElse(null);
            if (attribute == null) {
                if (!registry.program(program).openAttributes()) {
                    errors.add(
                            new FieldError(
                                    place,
                                    "no attribute of this name." + suggestion(program, name)));
                }
            } else if (!entry.getValue().isNull()) {
                var wrong = wrong(attribute, entry.getValue());
                if (wrong != null) {
                    errors.add(new FieldError(place, wrong));
                }
            }
        }
        if (enrollment) {
            for (var attribute : registry.attributes(program)) {
                if (attribute.required() && !declared.hasNonNull(attribute.name())) {
                    errors.add(
                            new FieldError(
                                    pointer + "/" + attribute.name(),
                                    "this program requires it at enrollment"));
                }
            }
        }
    }

    private String suggestion(ProgramId program, String name) {
        return Suggestions.nearest(
                name,
                registry.attributes(program).stream().map(RegistryRecord.Attribute::name).toList());
    }

    private static @Nullable String wrong(RegistryRecord.Attribute attribute, JsonNode value) {
        var wrong = wrong(attribute.type(), value);
        if (wrong != null || attribute.values().isEmpty()) {
            return wrong;
        }
        if (value.isArray()) {
            for (var element : value) {
                if (!isAllowed(attribute.values(), element)) {
                    return notAllowed(attribute.values(), element);
                }
            }
            return null;
        }
        return isAllowed(attribute.values(), value) ? null : notAllowed(attribute.values(), value);
    }

    private static boolean isAllowed(List<Object> allowed, JsonNode value) {
        for (var one : allowed) {
            boolean same =
                    value.isNumber() && one instanceof Number number
                            ? new BigDecimal(number.toString()).compareTo(value.decimalValue()) == 0
                            : String.valueOf(one).equals(value.asText());
            if (same) {
                return true;
            }
        }
        return false;
    }

    private static String notAllowed(List<Object> allowed, JsonNode value) {
        var names = allowed.stream().map(String::valueOf).toList();
        return (names.size() <= 20
                        ? "expected one of " + String.join(", ", names)
                        : "expected one of the " + names.size() + " values that are allowed")
                + ", was "
                + value
                + "."
                + (value.isTextual() ? Suggestions.nearest(value.asText(), names) : "");
    }

    /** Checks the values that an attribute's definition allows. */
    static void checkAllowed(String type, List<Object> allowed, List<FieldError> errors) {
        JsonNode nodes = Json.mapper().valueToTree(allowed);
        for (int i = 0; i < nodes.size(); i++) {
            var wrong = wrong(type, nodes.get(i));
            if (wrong != null) {
                errors.add(new FieldError("/values/" + i, wrong));
            }
        }
    }

    /** What is wrong with a value of a type, or null. */
    static @Nullable String wrong(String type, JsonNode value) {
        return switch (type) {
            case "string" -> wrongText(value);
            case "strings" -> wrongTexts(value);
            case "boolean" -> value.isBoolean() ? null : expected("true or false", value);
            case "integer" ->
                    value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0
                            ? wrongNumber(value)
                            : expected("a whole number", value);
            case "number" -> value.isNumber() ? wrongNumber(value) : expected("a number", value);
            case "date" -> isDate(value) ? null : expected("a date such as 1990-04-30", value);
            case "timestamp" ->
                    isTimestamp(value)
                            ? null
                            : expected("an instant such as 2026-11-01T10:15:00Z", value);
            case "place" ->
                    isDegrees(value.path("latitude"), 90) && isDegrees(value.path("longitude"), 180)
                            ? null
                            : expected("{\"latitude\":…,\"longitude\":…} in degrees", value);
            default -> throw new IllegalArgumentException("attribute type " + type);
        };
    }

    private static @Nullable String wrongText(JsonNode value) {
        if (!value.isTextual()) {
            return expected("a string", value);
        }
        return value.textValue().length() <= LONGEST_TEXT
                ? null
                : "expected at most " + LONGEST_TEXT + " characters";
    }

    private static @Nullable String wrongTexts(JsonNode value) {
        if (!value.isArray()) {
            return expected("an array of strings", value);
        }
        if (value.size() > MOST_ELEMENTS) {
            return "expected at most " + MOST_ELEMENTS + " elements, were " + value.size();
        }
        for (var element : value) {
            var wrong = wrongText(element);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static @Nullable String wrongNumber(JsonNode value) {
        return wrongDecimal(value.decimalValue());
    }

    /** What keeps a number from being an exact decimal of this platform, or null. */
    public static @Nullable String wrongDecimal(BigDecimal number) {
        if (number.scale() > DECIMALS && number.stripTrailingZeros().scale() > DECIMALS) {
            return "expected at most " + DECIMALS + " decimal places, was " + number;
        }
        return number.abs().compareTo(LARGEST) > 0
                ? "expected at most " + LARGEST.toPlainString() + " either way, was " + number
                : null;
    }

    private static boolean isDegrees(JsonNode value, int bound) {
        return value.isNumber() && Math.abs(value.doubleValue()) <= bound;
    }

    private static boolean isDate(JsonNode value) {
        try {
            return value.isTextual() && LocalDate.parse(value.textValue()).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isTimestamp(JsonNode value) {
        try {
            return value.isTextual() && OffsetDateTime.parse(value.textValue()).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String expected(String what, JsonNode value) {
        var text = value.toString();
        return "expected "
                + what
                + ", was "
                + (text.length() <= 64 ? text : text.substring(0, 64) + "…");
    }
}
