package io.clientele.engine;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of an attribute or a property, as it is kept and compared. Unset is null. */
sealed interface Value {
    /** Not empty. */
    final class Text implements Value {
        private final String original;
        // Racing threads compute the same.
        private @Nullable String folded;

        Text(String original) {
            this.original = original;
        }

        String original() {
            return original;
        }

        String folded() {
            String known = folded;
            if (known == null) {
                known = Folding.fold(original);
                folded = known;
            }
            return known;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Text text && folded().equals(text.folded());
        }

        @Override
        public int hashCode() {
            return folded().hashCode();
        }

        @Override
        public String toString() {
            return original;
        }
    }

    /** See {@link Decimals}. */
    record Num(long scaled) implements Value {
        @Override
        public String toString() {
            return Decimals.unscale(scaled).toPlainString();
        }
    }

    /** True or false. */
    record Flag(boolean value) implements Value {
        static final Flag TRUE = new Flag(true);
        static final Flag FALSE = new Flag(false);

        static Flag of(boolean value) {
            return value ? TRUE : FALSE;
        }

        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /** Days since 1970-01-01. */
    record Day(long epochDay) implements Value {
        LocalDate date() {
            return LocalDate.ofEpochDay(epochDay);
        }

        @Override
        public String toString() {
            return date().toString();
        }
    }

    /** Milliseconds since 1970. */
    record Moment(long millis) implements Value {
        @Override
        public String toString() {
            return Instant.ofEpochMilli(millis).toString();
        }
    }

    /** Degrees. */
    record Place(double latitude, double longitude) implements Value {
        @Override
        public String toString() {
            return latitude + ", " + longitude;
        }
    }

    /** Not empty. */
    record Texts(List<Text> elements) implements Value {
        @Override
        public String toString() {
            return String.join(", ", elements.stream().map(Text::original).toList());
        }
    }

    /**
     * Takes a value as JSON holds it.
     *
     * @return null if the value is unset: null, empty text, an empty list
     * @throws IllegalArgumentException if it is not of the type; {@code name} is in the message,
     *     the value is not
     */
    static @Nullable Value of(String name, ValueType type, @Nullable Object value, ZoneId zone) {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case STRING -> {
                if (value instanceof String text) {
                    yield text.isEmpty() ? null : new Text(text);
                }
                if (value instanceof Number || value instanceof Boolean) {
                    yield new Text(value.toString());
                }
                throw mismatch(name, "text", value);
            }
            case NUMBER, INTEGER -> {
                if (!(value instanceof Number number)) {
                    throw mismatch(name, "a number", value);
                }
                Long scaled = Decimals.scale(number);
                if (scaled == null) {
                    throw new IllegalArgumentException(
                            name
                                    + ": expected a number of at most 6 decimal places and at most"
                                    + " 9,223,372,036,854 in size");
                }
                yield new Num(scaled);
            }
            case BOOLEAN -> {
                if (value instanceof Boolean flag) {
                    yield Flag.of(flag);
                }
                throw mismatch(name, "true or false", value);
            }
            case DATE -> {
                Value time = time(name, value);
                yield time instanceof Moment(long millis)
                        ? new Day(Calendars.today(millis, zone))
                        : time;
            }
            case TIMESTAMP -> {
                Value time = time(name, value);
                yield time instanceof Day(long day)
                        ? new Moment(Calendars.startOfDay(day, zone))
                        : time;
            }
            case PLACE -> {
                if (value instanceof Map<?, ?> place
                        && place.get("latitude") instanceof Number latitude
                        && place.get("longitude") instanceof Number longitude
                        && Math.abs(latitude.doubleValue()) <= 90
                        && Math.abs(longitude.doubleValue()) <= 180) {
                    yield new Place(latitude.doubleValue(), longitude.doubleValue());
                }
                throw mismatch(name, "latitude and longitude in degrees", value);
            }
            case STRINGS -> {
                if (!(value instanceof Collection<?> several)) {
                    throw mismatch(name, "a list of texts", value);
                }
                List<Text> elements = new ArrayList<>(several.size());
                for (Object element : several) {
                    if (!(element instanceof String text)) {
                        throw mismatch(name, "a list of texts", element);
                    }
                    if (!text.isEmpty()) {
                        elements.add(new Text(text));
                    }
                }
                yield elements.isEmpty() ? null : new Texts(List.copyOf(elements));
            }
        };
    }

    private static @Nullable Value time(String name, Object value) {
        if (value instanceof String text) {
            if (text.isEmpty()) {
                return null;
            }
            try {
                if (!Character.isDigit(text.charAt(0))) {
                    throw new DateTimeException("only years 0000 to 9999");
                }
                return text.length() <= 10
                        ? new Day(LocalDate.parse(text).toEpochDay())
                        : new Moment(OffsetDateTime.parse(text).toInstant().toEpochMilli());
            } catch (DateTimeException notATime) {
                throw new IllegalArgumentException(
                        name
                                + ": expected a date such as 2026-11-01 or a time such as"
                                + " 2026-11-01T17:15:00+07:00",
                        notATime);
            }
        }
        throw mismatch(name, "a date or a time as text", value);
    }

    private static IllegalArgumentException mismatch(
            String name, String expected, @Nullable Object came) {
        String kind =
                switch (came) {
                    case null -> "null";
                    case String ignored -> "text";
                    case Number ignored -> "a number";
                    case Boolean ignored -> "true or false";
                    case Collection<?> ignored -> "a list";
                    case Map<?, ?> ignored -> "an object";
                    default -> came.getClass().getSimpleName();
                };
        return new IllegalArgumentException(name + ": expected " + expected + ", came " + kind);
    }

    /**
     * An order of all values but places and lists: numbers and times by size, false before true,
     * texts by the code points of their folded forms. Values of different kinds, which a property
     * has whose type the program changed, are in the order of the kinds. 0 only for equal values.
     */
    static int compare(Value first, Value second) {
        return switch (first) {
            case Num(long one) when second instanceof Num(long other) -> Long.compare(one, other);
            case Day(long one) when second instanceof Day(long other) -> Long.compare(one, other);
            case Moment(long one) when second instanceof Moment(long other) ->
                    Long.compare(one, other);
            case Flag(boolean one) when second instanceof Flag(boolean other) ->
                    Boolean.compare(one, other);
            case Text one when second instanceof Text other ->
                    Folding.compare(one.folded(), other.folded());
            default -> Integer.compare(kind(first), kind(second));
        };
    }

    private static int kind(Value value) {
        return switch (value) {
            case Flag ignored -> 0;
            case Num ignored -> 1;
            case Day ignored -> 2;
            case Moment ignored -> 3;
            case Text ignored -> 4;
            case Texts ignored -> 5;
            case Place ignored -> 6;
        };
    }

    static Value of(Condition.Literal literal) {
        return switch (literal) {
            case Condition.Literal.Text(String text) -> new Text(text);
            case Condition.Literal.Number(BigDecimal number) ->
                    new Num(Decimals.requireScaled(number));
            case Condition.Literal.Flag(boolean flag) -> Flag.of(flag);
            case Condition.Literal.Day(LocalDate day) -> new Day(day.toEpochDay());
            case Condition.Literal.Moment(Instant moment) -> new Moment(moment.toEpochMilli());
        };
    }
}
