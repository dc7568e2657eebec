package io.clientele.campaignresponse.campaign;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events count, by their properties. Compares as segments do: numbers by value, text without
 * regard to case.
 */
public sealed interface EventFilter {
    /** Whether an event of these properties counts. */
    boolean matches(Map<String, Object> properties);

    /**
     * A property has one of these values.
     *
     * @param property its name
     * @param values text, numbers or booleans
     */
    record Property(String property, List<Object> values) implements EventFilter {
        /** Takes a copy. */
        public Property {
            values = List.copyOf(values);
        }

        @Override
        public boolean matches(Map<String, Object> properties) {
            var value = properties.get(property);
            return value instanceof List<?> several
                    ? several.stream().anyMatch(this::isOne)
                    : isOne(value);
        }

        private boolean isOne(@Nullable Object value) {
            return value != null && values.stream().anyMatch(one -> equal(one, value));
        }
    }

    /** Each of these; none is true of every event. */
    record AllOf(List<EventFilter> parts) implements EventFilter {
        /** Takes a copy. */
        public AllOf {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean matches(Map<String, Object> properties) {
            return parts.stream().allMatch(part -> part.matches(properties));
        }
    }

    /** At least one of these. */
    record AnyOf(List<EventFilter> parts) implements EventFilter {
        /** Takes a copy. */
        public AnyOf {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean matches(Map<String, Object> properties) {
            return parts.stream().anyMatch(part -> part.matches(properties));
        }
    }

    /** Not this. */
    record Not(EventFilter part) implements EventFilter {
        @Override
        public boolean matches(Map<String, Object> properties) {
            return !part.matches(properties);
        }
    }

    private static boolean equal(Object one, Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
        }
        if (one instanceof String a && other instanceof String b) {
            return fold(a).equals(fold(b));
        }
        return one.equals(other);
    }

    private static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
