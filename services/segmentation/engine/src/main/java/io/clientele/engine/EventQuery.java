package io.clientele.engine;

import io.clientele.engine.internal.bitmap.Bits;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.column.NumberColumn;
import io.clientele.engine.internal.exec.EventScan;
import io.clientele.engine.internal.exec.RowFilter;
import io.clientele.engine.internal.exec.SequenceScan;
import io.clientele.engine.internal.exec.Totals;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers for measures over events by one pass over the events of the window. */
final class EventQuery {
    private static final int MOST_DAYS = 5_000;

    private EventQuery() {}

    /**
     * Events of one log that count.
     *
     * @param filter null: all
     * @param property what is measured; {@link EventScan#NO_PROPERTY}, {@link EventScan#INSTANT}
     * @param negated whether its numbers count below zero
     */
    record Part(int log, @Nullable RowFilter filter, int property, boolean negated) {}

    /** From {@code first} to {@code last}, both included, in milliseconds. */
    record Stretch(long first, long last) {}

    /** A pass over events, and a verdict for each member. */
    abstract static class Pass<T extends Totals> extends QueryNode {
        private final Part[] parts;
        private final Stretch stretch;
        private final Supplier<T> totals;

        Pass(List<Part> parts, Stretch stretch, Supplier<T> totals) {
            this.parts = parts.toArray(Part[]::new);
            this.stretch = stretch;
            this.totals = totals;
        }

        @Override
        final void select(Block block, long[] among, long[] into, QueryScratch scratch) {
            T result = scratch.kept(this, totals);
            run(block, parts, stretch, result, scratch);
            judge(result, block.words(), among, into);
        }

        abstract void judge(T result, int words, long[] among, long[] into);

        @Override
        int cost() {
            return COST_EVENTS + days(stretch);
        }
    }

    /** How long a stretch is, to ask about the shorter first. */
    private static int days(Stretch stretch) {
        long days =
                stretch.first() == Long.MIN_VALUE
                        ? MOST_DAYS
                        : (stretch.last() - stretch.first()) / 86_400_000L;
        return (int) Math.clamp(days, 0, MOST_DAYS);
    }

    static void run(Block block, Part[] parts, Stretch stretch, Totals into, QueryScratch scratch) {
        into.reset(block.size());
        for (Part part : parts) {
            EventLog log = block.log(part.log());
            if (log != null) {
                scratch.scan()
                        .run(
                                log,
                                part.filter(),
                                stretch.first(),
                                stretch.last(),
                                part.property(),
                                part.negated(),
                                into);
            }
        }
    }

    /** The bits that totals have set. */
    private static void take(long[] bits, int words, long[] among, long[] into) {
        for (int word = 0; word < words; word++) {
            into[word] = among[word] & bits[word];
        }
    }

    /** Whoever has one. */
    static QueryNode seen(List<Part> parts, Stretch stretch) {
        return new Pass<Totals.Seen>(parts, stretch, Totals.Seen::new) {
            @Override
            void judge(Totals.Seen result, int words, long[] among, long[] into) {
                take(result.bits(), words, among, into);
            }
        };
    }

    /** Whoever has so many. */
    static QueryNode countTo(List<Part> parts, Stretch stretch, int goal) {
        return new Pass<Totals.Count>(parts, stretch, () -> new Totals.Count(goal)) {
            @Override
            void judge(Totals.Count result, int words, long[] among, long[] into) {
                take(result.bits(), words, among, into);
            }
        };
    }

    /** Whose count passes. */
    static QueryNode count(List<Part> parts, Stretch stretch, ValueTest test) {
        return new Pass<Totals.Count>(parts, stretch, () -> new Totals.Count(Integer.MAX_VALUE)) {
            @Override
            void judge(Totals.Count result, int words, long[] among, long[] into) {
                each(words, among, into, member -> Tally.testWhole(test, result.count(member)));
            }
        };
    }

    /** Whose sum of numbers, none of them below zero, is so much. */
    static QueryNode sumTo(List<Part> parts, Stretch stretch, long goal) {
        return new Pass<Totals.SumTo>(parts, stretch, () -> new Totals.SumTo(goal)) {
            @Override
            void judge(Totals.SumTo result, int words, long[] among, long[] into) {
                take(result.bits(), words, among, into);
            }
        };
    }

    /** Whose sum passes. */
    static QueryNode sum(List<Part> parts, Stretch stretch, ValueTest test) {
        return new Pass<Totals.Sum>(parts, stretch, () -> new Totals.Sum(false)) {
            @Override
            void judge(Totals.Sum result, int words, long[] among, long[] into) {
                each(words, among, into, member -> Tally.testNumber(test, result.sum(member)));
            }
        };
    }

    /** Whose average is above a bound, or at it. */
    static QueryNode averageAbove(List<Part> parts, Stretch stretch, long bound, boolean orEqual) {
        return new Pass<Totals.Above>(parts, stretch, () -> new Totals.Above(bound)) {
            @Override
            void judge(Totals.Above result, int words, long[] among, long[] into) {
                result.above(orEqual, into, words);
                Bits.and(into, among, words);
            }
        };
    }

    /** Whose average passes. */
    static QueryNode average(List<Part> parts, Stretch stretch, ValueTest test) {
        return new Pass<Totals.Sum>(parts, stretch, () -> new Totals.Sum(true)) {
            @Override
            void judge(Totals.Sum result, int words, long[] among, long[] into) {
                each(
                        words,
                        among,
                        into,
                        member ->
                                result.count(member) > 0
                                        && test.testRatio(
                                                result.sum(member), result.count(member)));
            }
        };
    }

    /** Whoever has so many different values. */
    static QueryNode distinctTo(List<Part> parts, Stretch stretch, int goal, int largestCode) {
        return new Pass<Totals.Distinct>(
                parts, stretch, () -> Totals.Distinct.of(goal, largestCode)) {
            @Override
            void judge(Totals.Distinct result, int words, long[] among, long[] into) {
                take(result.bits(), words, among, into);
            }
        };
    }

    /** Whose number of different values passes. */
    static QueryNode distinct(List<Part> parts, Stretch stretch, ValueTest test, int largestCode) {
        return new Pass<Totals.Distinct>(
                parts, stretch, () -> Totals.Distinct.of(Integer.MAX_VALUE, largestCode)) {
            @Override
            void judge(Totals.Distinct result, int words, long[] among, long[] into) {
                each(words, among, into, member -> Tally.testWhole(test, result.count(member)));
            }
        };
    }

    /** Whose smallest or largest number, as a value of {@code type}, passes. */
    static QueryNode extreme(
            List<Part> parts,
            Stretch stretch,
            boolean smallest,
            ValueType type,
            ValueTest test,
            Frame frame) {
        return new Pass<Totals.Extreme>(parts, stretch, () -> new Totals.Extreme(smallest)) {
            @Override
            void judge(Totals.Extreme result, int words, long[] among, long[] into) {
                each(
                        words,
                        among,
                        into,
                        member ->
                                result.has(member)
                                        && test.test(
                                                AttributeSpec.value(type, result.best(member)),
                                                frame));
            }
        };
    }

    /**
     * Whose share passes: what certain events sum up to of what all do, if that is above zero.
     *
     * @param of like {@code parts}, for the certain events
     */
    static QueryNode share(List<Part> parts, List<Part> of, Stretch stretch, ValueTest test) {
        return new Pair(parts, stretch, of, stretch, false) {
            @Override
            boolean passes(Totals.Sum total, Totals.Sum part, int member) {
                return total.sum(member) > 0
                        && Tally.testScaledRatio(test, part.sum(member), total.sum(member));
            }
        };
    }

    /** Whose sum changed from one stretch to the next by a ratio that passes. */
    static QueryNode trend(
            List<Part> parts, Stretch now, Stretch before, boolean counts, ValueTest test) {
        return new Pair(parts, now, parts, before, counts) {
            @Override
            boolean passes(Totals.Sum latter, Totals.Sum former, int member) {
                long a = counts ? latter.count(member) : latter.sum(member);
                long b = counts ? former.count(member) : former.sum(member);
                return b != 0 && Tally.testScaledRatio(test, b < 0 ? b - a : a - b, Math.abs(b));
            }
        };
    }

    /** Two passes with sums. */
    private abstract static class Pair extends QueryNode {
        private final Part[] parts;
        private final Stretch stretch;
        private final Part[] otherParts;
        private final Stretch otherStretch;

        private final boolean counts;

        Pair(
                List<Part> parts,
                Stretch stretch,
                List<Part> otherParts,
                Stretch otherStretch,
                boolean counts) {
            this.counts = counts;
            this.parts = parts.toArray(Part[]::new);
            this.stretch = stretch;
            this.otherParts = otherParts.toArray(Part[]::new);
            this.otherStretch = otherStretch;
        }

        abstract boolean passes(Totals.Sum first, Totals.Sum second, int member);

        @Override
        final void select(Block block, long[] among, long[] into, QueryScratch scratch) {
            Totals.Sum[] both =
                    scratch.kept(
                            this,
                            () ->
                                    new Totals.Sum[] {
                                        new Totals.Sum(counts), new Totals.Sum(counts)
                                    });
            run(block, parts, stretch, both[0], scratch);
            run(block, otherParts, otherStretch, both[1], scratch);
            for (int word = 0; word < block.words(); word++) {
                long passed = 0;
                for (long left = among[word]; left != 0; left &= left - 1) {
                    int bit = Long.numberOfTrailingZeros(left);
                    if (passes(both[0], both[1], (word << 6) + bit)) {
                        passed |= 1L << bit;
                    }
                }
                into[word] = passed;
            }
        }

        @Override
        int cost() {
            return 2 * COST_EVENTS + days(stretch) + days(otherStretch);
        }
    }

    /** Whoever had events of one log one after the other. */
    static final class InSequence extends QueryNode {
        private final int log;
        private final @Nullable RowFilter[] steps;
        private final long span;
        private final Stretch stretch;

        InSequence(int log, @Nullable RowFilter[] steps, long span, Stretch stretch) {
            this.log = log;
            this.steps = steps;
            this.span = span;
            this.stretch = stretch;
        }

        @Override
        void select(Block block, long[] among, long[] into, QueryScratch scratch) {
            int words = block.words();
            EventLog events = block.log(log);
            if (events == null) {
                Arrays.fill(into, 0, words, 0L);
                return;
            }
            SequenceScan scan = scratch.kept(this, () -> new SequenceScan(steps, span));
            take(
                    scan.run(events, stretch.first(), stretch.last(), block.size()),
                    words,
                    among,
                    into);
        }

        @Override
        int cost() {
            return 2 * COST_EVENTS + MOST_DAYS;
        }
    }

    /** A verdict on one member. */
    @FunctionalInterface
    private interface Verdict {
        boolean of(int member);
    }

    private static void each(int words, long[] among, long[] into, Verdict verdict) {
        for (int word = 0; word < words; word++) {
            long passed = 0;
            for (long left = among[word]; left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                if (verdict.of((word << 6) + bit)) {
                    passed |= 1L << bit;
                }
            }
            into[word] = passed;
        }
    }

    /** Sums below this are exact in 63 bits. */
    private static final double LARGEST_SUM = 4e18;

    /**
     * Whether the numbers of some logs' properties, whatever their signs, sum up to what fits 63
     * bits for each member of a block, twice over. Cost: nothing where amounts are in the usual
     * range, else one pass over the events.
     *
     * @param logs those of {@code parts}; null: no events
     */
    static boolean fits(List<Part> parts, List<@Nullable EventLog> logs, int size) {
        double most = 0;
        for (int i = 0; i < parts.size(); i++) {
            EventLog log = logs.get(i);
            most += log == null ? 0 : largestSum(log, parts.get(i).property());
        }
        if (most <= LARGEST_SUM / 2) {
            return true;
        }
        double[] sums = new double[size];
        for (int i = 0; i < parts.size(); i++) {
            EventLog log = logs.get(i);
            for (int chunk = 0; log != null && chunk < log.chunkCount(); chunk++) {
                if (!add(log.chunk(chunk), parts.get(i).property(), sums)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean add(EventChunk chunk, int property, double[] sums) {
        NumberColumn numbers = (NumberColumn) chunk.column(property);
        for (int row = 0; row < chunk.size(); row++) {
            long number = numbers.get(row);
            int member = chunk.members()[row];
            sums[member] += number == NumberColumn.UNSET ? 0 : Math.abs((double) number);
            if (sums[member] > LARGEST_SUM / 2) {
                return false;
            }
        }
        return true;
    }

    /** No member's numbers of a property can sum up to more in size. */
    private static double largestSum(EventLog log, int property) {
        double sum = 0;
        for (int i = 0; i < log.chunkCount(); i++) {
            EventChunk chunk = log.chunk(i);
            NumberColumn numbers = (NumberColumn) chunk.column(property);
            if (numbers.largest() != Long.MIN_VALUE) {
                double largest =
                        Math.max(
                                Math.abs((double) numbers.smallest()),
                                Math.abs((double) numbers.largest()));
                sum += largest * chunk.size();
            }
        }
        return sum;
    }

    /** Whether a property never has a number below zero. */
    static boolean isNeverNegative(EventLog log, int property) {
        for (int i = 0; i < log.chunkCount(); i++) {
            if (((NumberColumn) log.chunk(i).column(property)).smallest() < 0) {
                return false;
            }
        }
        return true;
    }
}
