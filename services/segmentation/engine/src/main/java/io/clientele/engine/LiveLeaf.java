package io.clientele.engine;

import io.clientele.engine.EventQuery.Part;
import io.clientele.engine.internal.column.Sizes;
import io.clientele.engine.internal.exec.Schedule;
import java.util.Arrays;
import java.util.List;
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
        private static final int[] NO_CODES = {};
        private static final int[][] NOBODY = {};

        /** What makes two measures one. */
        record Key(
                String type,
                Condition.@Nullable Where where,
                @Nullable String property,
                Span span,
                boolean counts,
                boolean sums,
                boolean distinct) {}

        final Key key;
        final List<Part> parts;

        /** Cells of a member's row; -1: none. */
        final int countCell;

        final int sumCell;
        Additive[] leaves = {};

        /**
         * Of different values, by block and member: codes, each followed by how many events in the
         * window have it. The cell counts the codes.
         */
        private int[][][] codes = {};

        Measure(Key key, List<Part> parts, int countCell, int sumCell) {
            this.key = key;
            this.parts = parts;
            this.countCell = countCell;
            this.sumCell = sumCell;
        }

        /**
         * Takes an event in (1) or lets it go (-1).
         *
         * @return by how many the number of different codes changed
         */
        int count(int block, int member, int code, int sign) {
            int[] own = codesOf(block, member);
            for (int i = 0; i < own.length; i += 2) {
                if (own[i] == code) {
                    own[i + 1] += sign;
                    if (own[i + 1] == 0) {
                        int end = used(own);
                        own[i] = own[end - 2];
                        own[i + 1] = own[end - 1];
                        own[end - 2] = 0;
                        own[end - 1] = 0;
                        return -1;
                    }
                    return 0;
                }
            }
            assert sign > 0 : "an event leaves a window that it entered";
            int end = used(own);
            if (end == own.length) {
                own = Arrays.copyOf(own, end + Math.max(4, end / 2 & ~1));
                codes[block][member] = own;
            }
            own[end] = code;
            own[end + 1] = sign;
            return 1;
        }

        private int[] codesOf(int block, int member) {
            if (block >= codes.length) {
                int known = codes.length;
                codes = Arrays.copyOf(codes, block + 1);
                Arrays.fill(codes, known, block + 1, NOBODY);
            }
            int[][] members = codes[block];
            if (member >= members.length) {
                int grown = Math.min(Math.max(member + 1, members.length * 2), Block.CAPACITY);
                int known = members.length;
                members = Arrays.copyOf(members, grown);
                Arrays.fill(members, known, grown, NO_CODES);
                codes[block] = members;
            }
            return members[member];
        }

        /** Where the free cells begin; codes are above 0. */
        private static int used(int[] own) {
            int end = own.length;
            while (end > 0 && own[end - 2] == 0) {
                end -= 2;
            }
            return end;
        }

        long retainedBytes() {
            long bytes = 64;
            for (int[][] members : codes) {
                bytes += Sizes.array(8L * members.length);
                for (int[] own : members) {
                    bytes += own.length == 0 ? 0 : Sizes.array(4L * own.length);
                }
            }
            return bytes;
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
