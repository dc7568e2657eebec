package io.clientele.profile.registry;

import io.clientele.contracts.RegistryRecord;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks a value against its attribute and brings it into the one form in which it is kept: text in
 * NFC, numbers without trailing zeros, timestamps in UTC, an allowed value as the attribute spells
 * it.
 */
public final class AttributeRules {
    /** Longest text. */
    static final int MAXIMUM_TEXT = 2048;

    /** Most elements of {@code strings}. */
    static final int MAXIMUM_STRINGS = 200;

    private static final int MAXIMUM_SCALE = 6;
    private static final BigDecimal MAXIMUM_NUMBER = new BigDecimal("1000000000000");

    private AttributeRules() {}

    /**
     * Checks {@code value}.
     *
     * @return it, in its one form
     * @throws IllegalArgumentException saying what was expected; its message does not repeat what
     *     came, which may be personal
     */
    public static Object check(RegistryRecord.Attribute attribute, Object value) {
        Object checked =
                switch (attribute.type()) {
                    case "string" -> text(attribute, value);
                    case "number" -> number(attribute, value);
                    case "integer" -> integer(attribute, value);
                    case "boolean" -> {
                        if (value instanceof Boolean) {
                            yield value;
                        }
                        throw expected(attribute, "true or false");
                    }
                    case "date" -> date(attribute, value);
                    case "timestamp" -> timestamp(attribute, value);
                    case "place" -> place(attribute, value);
                    case "strings" -> strings(attribute, value);
                    default -> throw expected(attribute, "a type this service knows");
                };
        if (attribute.values().isEmpty()) {
            return checked;
        }
        if (checked instanceof List<?> several) {
            return several.stream().map(it -> allowed(attribute, it)).distinct().toList();
        }
        return allowed(attribute, checked);
    }

    /**
     * A number in its one form: without trailing zeros, a {@link Long} if it is whole.
     *
     * @throws IllegalArgumentException if it has more than 6 places or is beyond 10^12
     */
    public static Object canonical(Number value) {
        var decimal = decimal(value).stripTrailingZeros();
        if (decimal.scale() > MAXIMUM_SCALE || decimal.abs().compareTo(MAXIMUM_NUMBER) > 0) {
            throw new IllegalArgumentException(
                    "a number has up to 6 places and is at most 10^12 in size");
        }
        return decimal.scale() <= 0 ? (Object) decimal.longValueExact() : decimal;
    }

    /** Any JSON number, exactly. */
    public static BigDecimal decimal(Number value) {
        return switch (value) {
            case BigDecimal it -> it;
            case BigInteger it -> new BigDecimal(it);
            case Double it -> BigDecimal.valueOf(it);
            default -> BigDecimal.valueOf(value.longValue());
        };
    }

    private static Object allowed(RegistryRecord.Attribute attribute, Object value) {
        for (var one : attribute.values()) {
            if (matches(one, value)) {
                return one instanceof Number number ? canonical(number) : one;
            }
        }
        throw expected(
                attribute,
                attribute.values().stream()
                        .map(String::valueOf)
                        .limit(50)
                        .collect(Collectors.joining(", ", "one of [", "]")));
    }

    private static boolean matches(Object allowed, Object value) {
        if (allowed instanceof String text && value instanceof String given) {
            return fold(text).equals(fold(given));
        }
        if (allowed instanceof Number one && value instanceof Number other) {
            return decimal(one).compareTo(decimal(other)) == 0;
        }
        return allowed.equals(value);
    }

    private static String fold(String text) {
        return normalize(text).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static String normalize(String text) {
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
    }

    private static String text(RegistryRecord.Attribute attribute, Object value) {
        if (value instanceof String text && text.length() <= MAXIMUM_TEXT) {
            return normalize(text);
        }
        throw expected(attribute, "text of up to " + MAXIMUM_TEXT + " characters");
    }

    private static Object number(RegistryRecord.Attribute attribute, Object value) {
        if (value instanceof Number number) {
            try {
                return canonical(number);
            } catch (IllegalArgumentException e) {
                throw expected(attribute, "a number of up to 6 places, at most 10^12 in size");
            }
        }
        throw expected(attribute, "a number");
    }

    private static Object integer(RegistryRecord.Attribute attribute, Object value) {
        if (number(attribute, value) instanceof Long whole) {
            return whole;
        }
        throw expected(attribute, "a whole number");
    }

    private static String date(RegistryRecord.Attribute attribute, Object value) {
        if (value instanceof String text) {
            try {
                return LocalDate.parse(text.strip()).toString();
            } catch (DateTimeException e) {
                throw expected(attribute, "a date such as 1990-02-28");
            }
        }
        throw expected(attribute, "a date such as 1990-02-28");
    }

    private static String timestamp(RegistryRecord.Attribute attribute, Object value) {
        if (value instanceof String text) {
            try {
                return instant(text).toString();
            } catch (DateTimeException e) {
                throw expected(attribute, "an RFC 3339 time such as 2026-11-01T10:00:00Z");
            }
        }
        throw expected(attribute, "an RFC 3339 time such as 2026-11-01T10:00:00Z");
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text.strip()).toInstant();
    }

    private static Object place(RegistryRecord.Attribute attribute, Object value) {
        if (value instanceof Map<?, ?> map) {
            var place = new LinkedHashMap<String, Object>();
            for (var entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String key)
                        || !(entry.getValue() instanceof Number
                                || entry.getValue() instanceof String)) {
                    throw expected(attribute, "a place of text and numbers");
                }
                place.put(
                        key,
                        entry.getValue() instanceof Number number
                                ? coordinate(attribute, number)
                                : entry.getValue());
            }
            within(attribute, place.get("latitude"), 90);
            within(attribute, place.get("longitude"), 180);
            return place;
        }
        throw expected(attribute, "a place such as {\"latitude\":13.75,\"longitude\":100.5}");
    }

    private static Object coordinate(RegistryRecord.Attribute attribute, Number number) {
        try {
            return canonical(number);
        } catch (IllegalArgumentException e) {
            throw expected(attribute, "coordinates of up to 6 places");
        }
    }

    private static void within(
            RegistryRecord.Attribute attribute, @Nullable Object coordinate, int bound) {
        if (!(coordinate instanceof Number number)
                || decimal(number).abs().compareTo(BigDecimal.valueOf(bound)) > 0) {
            throw expected(attribute, "latitude within 90 and longitude within 180 degrees");
        }
    }

    private static List<String> strings(RegistryRecord.Attribute attribute, Object value) {
        if (value instanceof List<?> list && list.size() <= MAXIMUM_STRINGS) {
            var texts = new ArrayList<String>(list.size());
            for (var element : list) {
                texts.add(text(attribute, element == null ? 0 : element));
            }
            return texts.stream().distinct().toList();
        }
        throw expected(attribute, "an array of up to " + MAXIMUM_STRINGS + " texts");
    }

    private static IllegalArgumentException expected(
            RegistryRecord.Attribute attribute, String what) {
        return new IllegalArgumentException("attribute " + attribute.name() + ": expected " + what);
    }
}
