package io.clientele.engine;

import io.clientele.engine.EventQuery.Part;
import io.clientele.engine.internal.exec.CodeCounts;
import io.clientele.engine.internal.exec.Schedule;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A leaf whose verdict is kept for each member as a bit, shared by all segments that have it. */
abstract class LiveLeaf {
    /** Leaves that are equal are one. */
    final Condition condition;

    /** Which bit of a member's row. */
    final int bit;

    /** How many segments use it. */
    int uses;

    LiveLeaf(Condition condition, int bit) {
        this.condition = condition;
        this.bit = bit;
    }

    /** A running value of each member, shared by all leaves that compare it. */
    static final class Measure {
        /**
         * What makes two measures one.
         *
         * @param distinct whether different values of the property are counted; else its numbers
         *     are added up, or events counted if there is no property
         */
        record Key(
                String type,
                Condition.@Nullable Where where,
                @Nullable String property,
                Span span,
                boolean distinct) {
            boolean sums() {
                return property != null && !distinct;
            }

            /** Whether the other takes the same events and differs in its window only. */
            boolean isLike(Key other) {
                return distinct == other.distinct
                        && type.equals(other.type)
                        && Objects.equals(where, other.where)
                        && Objects.equals(property, other.property);
            }
        }

        final Key key;
        final List<Part> parts;

        /** Cell of a member's row with the number of events, or of different values; -1: none. */
        int countCell;

        /** Cell with the sum modulo 2^64; -1: none. */
        final int sumCell;

        /** Of different values: how often each is in the window, shared with other windows. */
        final @Nullable CodeCounts codes;

        /** The window's place in {@link #codes}. */
        final int slot;

        Additive[] leaves = {};

        /** By member: how often its sum has left 64 bits upwards; of few, if of any. */
        private @Nullable Map<Integer, Long> carries;

        Measure(
                Key key,
                List<Part> parts,
                int countCell,
                int sumCell,
                @Nullable CodeCounts codes,
                int slot) {
            this.key = key;
            this.parts = parts;
            this.countCell = countCell;
            this.sumCell = sumCell;
            this.codes = codes;
            this.slot = slot;
        }

        /** A member's sum has left 64 bits, upwards (1) or downwards (-1). */
        void carry(int member, long up) {
            Map<Integer, Long> known = carries;
            if (known == null) {
                known = new HashMap<>();
                carries = known;
            }
            known.merge(member, up, (one, other) -> one + other == 0 ? null : one + other);
            if (known.isEmpty()) {
                carries = null;
            }
        }

        /** How often a member's sum has left 64 bits upwards. */
        long carried(int member) {
            Map<Integer, Long> known = carries;
            return known == null ? 0 : known.getOrDefault(member, 0L);
        }

        long retainedBytes() {
            Map<Integer, Long> known = carries;
            return 64 + (known == null ? 0 : 80L * known.size());
        }

        void add(Additive leaf) {
            leaves = Arrays.copyOf(leaves, leaves.length + 1);
            leaves[leaves.length - 1] = leaf;
        }

        void remove(Additive leaf) {
            leaves = Arrays.stream(leaves).filter(it -> it != leaf).toArray(Additive[]::new);
        }
    }

    /**
     * When an event is in a window: from {@code at + enters} until before {@code at + leaves}, if
     * {@code first <= at <= last}.
     *
     * @param leaves {@link Schedule#NEVER}: it stays
     */
    record Span(long enters, long leaves, long first, long last) {
        /** The span of a window, or null if events enter or leave it otherwise. */
        static @Nullable Span of(Condition.Event leaf, ProgramModel model) {
            WindowPlan plan = WindowPlan.of(leaf.within(), false);
            if (plan instanceof WindowPlan.Ago ago) {
                return new Span(ago.to, ago.from, Long.MIN_VALUE, Long.MAX_VALUE);
            }
            if (leaf.within() instanceof Condition.Window.Absolute) {
                Frame end = new Frame(new MemberHistory(""), model, Long.MAX_VALUE);
                return new Span(0, Schedule.NEVER, plan.first(end), plan.last(end));
            }
            return null;
        }

        boolean holds(long at) {
            return at >= first && at <= last;
        }
    }

    /**
     * Compares a count, a sum, an average or a number of different values that follows events as
     * they come and go.
     */
    static final class Additive extends LiveLeaf {
        final Measure measure;
        private final Condition.Measure.Kind kind;
        private final ValueTest.Numeric test;

        // Of counts and sums compared with a range: the smallest and largest that pass.
        private final boolean isRange;
        private final long low;
        private final long high;

        Additive(
                Condition condition,
                int bit,
                Measure measure,
                Condition.Measure.Kind kind,
                ValueTest.Numeric test) {
            super(condition, bit);
            this.measure = measure;
            this.kind = kind;
            this.test = test;
            this.isRange =
                    test instanceof ValueTest.Range && kind != Condition.Measure.Kind.AVERAGE;
            long unit = kind == Condition.Measure.Kind.SUM ? 1 : Decimals.UNIT;
            if (isRange) {
                ValueTest.Range range = (ValueTest.Range) test;
                low =
                        range.lowest() == Long.MIN_VALUE
                                ? Long.MIN_VALUE
                                : Math.ceilDiv(range.lowest(), unit);
                high =
                        range.highest() == Long.MAX_VALUE
                                ? Long.MAX_VALUE
                                : Math.floorDiv(range.highest(), unit);
            } else {
                low = 0;
                high = 0;
            }
        }

        boolean test(long count, long sum) {
            if (isRange) {
                long value = kind == Condition.Measure.Kind.SUM ? sum : count;
                return value >= low && value <= high;
            }
            return switch (kind) {
                case COUNT, DISTINCT -> test.testNumber(count * Decimals.UNIT);
                case SUM -> test.testNumber(sum);
                default -> count > 0 && test.testRatio(sum, count);
            };
        }

        /** The same of a sum that 64 bits do not hold. */
        boolean testLarge(long count, BigInteger sum) {
            return kind == Condition.Measure.Kind.SUM
                    ? test.testRatio(sum, BigInteger.ONE)
                    : count > 0 && test.testRatio(sum, BigInteger.valueOf(count));
        }
    }

    /** Compares the value in force of an attribute; time alone changes nothing. */
    static final class Static extends LiveLeaf {
        final String attribute;
        final ValueTest test;

        Static(Condition condition, int bit, String attribute, ValueTest test) {
            super(condition, bit);
            this.attribute = attribute;
            this.test = test;
        }
    }

    /**
     * Any other leaf: the exact evaluator judges the member when something it depends on changes,
     * and says until when the verdict stands.
     */
    static final class Timed extends LiveLeaf {
        final PlanNode plan;
        final Dependencies needs;

        /** This leaf for itself. */
        final TimedGroup alone = new TimedGroup(List.of(this));

        /** By block: until when each member's verdict stands. */
        private long[][] until = {};

        Timed(Condition condition, int bit, PlanNode plan, Dependencies needs) {
            super(condition, bit);
            this.plan = plan;
            this.needs = needs;
        }

        long until(int block, int member) {
            return block < until.length && member < until[block].length
                    ? until[block][member]
                    : Schedule.NEVER;
        }

        void setUntil(int block, int member, long instant) {
            if (instant == until(block, member)) {
                return;
            }
            int blocks = until.length;
            if (block >= blocks) {
                until = Arrays.copyOf(until, block + 1);
                for (int i = blocks; i <= block; i++) {
                    until[i] = new long[0];
                }
            }
            int size = until[block].length;
            if (member >= size) {
                int grown = Math.min(Math.max(member + 1, size * 2 + 16), Block.CAPACITY);
                until[block] = Arrays.copyOf(until[block], grown);
                Arrays.fill(until[block], size, grown, Schedule.NEVER);
            }
            until[block][member] = instant;
        }

        long retainedBytes() {
            long bytes = 16;
            for (long[] each : until) {
                bytes += 16 + 8L * each.length;
            }
            return bytes;
        }
    }

    /** Leaves that the exact evaluator judges together, with all they need. */
    static final class TimedGroup {
        final List<Timed> leaves;
        int[] attributes = {};
        int[] logs = {};

        /** How many attributes and logs the shard had when they were looked up. */
        int indexesKnown = -1;

        TimedGroup(List<Timed> leaves) {
            this.leaves = leaves;
        }
    }
}
