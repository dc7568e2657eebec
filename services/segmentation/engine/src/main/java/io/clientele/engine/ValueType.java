package io.clientele.engine;

import java.util.Locale;

/**
 * The type of an attribute or of an event's property. Decides which comparators a condition may use
 * on it.
 */
public enum ValueType {
    /** Text, compared in NFC without regard to case; empty text is unset. */
    STRING,
    /** An exact decimal of up to 6 places, at most 9,223,372,036,854 in size. */
    NUMBER,
    /** A whole number; compared like {@link #NUMBER}. */
    INTEGER,
    /** True or false. */
    BOOLEAN,
    /** A day without a time. */
    DATE,
    /** An instant, in milliseconds. */
    TIMESTAMP,
    /** A point on earth: latitude and longitude in degrees. */
    PLACE,
    /** A set of texts; the empty set is unset. */
    STRINGS;

    /** The name in JSON: {@code string}, {@code number} and so on. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The type with that {@link #key()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ValueType ofKey(String key) {
        for (ValueType type : values()) {
            if (type.key().equals(key)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "a type is one of string, number, integer, boolean, date, timestamp, place,"
                        + " strings, was \""
                        + key
                        + "\"");
    }

    boolean isNumeric() {
        return this == NUMBER || this == INTEGER;
    }

    boolean isTime() {
        return this == DATE || this == TIMESTAMP;
    }
}
