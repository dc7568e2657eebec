package io.clientele.engine.internal.exec;

import io.clientele.engine.internal.bitmap.Bits;
import java.util.Arrays;

/**
 * Something kept for each member of a block while events go by. For one thread; {@link #reset}
 * before each use.
 */
public abstract class Totals {
    /** Takes the members of events from {@code low} to {@code high} (exclusive). */
    public void add(char[] members, int low, int high) {
        throw new AssertionError("measures values");
    }

    /** Takes events with what is measured of each. */
    public void add(char[] members, long[] values, int count) {
        throw new AssertionError("measures no values");
    }

    /**
     * Takes events with numbers as a column holds them, each to be multiplied by {@code divisor};
     * the smallest value is an unset cell. Returns false if this goes no faster than {@link
     * #add(char[], long[], int)}; nothing was taken then.
     */
    public boolean add(char[] members, short[] cells, long divisor, int low, int high) {
        return false;
    }

    /** Takes events with codes as a column holds them, 0 unset; as above. */
    public boolean add(char[] members, byte[] codes, int low, int high) {
        return false;
    }

    /** Takes events with codes as a column holds them, 0 unset; as above. */
    public boolean add(char[] members, char[] codes, int low, int high) {
        return false;
    }

    /** Empties it for a block of so many members. */
    public abstract void reset(int size);

    /** Marks who has an event at all. */
    public static final class Seen extends Totals {
        private long[] bits = {};

        /** Makes an empty one. */
        public Seen() {}

        @Override
        public void reset(int size) {
            bits = cleared(bits, Bits.words(size));
        }

        @Override
        public void add(char[] members, int low, int high) {
            long[] marked = bits;
            for (int i = low; i < high; i++) {
                int member = members[i];
                marked[member >>> 6] |= 1L << member;
            }
        }

        /** The members. */
        public long[] bits() {
            return bits;
        }
    }

    /** Counts, and marks who reaches a goal. */
    public static final class Count extends Totals {
        private final int goal;
        private int[] counts = {};
        private long[] bits = {};

        /** Makes an empty one; {@code goal} 1 or more, or {@link Integer#MAX_VALUE} for none. */
        public Count(int goal) {
            this.goal = goal;
        }

        @Override
        public void reset(int size) {
            counts = cleared(counts, size);
            bits = cleared(bits, Bits.words(size));
        }

        @Override
        public void add(char[] members, int low, int high) {
            int[] all = counts;
            int wanted = goal;
            for (int i = low; i < high; i++) {
                int member = members[i];
                int count = all[member] + 1;
                all[member] = count;
                if (count == wanted) {
                    Bits.set(bits, member);
                }
            }
        }

        /** How many events a member has. */
        public int count(int member) {
            return counts[member];
        }

        /** Who reached the goal. */
        public long[] bits() {
            return bits;
        }
    }

    /**
     * Sums and counts numbers, or counts alone. The sum of all events' numbers must fit 63 bits
     * whatever their sign.
     */
    public static final class Sum extends Totals {
        private final boolean withCounts;
        private long[] sums = {};
        private int[] counts = {};

        /** Makes an empty one; {@code withCounts} false: {@link #count} is not asked. */
        public Sum(boolean withCounts) {
            this.withCounts = withCounts;
        }

        @Override
        public void reset(int size) {
            sums = cleared(sums, size);
            counts = cleared(counts, withCounts ? size : 0);
        }

        @Override
        public void add(char[] members, long[] values, int count) {
            long[] all = sums;
            for (int i = 0; i < count; i++) {
                all[members[i]] += values[i];
            }
            if (withCounts) {
                add(members, 0, count);
            }
        }

        @Override
        public boolean add(char[] members, short[] cells, long divisor, int low, int high) {
            if (withCounts) {
                return false;
            }
            long[] all = sums;
            for (int i = low; i < high; i++) {
                // Nothing is added for an unset cell.
                all[members[i]] += cells[i] == Short.MIN_VALUE ? 0 : cells[i] * divisor;
            }
            return true;
        }

        @Override
        public void add(char[] members, int low, int high) {
            for (int i = low; i < high; i++) {
                counts[members[i]]++;
            }
        }

        /** The sum of a member's numbers. */
        public long sum(int member) {
            return sums[member];
        }

        /** How many numbers a member has. */
        public int count(int member) {
            return counts[member];
        }
    }

    /** Sums numbers of which none is below 0, and marks whose sum reaches a goal above 0. */
    public static final class SumTo extends Totals {
        private final long goal;
        private long[] sums = {};
        private long[] bits = {};

        /** Makes an empty one. */
        public SumTo(long goal) {
            this.goal = goal;
        }

        @Override
        public void reset(int size) {
            sums = cleared(sums, size);
            bits = cleared(bits, Bits.words(size));
        }

        @Override
        public void add(char[] members, long[] values, int count) {
            long[] all = sums;
            long wanted = goal;
            for (int i = 0; i < count; i++) {
                int member = members[i];
                long before = all[member];
                long after = before + values[i];
                all[member] = after;
                // One comparison that is seldom true: that sums are high already is a guess.
                if (((before - wanted) ^ (after - wanted)) < 0) {
                    Bits.set(bits, member);
                }
            }
        }

        @Override
        public boolean add(char[] members, short[] cells, long divisor, int low, int high) {
            long[] all = sums;
            long wanted = goal;
            for (int i = low; i < high; i++) {
                int member = members[i];
                long before = all[member];
                // Nothing is added for an unset cell.
                long after = before + (cells[i] == Short.MIN_VALUE ? 0 : cells[i] * divisor);
                all[member] = after;
                // One comparison that is seldom true: that sums are high already is a guess.
                if (((before - wanted) ^ (after - wanted)) < 0) {
                    Bits.set(bits, member);
                }
            }
            return true;
        }

        /** Who reached the goal. */
        public long[] bits() {
            return bits;
        }
    }

    /** Sums what numbers are above a bound, to compare averages with it. */
    public static final class Above extends Totals {
        private final long bound;
        private long[] sums = {};
        private long[] seen = {};

        /** Makes an empty one. */
        public Above(long bound) {
            this.bound = bound;
        }

        @Override
        public void reset(int size) {
            sums = cleared(sums, size);
            seen = cleared(seen, Bits.words(size));
        }

        @Override
        public void add(char[] members, long[] values, int count) {
            long[] all = sums;
            long[] marked = seen;
            for (int i = 0; i < count; i++) {
                int member = members[i];
                all[member] += values[i] - bound;
                marked[member >>> 6] |= 1L << member;
            }
        }

        @Override
        public boolean add(char[] members, short[] cells, long divisor, int low, int high) {
            long[] all = sums;
            long[] marked = seen;
            for (int i = low; i < high; i++) {
                int member = members[i];
                boolean unset = cells[i] == Short.MIN_VALUE;
                all[member] += unset ? 0 : cells[i] * divisor - bound;
                marked[member >>> 6] |= unset ? 0 : 1L << member;
            }
            return true;
        }

        /** Marks whose average is above the bound, or, if {@code orEqual}, at it. */
        public void above(boolean orEqual, long[] into, int words) {
            for (int word = 0; word < words; word++) {
                long passed = 0;
                for (long left = seen[word]; left != 0; left &= left - 1) {
                    int bit = Long.numberOfTrailingZeros(left);
                    long sum = sums[(word << 6) + bit];
                    if (sum > 0 || (orEqual && sum == 0)) {
                        passed |= 1L << bit;
                    }
                }
                into[word] = passed;
            }
        }
    }

    /** The smallest or largest number. */
    public static final class Extreme extends Totals {
        private final boolean smallest;
        private long[] best = {};
        private long[] seen = {};

        /** Makes an empty one. */
        public Extreme(boolean smallest) {
            this.smallest = smallest;
        }

        @Override
        public void reset(int size) {
            if (best.length < size) {
                best = new long[size];
            }
            seen = cleared(seen, Bits.words(size));
        }

        @Override
        public void add(char[] members, long[] values, int count) {
            for (int i = 0; i < count; i++) {
                int member = members[i];
                if (!Bits.get(seen, member)) {
                    Bits.set(seen, member);
                    best[member] = values[i];
                } else {
                    best[member] =
                            smallest
                                    ? Math.min(best[member], values[i])
                                    : Math.max(best[member], values[i]);
                }
            }
        }

        /** Whether a member has a number. */
        public boolean has(int member) {
            return Bits.get(seen, member);
        }

        /** The number of a member that has one. */
        public long best(int member) {
            return best[member];
        }
    }

    /** Counts different codes, and marks who has as many as a goal. */
    public abstract static class Distinct extends Totals {
        final int goal;
        int[] counts = {};
        long[] bits = {};

        Distinct(int goal) {
            this.goal = goal;
        }

        /**
         * Makes an empty one for codes up to {@code largest}.
         *
         * @param goal 1 or more, or {@link Integer#MAX_VALUE} for none: then every code is counted,
         *     else only as many as are needed
         */
        public static Distinct of(int goal, int largest) {
            if (largest < Long.SIZE) {
                return new DistinctOfFew(goal);
            }
            return goal <= DistinctToFour.MOST && largest <= Character.MAX_VALUE
                    ? new DistinctToFour(goal)
                    : new DistinctOfMany(goal);
        }

        @Override
        public void reset(int size) {
            counts = cleared(counts, size);
            bits = cleared(bits, Bits.words(size));
        }

        /** How many different codes a member has; exact if there is no goal. */
        public int count(int member) {
            return counts[member];
        }

        /** Who reached the goal. */
        public long[] bits() {
            return bits;
        }

        final void another(int member) {
            if (++counts[member] == goal) {
                Bits.set(bits, member);
            }
        }
    }

    /** Codes below 64: one bit each, counted at the end, as whether a code is new is a guess. */
    private static final class DistinctOfFew extends Distinct {
        private long[] seen = {};
        private int size;

        DistinctOfFew(int goal) {
            super(goal);
        }

        @Override
        public void reset(int ofSize) {
            size = ofSize;
            seen = cleared(seen, ofSize);
            bits = cleared(bits, Bits.words(ofSize));
        }

        @Override
        public void add(char[] members, long[] values, int count) {
            long[] all = seen;
            for (int i = 0; i < count; i++) {
                all[members[i]] |= 1L << values[i];
            }
        }

        @Override
        public boolean add(char[] members, byte[] codes, int low, int high) {
            long[] all = seen;
            for (int i = low; i < high; i++) {
                // The bit of unset is not counted.
                all[members[i]] |= 1L << codes[i];
            }
            return true;
        }

        @Override
        public int count(int member) {
            return Long.bitCount(seen[member] & ~1L);
        }

        @Override
        public long[] bits() {
            for (int word = 0, member = 0; member < size; word++) {
                long passed = 0;
                int end = Math.min(size, member + Long.SIZE);
                for (; member < end; member++) {
                    passed |= (Long.bitCount(seen[member] & ~1L) >= goal ? 1L : 0L) << member;
                }
                bits[word] = passed;
            }
            return bits;
        }
    }

    /**
     * Up to four codes of two bytes: the last ones that were new lie in one word. Whether a code is
     * among them decides without a branch, as it is a guess.
     */
    private static final class DistinctToFour extends Distinct {
        static final int MOST = 4;

        private static final long EACH = 0x0001_0001_0001_0001L;
        private static final long HIGH = 0x8000_8000_8000_8000L;

        private long[] seen = {};
        private int size;

        DistinctToFour(int goal) {
            super(goal);
        }

        @Override
        public void reset(int ofSize) {
            size = ofSize;
            seen = cleared(seen, ofSize);
            bits = cleared(bits, Bits.words(ofSize));
        }

        @Override
        public void add(char[] members, long[] values, int count) {
            long[] all = seen;
            for (int i = 0; i < count; i++) {
                int member = members[i];
                all[member] = with(all[member], values[i]);
            }
        }

        @Override
        public boolean add(char[] members, char[] codes, int low, int high) {
            long[] all = seen;
            for (int i = low; i < high; i++) {
                int member = members[i];
                long before = all[member];
                all[member] = codes[i] == 0 ? before : with(before, codes[i]);
            }
            return true;
        }

        /** Once four are there, which ones is of no account: there are four. */
        private static long with(long before, long code) {
            long equal = before ^ EACH * code;
            // Cells that are free are zero, and no code is.
            return (equal - EACH & ~equal & HIGH) != 0 ? before : before << 16 | code;
        }

        @Override
        public int count(int member) {
            return (Long.SIZE - Long.numberOfLeadingZeros(seen[member]) + 15) >>> 4;
        }

        @Override
        public long[] bits() {
            int shift = (goal - 1) << 4;
            for (int word = 0, member = 0; member < size; word++) {
                long passed = 0;
                int end = Math.min(size, member + Long.SIZE);
                for (; member < end; member++) {
                    passed |= (seen[member] >>> shift != 0 ? 1L : 0L) << member;
                }
                bits[word] = passed;
            }
            return bits;
        }
    }

    /** Any codes: a hash set of pairs of member and code. */
    private static final class DistinctOfMany extends Distinct {
        private long[] pairs = new long[1 << 12];
        private int used;

        DistinctOfMany(int goal) {
            super(goal);
        }

        @Override
        public void reset(int size) {
            super.reset(size);
            Arrays.fill(pairs, 0L);
            used = 0;
        }

        @Override
        public void add(char[] members, long[] values, int count) {
            for (int i = 0; i < count; i++) {
                int member = members[i];
                if (counts[member] < goal && put((long) member << 32 | values[i])) {
                    another(member);
                }
            }
        }

        // Codes are above 0, so no pair is.
        private boolean put(long pair) {
            if (used * 2 > pairs.length) {
                long[] old = pairs;
                pairs = new long[old.length * 2];
                for (long each : old) {
                    if (each != 0) {
                        place(each);
                    }
                }
            }
            boolean isNew = place(pair);
            used += isNew ? 1 : 0;
            return isNew;
        }

        private boolean place(long pair) {
            int mask = pairs.length - 1;
            long hash = pair * 0x9E37_79B9_7F4A_7C15L;
            int slot = (int) (hash >>> 32) & mask;
            while (pairs[slot] != 0) {
                if (pairs[slot] == pair) {
                    return false;
                }
                slot = slot + 1 & mask;
            }
            pairs[slot] = pair;
            return true;
        }
    }

    static long[] cleared(long[] array, int size) {
        if (array.length < size) {
            return new long[size];
        }
        Arrays.fill(array, 0, size, 0L);
        return array;
    }

    static int[] cleared(int[] array, int size) {
        if (array.length < size) {
            return new int[size];
        }
        Arrays.fill(array, 0, size, 0);
        return array;
    }
}
