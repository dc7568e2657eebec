package io.clientele.benchmarks;

import io.clientele.engine.ValueType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of all members of a {@link World}, indexed by member. Immutable by convention:
 * nobody writes to the arrays once the world is made.
 */
@SuppressWarnings("ArrayRecordComponent") // compact by purpose, never compared
sealed interface Column {
    /** The attribute's name. */
    String name();

    /** Its type. */
    ValueType type();

    /** The member's value as JSON in plain Java, or null if it is unset. */
    @Nullable Object value(int member);

    /** Texts of a vocabulary. */
    record Codes(String name, List<String> words, short[] codes) implements Column {
        static final short UNSET = -1;

        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public @Nullable String value(int member) {
            return codes[member] == UNSET ? null : words.get(codes[member]);
        }
    }

    /** Numbers; {@code scaled} are hundredths for {@link ValueType#NUMBER}, else whole. */
    record Numbers(String name, ValueType type, int[] scaled) implements Column {
        static final int UNSET = Integer.MIN_VALUE;

        @Override
        public @Nullable Number value(int member) {
            if (scaled[member] == UNSET) {
                return null;
            }
            return type == ValueType.NUMBER
                    ? (Number) BigDecimal.valueOf(scaled[member], 2)
                    : (Number) scaled[member];
        }
    }

    /** Days since 1970. */
    record Days(String name, int[] epochDays) implements Column {
        static final int UNSET = Integer.MIN_VALUE;

        @Override
        public ValueType type() {
            return ValueType.DATE;
        }

        @Override
        public @Nullable String value(int member) {
            return epochDays[member] == UNSET
                    ? null
                    : LocalDate.ofEpochDay(epochDays[member]).toString();
        }
    }

    /** Milliseconds since 1970. */
    record Moments(String name, long[] millis) implements Column {
        static final long UNSET = Long.MIN_VALUE;

        @Override
        public ValueType type() {
            return ValueType.TIMESTAMP;
        }

        @Override
        public @Nullable String value(int member) {
            return millis[member] == UNSET ? null : Instant.ofEpochMilli(millis[member]).toString();
        }
    }

    /** 1 true, 0 false, -1 unset. */
    record Flags(String name, byte[] flags) implements Column {
        static final byte UNSET = -1;

        @Override
        public ValueType type() {
            return ValueType.BOOLEAN;
        }

        @Override
        public @Nullable Boolean value(int member) {
            return flags[member] == UNSET ? null : (Boolean) (flags[member] == 1);
        }
    }

    /** Degrees; NaN is unset. */
    record Places(String name, double[] latitudes, double[] longitudes) implements Column {
        @Override
        public ValueType type() {
            return ValueType.PLACE;
        }

        boolean isUnset(int member) {
            return Double.isNaN(latitudes[member]);
        }

        @Override
        public @Nullable Map<String, Double> value(int member) {
            return isUnset(member)
                    ? null
                    : Map.of("latitude", latitudes[member], "longitude", longitudes[member]);
        }
    }

    /** Sets of up to 32 words, bit i for word i; no bit is unset, as the empty set is. */
    record Sets(String name, List<String> words, int[] masks) implements Column {
        @Override
        public ValueType type() {
            return ValueType.STRINGS;
        }

        @Override
        public @Nullable List<String> value(int member) {
            if (masks[member] == 0) {
                return null;
            }
            List<String> elements = new ArrayList<>(Integer.bitCount(masks[member]));
            for (int rest = masks[member]; rest != 0; rest &= rest - 1) {
                elements.add(words.get(Integer.numberOfTrailingZeros(rest)));
            }
            return elements;
        }
    }
}
