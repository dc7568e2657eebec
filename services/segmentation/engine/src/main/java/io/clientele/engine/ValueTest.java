package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Comparison.Direction;
import io.clientele.engine.Condition.Comparison.Operator;
import io.clientele.engine.Condition.Comparison.Quantifier;
import io.clientele.engine.Condition.Literal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A comparison made ready: whether a value that is set passes. Immutable and thread-safe. */
abstract class ValueTest {
    static final long NEVER = Long.MAX_VALUE;

    /** Whether the value passes at the frame's instant; a value of another type never does. */
    abstract boolean test(Value value, Frame frame);

    /**
     * Whether {@code numerator / denominator}, scaled by {@link Decimals#UNIT}, passes. The
     * denominator is above 0.
     */
    boolean testRatio(BigInteger numerator, BigInteger denominator) {
        return false;
    }

    /** {@link #testRatio(BigInteger, BigInteger)} of longs. */
    boolean testRatio(long numerator, long denominator) {
        return testRatio(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /**
     * The earliest instant after the frame's at which an unchanged value may pass or fail instead.
     */
    long next(Value value, Frame frame) {
        return NEVER;
    }

    /** Whether an unchanged value may pass at one instant and not at another. */
    boolean isRelative() {
        return false;
    }

    static ValueTest of(Comparison comparison, boolean memberZone) {
        return switch (comparison) {
            case Comparison.Exists() -> new Present();
            case Comparison.Near near -> new Near(near);
            case Comparison.Relative(Direction direction, Duration duration) ->
                    new Relative(direction, duration, memberZone);
            case Comparison.Between(Literal low, Literal high) -> {
                if (low instanceof Literal.Number(BigDecimal from)
                        && high instanceof Literal.Number(BigDecimal to)) {
                    yield new Range(
                            Decimals.requireScaled(from), true, Decimals.requireScaled(to), true);
                }
                yield new TimeRange(Value.of(low), Value.of(high), memberZone);
            }
            case Comparison.Several(Quantifier quantifier, List<Literal> values) ->
                    several(quantifier, values, memberZone);
            case Comparison.Bound(Operator operator, Literal literal) ->
                    switch (literal) {
                        case Literal.Text(String text) -> new TextBound(operator, text);
                        case Literal.Number(BigDecimal number) ->
                                range(operator, Decimals.requireScaled(number));
                        case Literal.Flag(boolean flag) -> new FlagEquals(flag);
                        case Literal.Day day -> new TimeBound(operator, Value.of(day), memberZone);
                        case Literal.Moment moment ->
                                new TimeBound(operator, Value.of(moment), memberZone);
                    };
        };
    }

    private static Range range(Operator operator, long bound) {
        return switch (operator) {
            case EQUALS -> new Range(bound, true, bound, true);
            case GREATER_THAN -> new Range(bound, false, Long.MAX_VALUE, true);
            case AT_LEAST -> new Range(bound, true, Long.MAX_VALUE, true);
            case LESS_THAN -> new Range(Long.MIN_VALUE, true, bound, false);
            case AT_MOST -> new Range(Long.MIN_VALUE, true, bound, true);
            case CONTAINS, STARTS_WITH, BEFORE, AFTER ->
                    throw new IllegalArgumentException(operator + " does not compare numbers");
        };
    }

    private static ValueTest several(
            Quantifier quantifier, List<Literal> values, boolean memberZone) {
        Literal first = values.getFirst();
        if (first instanceof Literal.Text) {
            Set<String> folded = new HashSet<>();
            for (Literal value : values) {
                if (value instanceof Literal.Text(String text)) {
                    folded.add(Folding.fold(text));
                }
            }
            return new TextSet(quantifier, Set.copyOf(folded));
        }
        if (first instanceof Literal.Number) {
            return new Numbers(
                    values.stream()
                            .mapToLong(value ->
                                    Decimals.requireScaled(((Literal.Number) value).value()))
                            .sorted()
                            .toArray());
        }
        return new TimeSet(values.stream().map(Value::of).toList(), memberZone);
    }

    /** A comparison of numbers. */
    abstract static class Numeric extends ValueTest {
        abstract boolean testNumber(long scaled);

        /** No whole number above this one is judged otherwise than the next. */
        abstract long largestBound();

        @Override
        final boolean test(Value value, Frame frame) {
            return value instanceof Value.Num(long scaled) && testNumber(scaled);
        }
    }

    /** From low to high; {@link Long#MIN_VALUE} and {@link Long#MAX_VALUE} are no bounds. */
    static final class Range extends Numeric {
        final long low;
        private final boolean withLow;
        final long high;
        private final boolean withHigh;

        Range(long low, boolean withLow, long high, boolean withHigh) {
            this.low = low;
            this.withLow = withLow;
            this.high = high;
            this.withHigh = withHigh;
        }

        @Override
        boolean testNumber(long scaled) {
            return (withLow ? scaled >= low : scaled > low)
                    && (withHigh ? scaled <= high : scaled < high);
        }

        @Override
        boolean testRatio(BigInteger numerator, BigInteger denominator) {
            if (low != Long.MIN_VALUE) {
                int order = compare(numerator, denominator, low);
                if (order < 0 || (order == 0 && !withLow)) {
                    return false;
                }
            }
            if (high != Long.MAX_VALUE) {
                int order = compare(numerator, denominator, high);
                return order < 0 || (order == 0 && withHigh);
            }
            return true;
        }

        /** The smallest number that passes; {@link Long#MIN_VALUE}: no bound. */
        long lowest() {
            return withLow || low == Long.MIN_VALUE ? low : low + 1;
        }

        /** The largest number that passes; {@link Long#MAX_VALUE}: no bound. */
        long highest() {
            return withHigh || high == Long.MAX_VALUE ? high : high - 1;
        }

        boolean isLowIncluded() {
            return withLow;
        }

        @Override
        boolean testRatio(long numerator, long denominator) {
            if (low != Long.MIN_VALUE) {
                if (!fits(low, denominator)) {
                    return super.testRatio(numerator, denominator);
                }
                long bound = low * denominator;
                if (numerator < bound || (numerator == bound && !withLow)) {
                    return false;
                }
            }
            if (high != Long.MAX_VALUE) {
                if (!fits(high, denominator)) {
                    return super.testRatio(numerator, denominator);
                }
                long bound = high * denominator;
                return numerator < bound || (numerator == bound && withHigh);
            }
            return true;
        }

        private static boolean fits(long one, long other) {
            return Math.multiplyHigh(one, other) == (one * other) >> 63;
        }

        /** The smallest whole number that passes, if there is no upper bound; else -1. */
        long smallestWhole() {
            if (high != Long.MAX_VALUE || low == Long.MIN_VALUE) {
                return -1;
            }
            long whole = Math.floorDiv(low, Decimals.UNIT);
            return withLow && whole * Decimals.UNIT == low ? whole : whole + 1;
        }

        @Override
        long largestBound() {
            return high != Long.MAX_VALUE ? high : low;
        }
    }

    /** One of several numbers, sorted. */
    static final class Numbers extends Numeric {
        private final long[] sorted;

        Numbers(long[] sorted) {
            this.sorted = sorted;
        }

        @Override
        boolean testNumber(long scaled) {
            return Arrays.binarySearch(sorted, scaled) >= 0;
        }

        @Override
        boolean testRatio(BigInteger numerator, BigInteger denominator) {
            for (long number : sorted) {
                if (compare(numerator, denominator, number) == 0) {
                    return true;
                }
            }
            return false;
        }

        @Override
        long largestBound() {
            return sorted[sorted.length - 1];
        }
    }

    private static int compare(BigInteger numerator, BigInteger denominator, long scaled) {
        return numerator.compareTo(denominator.multiply(BigInteger.valueOf(scaled)));
    }

    private static final class Present extends ValueTest {
        @Override
        boolean test(Value value, Frame frame) {
            return true;
        }

        @Override
        boolean testRatio(BigInteger numerator, BigInteger denominator) {
            return true;
        }
    }

    private static final class FlagEquals extends ValueTest {
        private final boolean expected;

        FlagEquals(boolean expected) {
            this.expected = expected;
        }

        @Override
        boolean test(Value value, Frame frame) {
            return value instanceof Value.Flag(boolean flag) && flag == expected;
        }
    }

    private static final class TextBound extends ValueTest {
        private final Operator operator;
        private final String folded;

        TextBound(Operator operator, String text) {
            this.operator = operator;
            this.folded = Folding.fold(text);
        }

        @Override
        boolean test(Value value, Frame frame) {
            if (value instanceof Value.Text text) {
                return switch (operator) {
                    case EQUALS -> text.folded().equals(folded);
                    case CONTAINS -> text.folded().contains(folded);
                    case STARTS_WITH -> text.folded().startsWith(folded);
                    case GREATER_THAN, AT_LEAST, LESS_THAN, AT_MOST, BEFORE, AFTER -> false;
                };
            }
            return operator == Operator.CONTAINS
                    && value instanceof Value.Texts(List<Value.Text> elements)
                    && has(elements, folded);
        }
    }

    private static boolean has(List<Value.Text> elements, String folded) {
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i).folded().equals(folded)) {
                return true;
            }
        }
        return false;
    }

    private static final class TextSet extends ValueTest {
        private final Quantifier quantifier;
        private final Set<String> folded;

        TextSet(Quantifier quantifier, Set<String> folded) {
            this.quantifier = quantifier;
            this.folded = folded;
        }

        @Override
        boolean test(Value value, Frame frame) {
            return switch (quantifier) {
                case IN -> value instanceof Value.Text text && folded.contains(text.folded());
                case CONTAINS_ANY ->
                        value instanceof Value.Texts(List<Value.Text> elements)
                                && containsAny(elements);
                case CONTAINS_ALL ->
                        value instanceof Value.Texts(List<Value.Text> elements)
                                && containsAll(elements);
            };
        }

        private boolean containsAny(List<Value.Text> elements) {
            for (int i = 0; i < elements.size(); i++) {
                if (folded.contains(elements.get(i).folded())) {
                    return true;
                }
            }
            return false;
        }

        private boolean containsAll(List<Value.Text> elements) {
            for (String wanted : folded) {
                if (!has(elements, wanted)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Two days by the calendar, otherwise instants; a day stands for its first instant. */
    private static int compareTimes(Value first, Value second, Frame frame, boolean memberZone) {
        if (first instanceof Value.Day(long one) && second instanceof Value.Day(long other)) {
            return Long.compare(one, other);
        }
        return Long.compare(millis(first, frame, memberZone), millis(second, frame, memberZone));
    }

    private static long millis(Value time, Frame frame, boolean memberZone) {
        return switch (time) {
            case Value.Day(long day) -> frame.startOfDay(day, memberZone);
            case Value.Moment(long millis) -> millis;
            default -> throw new AssertionError(time);
        };
    }

    private static boolean isTime(Value value) {
        return value instanceof Value.Day || value instanceof Value.Moment;
    }

    private static final class TimeBound extends ValueTest {
        private final Operator operator;
        private final Value bound;
        private final boolean memberZone;

        TimeBound(Operator operator, Value bound, boolean memberZone) {
            this.operator = operator;
            this.bound = bound;
            this.memberZone = memberZone;
        }

        @Override
        boolean test(Value value, Frame frame) {
            if (!isTime(value)) {
                return false;
            }
            int order = compareTimes(value, bound, frame, memberZone);
            return switch (operator) {
                case EQUALS -> order == 0;
                case BEFORE -> order < 0;
                case AFTER -> order > 0;
                case GREATER_THAN, AT_LEAST, LESS_THAN, AT_MOST, CONTAINS, STARTS_WITH -> false;
            };
        }
    }

    private static final class TimeRange extends ValueTest {
        private final Value low;
        private final Value high;
        private final boolean memberZone;

        TimeRange(Value low, Value high, boolean memberZone) {
            this.low = low;
            this.high = high;
            this.memberZone = memberZone;
        }

        @Override
        boolean test(Value value, Frame frame) {
            return isTime(value)
                    && compareTimes(value, low, frame, memberZone) >= 0
                    && compareTimes(value, high, frame, memberZone) <= 0;
        }
    }

    private static final class TimeSet extends ValueTest {
        private final List<Value> times;
        private final boolean memberZone;

        TimeSet(List<Value> times, boolean memberZone) {
            this.times = times;
            this.memberZone = memberZone;
        }

        @Override
        boolean test(Value value, Frame frame) {
            if (isTime(value)) {
                for (Value time : times) {
                    if (compareTimes(value, time, frame, memberZone) == 0) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static final class Relative extends ValueTest {
        private final Direction direction;
        private final long millis;
        private final long days;
        private final boolean memberZone;

        Relative(Direction direction, Duration duration, boolean memberZone) {
            this.direction = direction;
            this.millis = duration.toMillis();
            this.days = duration.toDays();
            this.memberZone = memberZone;
        }

        @Override
        boolean isRelative() {
            return true;
        }

        @Override
        boolean test(Value value, Frame frame) {
            if (!isTime(value)) {
                return false;
            }
            if (direction == Direction.ANNIVERSARY_WITHIN_NEXT) {
                long today = frame.today(memberZone);
                return anniversaryFrom(date(value, frame), today) < today + days;
            }
            boolean last = direction == Direction.WITHIN_LAST;
            if (value instanceof Value.Day(long day)) {
                long today = frame.today(memberZone);
                return last
                        ? day <= today && day > today - days
                        : day >= today && day < today + days;
            }
            long at = millis(value, frame, memberZone);
            return last
                    ? at <= frame.at && at > frame.at - millis
                    : at > frame.at && at <= frame.at + millis;
        }

        @Override
        long next(Value value, Frame frame) {
            if (!isTime(value)) {
                return NEVER;
            }
            if (direction == Direction.ANNIVERSARY_WITHIN_NEXT) {
                LocalDate date = date(value, frame);
                long anniversary = anniversaryFrom(date, frame.today(memberZone));
                long following = anniversaryFrom(date, anniversary + 1);
                return earliestAfter(
                        frame.at,
                        frame.startOfDay(anniversary - days + 1, memberZone),
                        frame.startOfDay(anniversary + 1, memberZone),
                        frame.startOfDay(following - days + 1, memberZone));
            }
            boolean last = direction == Direction.WITHIN_LAST;
            if (value instanceof Value.Day(long day)) {
                return earliestAfter(
                        frame.at,
                        frame.startOfDay(last ? day : day - days + 1, memberZone),
                        frame.startOfDay(last ? day + days : day + 1, memberZone),
                        NEVER);
            }
            long at = millis(value, frame, memberZone);
            return earliestAfter(frame.at, last ? at : at - millis, last ? at + millis : at, NEVER);
        }

        private LocalDate date(Value value, Frame frame) {
            return switch (value) {
                case Value.Day day -> day.date();
                case Value.Moment(long moment) ->
                        LocalDate.ofEpochDay(Calendars.today(moment, frame.zone(memberZone)));
                default -> throw new AssertionError(value);
            };
        }

        /** The first anniversary, in a later year than the date's, not before a day. */
        private static long anniversaryFrom(LocalDate date, long day) {
            int year = Math.max(LocalDate.ofEpochDay(day).getYear(), date.getYear() + 1);
            // plusYears brings 29 February to the 28th where there is no 29th.
            long anniversary = date.plusYears(year - date.getYear()).toEpochDay();
            return anniversary >= day
                    ? anniversary
                    : date.plusYears(year + 1L - date.getYear()).toEpochDay();
        }
    }

    static long earliestAfter(long instant, long first, long second, long third) {
        long earliest = first > instant ? first : NEVER;
        if (second > instant && second < earliest) {
            earliest = second;
        }
        return third > instant && third < earliest ? third : earliest;
    }

    private static final class Near extends ValueTest {
        private final Comparison.Near near;
        private final double km;

        Near(Comparison.Near near) {
            this.near = near;
            this.km = near.km().doubleValue();
        }

        @Override
        boolean test(Value value, Frame frame) {
            return value instanceof Value.Place(double latitude, double longitude)
                    && Distances.km(latitude, longitude, near.latitude(), near.longitude()) <= km;
        }
    }
}
