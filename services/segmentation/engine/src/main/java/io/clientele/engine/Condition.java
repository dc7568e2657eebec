package io.clientele.engine;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition of the segment language, as data. {@link Conditions} reads and writes its JSON form;
 * {@code docs/segment-language.md} says what each form means. Immutable; equal conditions mean the
 * same.
 */
public sealed interface Condition {
    /** True if every part is; of no parts: everyone. */
    record All(List<Condition> parts) implements Condition {
        /** Copies. */
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** True if some part is; of no parts: nobody. */
    record Any(List<Condition> parts) implements Condition {
        /** Copies. */
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** True if the part is not, so also where the part's value is unset. */
    record Not(Condition part) implements Condition {}

    /** True if at least {@code count} of the parts are. */
    record AtLeast(int count, List<Condition> parts) implements Condition {
        /** Copies and checks that {@code count} is 0 or more. */
        public AtLeast {
            parts = List.copyOf(parts);
            if (count < 0) {
                throw new IllegalArgumentException("count must be 0 or more, was " + count);
            }
        }
    }

    /**
     * Compares an attribute's value.
     *
     * @param comparison {@link Comparison.Exists} where only {@code setWithin} was given
     * @param setWithin the value must have been given in the last so long; null: whenever
     * @param memberZone days are those of the member's zone, not the program's
     */
    record Attribute(
            String name, Comparison comparison, @Nullable Duration setWithin, boolean memberZone)
            implements Condition {}

    /**
     * Compares a score, the output of a model as it is known at t.
     *
     * @param memberZone days are those of the member's zone, not the program's
     */
    record Score(String name, Comparison comparison, boolean memberZone) implements Condition {}

    /**
     * Compares a measure over the member's events of a type in a window.
     *
     * @param where which events count; null: all of the type
     * @param memberZone days and calendar windows are those of the member's zone, not the program's
     */
    record Event(
            String type,
            @Nullable Where where,
            Window within,
            Measure measure,
            Comparison comparison,
            boolean memberZone)
            implements Condition {}

    /** True if the member satisfies the condition of the segment with that key. */
    record Segment(String key) implements Condition {}

    /**
     * A stable choice among members: about {@code percent} of them, another one for another salt.
     */
    record Sample(BigDecimal percent, String salt) implements Condition {
        /** Brings the number to one form. */
        public Sample {
            percent = canonical(percent);
        }
    }

    /**
     * Compares how a measure changed from one period to the next: {@code (a - b) / b} with a over
     * {@code (t - period, t]} and b over {@code (t - 2 periods, t - period]}. Unset if b is 0 or a
     * measure is unset.
     *
     * @param where which events count; null: all of the type
     * @param measure one whose value is a number
     */
    record Trend(
            String type,
            @Nullable Where where,
            Measure measure,
            Duration period,
            Comparison comparison)
            implements Condition {}

    /**
     * True if events happened one after the other, at strictly later instants, the last at most
     * {@code span} after the first. It happens at the instant of the last step; if that one is to
     * be absent, when the span after the step before it is over.
     *
     * @param steps at least two; only the last may be absent
     * @param within when it happened
     * @param memberZone calendar windows and days are those of the member's zone, not the program's
     */
    record Sequence(List<Step> steps, Duration span, Window within, boolean memberZone)
            implements Condition {
        /** Copies and checks the steps. */
        public Sequence {
            steps = List.copyOf(steps);
            if (steps.size() < 2
                    || steps.subList(0, steps.size() - 1).stream().anyMatch(Step::absent)) {
                throw new IllegalArgumentException(
                        "a sequence has at least two steps, and only the last may be absent");
            }
        }
    }

    /**
     * One step of a sequence.
     *
     * @param where which events are meant; null: all of the type
     * @param absent no such event may happen within the span after the step before
     */
    record Step(String type, @Nullable Where where, boolean absent) {}

    /**
     * True if a change of the member's membership of another segment was recorded in the window.
     * Looks at what was recorded ({@link MemberHistory#addTransition}), not at that segment's
     * condition.
     *
     * @param segment the other segment's key
     * @param entered true: entered, false: left
     * @param memberZone calendar windows and days are those of the member's zone, not the program's
     */
    record Transition(String segment, boolean entered, Window within, boolean memberZone)
            implements Condition {}

    /** Which events count, by their properties. */
    sealed interface Where {
        /** Compares one property of the event; false if the event has none. */
        record Property(String name, Comparison comparison) implements Where {}

        /** True if every part is. */
        record All(List<Where> parts) implements Where {
            /** Copies. */
            public All {
                parts = List.copyOf(parts);
            }
        }

        /** True if some part is. */
        record Any(List<Where> parts) implements Where {
            /** Copies. */
            public Any {
                parts = List.copyOf(parts);
            }
        }

        /** True if the part is not. */
        record Not(Where part) implements Where {}
    }

    /** When events count, seen from the instant t of the question. Never after t. */
    sealed interface Window {
        /** Everything up to t. */
        record AllTime() implements Window {}

        /** {@code (t - duration, t]}. */
        record Last(Duration duration) implements Window {}

        /** {@code (t - from, t - to]}; without {@code from}: everything up to t - to. */
        record Ago(@Nullable Duration from, Duration to) implements Window {}

        /**
         * {@code [from, to)}; one of them may be missing. Days are meant from their first instant.
         */
        record Absolute(@Nullable Literal from, @Nullable Literal to) implements Window {}

        /** From the beginning of the calendar unit that holds t, to t. */
        record Current(Unit unit) implements Window {}

        /** The whole calendar unit before the one that holds t: {@code [start, end)}. */
        record Previous(Unit unit) implements Window {}
    }

    /** A calendar unit. A week begins on the program's first day of the week. */
    enum Unit {
        /** From midnight to midnight. */
        DAY,
        /** Seven days. */
        WEEK,
        /** A calendar month. */
        MONTH,
        /** January to March and so on. */
        QUARTER,
        /** January to December. */
        YEAR
    }

    /**
     * What is measured over the events that count.
     *
     * @param property the property measured; null for {@code COUNT}, {@code FIRST} and {@code LAST}
     * @param of for {@code SHARE}: the events whose part of the total is measured
     */
    record Measure(Kind kind, @Nullable String property, @Nullable Where of) {
        /** The measure of a leaf that names none. */
        public static final Measure COUNT = new Measure(Kind.COUNT, null, null);

        /** Checks that the kind has what it needs. */
        public Measure {
            boolean plain = kind == Kind.COUNT || kind == Kind.FIRST || kind == Kind.LAST;
            if (plain != (property == null) || (kind == Kind.SHARE) != (of != null)) {
                throw new IllegalArgumentException(kind + " with property " + property);
            }
        }

        /** The kinds of measure. Of no events, the first three are 0 and the others unset. */
        public enum Kind {
            /** How many. */
            COUNT,
            /** The exact sum of a number. */
            SUM,
            /** How many different values. */
            DISTINCT,
            /** The sum divided by the number of events that have the property. */
            AVERAGE,
            /** The smallest number or earliest time. */
            MIN,
            /** The largest number or latest time. */
            MAX,
            /**
             * The most frequent value; of equals, the one that occurred last; of those that last
             * occurred at one instant, the greatest, texts by the code points of their folded form.
             */
            FAVORITE,
            /**
             * The part of the sum that certain events make up; unset if the total is not above 0.
             */
            SHARE,
            /** When the first event was. */
            FIRST,
            /** When the last event was. */
            LAST
        }
    }

    /** A constant in a condition. */
    sealed interface Literal {
        /** Text as it was written; compared in NFC without regard to case. */
        record Text(String value) implements Literal {}

        /** An exact decimal of up to 6 places. */
        record Number(BigDecimal value) implements Literal {
            /** Brings the number to one form. */
            public Number {
                value = canonical(value);
            }
        }

        /** True or false. */
        record Flag(boolean value) implements Literal {}

        /** A day; where a time is needed, its first instant. */
        record Day(LocalDate value) implements Literal {}

        /** An instant in milliseconds. */
        record Moment(Instant value) implements Literal {
            /** Cuts to the millisecond. */
            public Moment {
                value = value.truncatedTo(ChronoUnit.MILLIS);
            }
        }
    }

    /** How a value is compared. On an unset value every comparison is false. */
    sealed interface Comparison {
        /** With one constant. */
        record Bound(Operator operator, Literal value) implements Comparison {}

        /** With a list of constants, at least one. */
        record Several(Quantifier quantifier, List<Literal> values) implements Comparison {
            /** Copies. */
            public Several {
                values = List.copyOf(values);
            }
        }

        /** Not below {@code low} and not above {@code high}. */
        record Between(Literal low, Literal high) implements Comparison {}

        /** A time, seen from the instant of the question. */
        record Relative(Direction direction, Duration duration) implements Comparison {}

        /**
         * At most {@code km} kilometers from a point.
         *
         * @param store the store whose place the point is, as the program had it when the condition
         *     was read; null: a point given as such
         */
        record Near(double latitude, double longitude, BigDecimal km, @Nullable String store)
                implements Comparison {
            /** Brings the numbers to one form. */
            public Near {
                km = canonical(km);
                // Minus zero is zero.
                latitude += 0.0;
                longitude += 0.0;
            }
        }

        /** There is a value. */
        record Exists() implements Comparison {}

        /** Comparisons with one constant. */
        enum Operator {
            /** The same value. */
            EQUALS,
            /** Above. */
            GREATER_THAN,
            /** Not below. */
            AT_LEAST,
            /** Below. */
            LESS_THAN,
            /** Not above. */
            AT_MOST,
            /** A set has the element; a text has the part. */
            CONTAINS,
            /** A text begins so. */
            STARTS_WITH,
            /** An earlier time. */
            BEFORE,
            /** A later time. */
            AFTER
        }

        /** Comparisons with several constants. */
        enum Quantifier {
            /** The same as one of them. */
            IN,
            /** A set has one of them. */
            CONTAINS_ANY,
            /** A set has all of them. */
            CONTAINS_ALL
        }

        /** Comparisons of a time with the instant of the question. */
        enum Direction {
            /** Days: the last n with today. Instants: {@code (t - D, t]}. */
            WITHIN_LAST,
            /** Days: the next n with today. Instants: {@code (t, t + D]}. */
            WITHIN_NEXT,
            /** The day comes again, in a later year, among the next n days with today. */
            ANNIVERSARY_WITHIN_NEXT
        }
    }

    private static BigDecimal canonical(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
