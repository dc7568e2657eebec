package io.clientele.engine;

import io.clientele.engine.Condition.Measure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Measures events one after the other, in their order. For one thread and one use. */
final class Tally {
    private final Measure.Kind kind;
    private long count;
    private final Sum sum = new Sum();
    private @Nullable Sum part;
    private @Nullable Value best;
    private @Nullable Set<Value> different;

    /** How often each value occurred, and when last. */
    private @Nullable Map<Value, long[]> frequencies;

    Tally(Measure.Kind kind) {
        this.kind = kind;
    }

    /**
     * Takes an event.
     *
     * @param value the property measured; null if the event has none, and for kinds that measure
     *     none
     * @param inPart for shares: whether the event belongs to the part
     */
    void add(long at, @Nullable Value value, boolean inPart) {
        switch (kind) {
            case COUNT -> count++;
            case FIRST -> {
                if (best == null) {
                    best = new Value.Moment(at);
                }
            }
            case LAST -> best = new Value.Moment(at);
            case SUM, AVERAGE -> {
                if (value instanceof Value.Num(long scaled)) {
                    count++;
                    sum.add(scaled);
                }
            }
            case SHARE -> {
                if (value instanceof Value.Num(long scaled)) {
                    sum.add(scaled);
                    Sum ofPart = part;
                    if (ofPart == null) {
                        ofPart = new Sum();
                        part = ofPart;
                    }
                    if (inPart) {
                        ofPart.add(scaled);
                    }
                }
            }
            case MIN -> {
                if (value != null && (best == null || Value.compare(value, best) < 0)) {
                    best = value;
                }
            }
            case MAX -> {
                if (value != null && (best == null || Value.compare(value, best) > 0)) {
                    best = value;
                }
            }
            case DISTINCT, FAVORITE -> {
                if (value instanceof Value.Texts several) {
                    several.elements().forEach(element -> addOne(element, at));
                } else if (value != null) {
                    addOne(value, at);
                }
            }
        }
    }

    /** Whether {@link #remove} works for measures of that kind. */
    static boolean canRemove(Measure.Kind kind) {
        return switch (kind) {
            case COUNT, SUM, AVERAGE, SHARE -> true;
            case DISTINCT, MIN, MAX, FAVORITE, FIRST, LAST -> false;
        };
    }

    /** Takes out an event that was added with these arguments. */
    void remove(@Nullable Value value, boolean inPart) {
        if (kind == Measure.Kind.COUNT) {
            count--;
        } else if (value instanceof Value.Num(long scaled)) {
            count--;
            sum.add(-scaled);
            Sum ofPart = part;
            if (inPart && ofPart != null) {
                ofPart.add(-scaled);
            }
        }
    }

    private void addOne(Value value, long at) {
        if (kind == Measure.Kind.DISTINCT) {
            Set<Value> seen = different;
            if (seen == null) {
                seen = new HashSet<>();
                different = seen;
            }
            seen.add(value);
            return;
        }
        Map<Value, long[]> seen = frequencies;
        if (seen == null) {
            seen = new HashMap<>();
            frequencies = seen;
        }
        long[] frequency = seen.computeIfAbsent(value, unused -> new long[2]);
        frequency[0]++;
        frequency[1] = at;
    }

    /** Whether the measure has no value. */
    boolean isUnset() {
        return switch (kind) {
            case COUNT, SUM, DISTINCT -> false;
            case AVERAGE -> count == 0;
            case SHARE -> sum.signum() <= 0;
            case MIN, MAX, FIRST, LAST -> best == null;
            case FAVORITE -> frequencies == null;
        };
    }

    /** Whether the measure passes; false if it is unset. */
    boolean test(ValueTest test, Frame frame) {
        return switch (kind) {
            case COUNT -> testWhole(test, count);
            case DISTINCT -> testWhole(test, different == null ? 0 : different.size());
            case SUM ->
                    sum.isLarge()
                            ? test.testRatio(sum.exact(), BigInteger.ONE)
                            : testNumber(test, sum.small());
            case AVERAGE -> !isUnset() && test.testRatio(sum.exact(), BigInteger.valueOf(count));
            case SHARE ->
                    !isUnset()
                            && test.testRatio(
                                    partSum().multiply(BigInteger.valueOf(Decimals.UNIT)),
                                    sum.exact());
            case MIN, MAX, FIRST, LAST, FAVORITE -> {
                Value value = value();
                yield value != null && test.test(value, frame);
            }
        };
    }

    static boolean testWhole(ValueTest test, long whole) {
        return testNumber(test, whole * Decimals.UNIT);
    }

    /** Whether a sum passes. */
    static boolean testNumber(ValueTest test, long scaled) {
        return test instanceof ValueTest.Numeric numeric
                ? numeric.testNumber(scaled)
                : test.testRatio(BigInteger.valueOf(scaled), BigInteger.ONE);
    }

    /** Whether {@code numerator / denominator} passes, as a number; the denominator is above 0. */
    static boolean testScaledRatio(ValueTest test, long numerator, long denominator) {
        long scaled = numerator * Decimals.UNIT;
        return Math.multiplyHigh(numerator, Decimals.UNIT) == scaled >> 63
                ? test.testRatio(scaled, denominator)
                : test.testRatio(
                        BigInteger.valueOf(numerator).multiply(BigInteger.valueOf(Decimals.UNIT)),
                        BigInteger.valueOf(denominator));
    }

    /**
     * The value as numerator and denominator (above 0), scaled by {@link Decimals#UNIT}; null if it
     * is unset or no number.
     */
    BigInteger @Nullable [] ratio() {
        if (isUnset()) {
            return null;
        }
        return switch (kind) {
            case COUNT -> whole(count);
            case DISTINCT -> whole(different == null ? 0 : different.size());
            case SUM -> new BigInteger[] {sum.exact(), BigInteger.ONE};
            case AVERAGE -> new BigInteger[] {sum.exact(), BigInteger.valueOf(count)};
            case MIN, MAX ->
                    best instanceof Value.Num(long scaled)
                            ? new BigInteger[] {BigInteger.valueOf(scaled), BigInteger.ONE}
                            : null;
            case SHARE, FAVORITE, FIRST, LAST -> null;
        };
    }

    private static BigInteger[] whole(long number) {
        return new BigInteger[] {BigInteger.valueOf(number * Decimals.UNIT), BigInteger.ONE};
    }

    private BigInteger partSum() {
        return part == null ? BigInteger.ZERO : part.exact();
    }

    /**
     * The value of a measure that is a value of a property or a time; null if unset, and for
     * numbers.
     */
    @Nullable Value value() {
        Map<Value, long[]> seen = frequencies;
        if (seen == null) {
            return best;
        }
        Value favorite = null;
        long[] most = {0, 0};
        for (Map.Entry<Value, long[]> entry : seen.entrySet()) {
            long[] frequency = entry.getValue();
            if (favorite == null || isPreferred(entry.getKey(), frequency, favorite, most)) {
                favorite = entry.getKey();
                most = frequency;
            }
        }
        return favorite;
    }

    /** More often; as often and later; or as often, last at the same instant, and greater. */
    private static boolean isPreferred(Value value, long[] frequency, Value other, long[] most) {
        if (frequency[0] != most[0]) {
            return frequency[0] > most[0];
        }
        return frequency[1] == most[1] ? Value.compare(value, other) > 0 : frequency[1] > most[1];
    }

    /** The value, quotients cut to millionths; null if unset, or too large. */
    @Nullable Value cut() {
        BigInteger[] ratio = ratio();
        if (kind == Measure.Kind.SHARE && !isUnset()) {
            ratio =
                    new BigInteger[] {
                        partSum().multiply(BigInteger.valueOf(Decimals.UNIT)), sum.exact()
                    };
        }
        if (ratio == null) {
            return isUnset() ? null : value();
        }
        BigInteger rounded = ratio[0].divide(ratio[1]);
        return rounded.bitLength() < Long.SIZE ? new Value.Num(rounded.longValue()) : null;
    }

    /** The value for people, rounded to 6 places where it is a quotient; null if unset. */
    @Nullable String shown() {
        if (isUnset()) {
            return null;
        }
        return switch (kind) {
            case COUNT -> Long.toString(count);
            case DISTINCT -> Integer.toString(different == null ? 0 : different.size());
            case SUM -> Decimals.plain(new BigDecimal(sum.exact(), Decimals.PLACES));
            case AVERAGE ->
                    Decimals.plain(
                            new BigDecimal(sum.exact(), Decimals.PLACES)
                                    .divide(
                                            BigDecimal.valueOf(count),
                                            Decimals.PLACES,
                                            RoundingMode.HALF_EVEN));
            case SHARE ->
                    Decimals.plain(
                            new BigDecimal(partSum())
                                    .divide(
                                            new BigDecimal(sum.exact()),
                                            Decimals.PLACES,
                                            RoundingMode.HALF_EVEN));
            case MIN, MAX, FIRST, LAST, FAVORITE -> String.valueOf(value());
        };
    }

    /** A sum that cannot overflow. */
    private static final class Sum {
        private long small;
        private @Nullable BigInteger large;

        void add(long value) {
            if (large != null) {
                large = large.add(BigInteger.valueOf(value));
                return;
            }
            long sum = small + value;
            // Overflow: both terms have the sign that the sum has not.
            if (((small ^ sum) & (value ^ sum)) < 0) {
                large = BigInteger.valueOf(small).add(BigInteger.valueOf(value));
            } else {
                small = sum;
            }
        }

        boolean isLarge() {
            return large != null;
        }

        long small() {
            return small;
        }

        BigInteger exact() {
            return large == null ? BigInteger.valueOf(small) : large;
        }

        int signum() {
            return large == null ? Long.signum(small) : large.signum();
        }
    }
}
