package io.clientele.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a segment makes of the verdicts of leaves: bits of a row. Immutable. */
abstract class Formula {
    /** The verdict, of a row whose first word is at {@code from}. */
    abstract boolean test(long[] rows, int from);

    /** A leaf, by its bit. */
    static final class Leaf extends Formula {
        final int bit;

        Leaf(int bit) {
            this.bit = bit;
        }

        @Override
        boolean test(long[] rows, int from) {
            return (rows[from + (bit >>> 6)] & 1L << bit) != 0;
        }
    }

    /** The contrary. */
    static final class Not extends Formula {
        final Formula part;

        Not(Formula part) {
            this.part = part;
        }

        @Override
        boolean test(long[] rows, int from) {
            return !part.test(rows, from);
        }
    }

    private static final class AtLeast extends Formula {
        private final int wanted;
        private final Formula[] parts;

        AtLeast(int wanted, Formula[] parts) {
            this.wanted = wanted;
            this.parts = parts;
        }

        @Override
        boolean test(long[] rows, int from) {
            int missing = wanted;
            for (int i = 0; i < parts.length && missing > 0; i++) {
                if (parts.length - i < missing) {
                    return false;
                }
                if (parts[i].test(rows, from)) {
                    missing--;
                }
            }
            return missing <= 0;
        }
    }

    /** At least so many of the parts: all of n is n, any is 1. */
    static Formula atLeast(int count, List<Formula> parts) {
        return new AtLeast(count, parts.toArray(Formula[]::new));
    }

    /** Up to six leaves, and the verdict for each of the ways they can be. */
    static final class Table extends Formula {
        final int[] bits;

        /** A bit for each way: its first bit is the first leaf's. */
        final long verdicts;

        Table(int[] bits, long verdicts) {
            this.bits = bits;
            this.verdicts = verdicts;
        }

        @Override
        boolean test(long[] rows, int from) {
            int way = 0;
            for (int i = 0; i < bits.length; i++) {
                way |= (int) (rows[from + (bits[i] >>> 6)] >>> bits[i] & 1) << i;
            }
            return (verdicts >>> way & 1) != 0;
        }
    }

    /** A table has no more. */
    static final int MOST_LEAVES = 6;

    /** This formula as a table, or null if it has too many leaves. */
    @Nullable Table table() {
        return this instanceof Table table ? table : null;
    }

    /** The same verdicts, faster where there are few leaves. */
    Formula compiled() {
        TreeSet<Integer> found = new TreeSet<>();
        addBits(this, found);
        if (found.size() > MOST_LEAVES) {
            return this;
        }
        int[] bits = found.stream().mapToInt(Integer::intValue).toArray();
        long[] row = new long[found.isEmpty() ? 1 : (found.last() >>> 6) + 1];
        long verdicts = 0;
        for (int way = 0; way < 1 << bits.length; way++) {
            Arrays.fill(row, 0L);
            for (int i = 0; i < bits.length; i++) {
                if ((way >>> i & 1) != 0) {
                    row[bits[i] >>> 6] |= 1L << bits[i];
                }
            }
            verdicts |= test(row, 0) ? 1L << way : 0L;
        }
        return new Table(bits, verdicts);
    }

    private static void addBits(Formula formula, Set<Integer> into) {
        switch (formula) {
            case Leaf leaf -> into.add(leaf.bit);
            case Not not -> addBits(not.part, into);
            case AtLeast some -> {
                for (Formula part : some.parts) {
                    addBits(part, into);
                }
            }
            default -> throw new AssertionError(formula);
        }
    }
}
