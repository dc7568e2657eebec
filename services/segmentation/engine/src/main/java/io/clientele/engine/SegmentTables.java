package io.clientele.engine;

import io.clientele.engine.internal.bitmap.Bits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All segments that are followed, laid out so that what a change of some leaves makes of them is
 * found by reading few cache lines. Made anew when segments are defined. One thread.
 *
 * <p>Cost: some nanoseconds for each segment above a changed leaf; where many segments lie over few
 * leaves, for each segment whose verdict changes.
 */
final class SegmentTables {
    /** Is told of segments whose verdicts differ. */
    @FunctionalInterface
    interface Changed {
        void changed(LiveSegment segment, int member, boolean entered, Shard.Cause cause);
    }

    /** Fewer segments are asked one by one. */
    private static final int FEW_SEGMENTS = 64;

    /** The verdicts on so many rows are kept: two to the power of it. */
    private static final int KEPT_BITS = 12;

    // A segment of up to four leaves in one word: its verdict for each of the ways they can be, and
    // after that their bits. Who has fewer leaves has one of them several times.
    private static final int PACKED_LEAVES = 4;
    private static final int WAYS_BITS = 1 << PACKED_LEAVES;
    private static final int LEAF_BITS = 12;
    private static final int LEAF_MASK = (1 << LEAF_BITS) - 1;
    private static final int[] NONE = {};

    private final LiveSegment[] segments;
    private final long[] packed;

    /** By bit of a leaf: the segments above it that are packed. */
    private final int[][] above;

    /** The same of segments with more leaves, whose formulas are asked. */
    private final int[][] aboveLarge;

    // Which segments may have changed, each once, and those that have, with their verdict.
    private final int[] candidates;
    private final int[] found;

    // At which comparison a segment was looked at last. Of 64 bits, so that none comes twice.
    private final long[] stamps;
    private long stamp;

    private final long[] keptRows = new long[1 << KEPT_BITS];
    private final long[] @Nullable [] keptVerdicts = new long[1 << KEPT_BITS] @Nullable [];

    SegmentTables(List<LiveSegment> all, int bitCount) {
        segments = all.toArray(LiveSegment[]::new);
        packed = new long[segments.length];
        candidates = new int[segments.length + 1];
        found = new int[segments.length + 1];
        stamps = new long[segments.length];
        above = new int[bitCount][];
        aboveLarge = new int[bitCount][];
        List<List<Integer>> small = lists(bitCount);
        List<List<Integer>> large = lists(bitCount);
        for (int segment = 0; segment < segments.length; segment++) {
            Formula.Table table = segments[segment].formula.table();
            boolean fits = false;
            if (table != null && isPackable(table)) {
                packed[segment] = pack(table);
                fits = true;
            }
            for (LiveLeaf leaf : segments[segment].leaves) {
                (fits ? small : large).get(leaf.bit).add(segment);
            }
        }
        for (int bit = 0; bit < bitCount; bit++) {
            above[bit] = array(small.get(bit));
            aboveLarge[bit] = array(large.get(bit));
        }
    }

    private static List<List<Integer>> lists(int count) {
        List<List<Integer>> lists = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>(0));
        }
        return lists;
    }

    private static int[] array(List<Integer> list) {
        return list.isEmpty() ? NONE : list.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean isPackable(Formula.Table table) {
        int count = table.bits.length;
        return count > 0 && count <= PACKED_LEAVES && table.bits[count - 1] <= LEAF_MASK;
    }

    private static long pack(Formula.Table table) {
        long ways = table.verdicts;
        for (int leaf = table.bits.length; leaf < PACKED_LEAVES; leaf++) {
            // Whatever a place that is not used says.
            ways |= ways << (1 << leaf);
        }
        long word = ways;
        for (int leaf = 0; leaf < PACKED_LEAVES; leaf++) {
            long bit = table.bits[Math.min(leaf, table.bits.length - 1)];
            word |= bit << WAYS_BITS + leaf * LEAF_BITS;
        }
        return word;
    }

    /** The verdict of a packed segment: 0 or 1. */
    private static int verdict(long word, long[] rows, int from) {
        int first = (int) (word >>> WAYS_BITS) & LEAF_MASK;
        int second = (int) (word >>> WAYS_BITS + LEAF_BITS) & LEAF_MASK;
        int third = (int) (word >>> WAYS_BITS + 2 * LEAF_BITS) & LEAF_MASK;
        int fourth = (int) (word >>> WAYS_BITS + 3 * LEAF_BITS);
        long way =
                rows[from + (first >>> 6)] >>> first & 1
                        | (rows[from + (second >>> 6)] >>> second & 1) << 1
                        | (rows[from + (third >>> 6)] >>> third & 1) << 2
                        | (rows[from + (fourth >>> 6)] >>> fourth & 1) << 3;
        return (int) (word >>> way) & 1;
    }

    /** Tells of the segments whose verdicts on a member's row were others on the row before. */
    void compare(
            long[] oldRows,
            int old,
            long[] newRows,
            int now,
            int words,
            int member,
            Shard.Cause cause,
            Changed told) {
        if (words == 1 && segments.length > FEW_SEGMENTS) {
            compareKept(oldRows[old], newRows[now], member, cause, told);
            return;
        }
        stamp++;
        int count = 0;
        for (int word = 0; word < words; word++) {
            long differs = oldRows[old + word] ^ newRows[now + word];
            for (; differs != 0; differs &= differs - 1) {
                int bit = (word << 6) + Long.numberOfTrailingZeros(differs);
                count = collect(above[bit], count);
                for (int segment : aboveLarge[bit]) {
                    if (stamps[segment] != stamp) {
                        stamps[segment] = stamp;
                        boolean after = segments[segment].formula.test(newRows, now);
                        if (after != segments[segment].formula.test(oldRows, old)) {
                            told.changed(segments[segment], member, after, cause);
                        }
                    }
                }
            }
        }
        // No branch on what nobody can foresee: whatever it says, it is written, and kept if it
        // counts.
        int different = 0;
        for (int i = 0; i < count; i++) {
            int segment = candidates[i];
            long word = packed[segment];
            int after = verdict(word, newRows, now);
            found[different] = segment << 1 | after;
            different += after ^ verdict(word, oldRows, old);
        }
        for (int i = 0; i < different; i++) {
            told.changed(segments[found[i] >>> 1], member, (found[i] & 1) != 0, cause);
        }
    }

    /** Adds those segments to the candidates that are not among them yet. */
    private int collect(int[] more, int count) {
        int end = count;
        for (int segment : more) {
            candidates[end] = segment;
            end += stamps[segment] == stamp ? 0 : 1;
            stamps[segment] = stamp;
        }
        return end;
    }

    /**
     * Many segments over few leaves: rows repeat, and so do the verdicts of all segments on them,
     * which are kept.
     */
    private void compareKept(long old, long now, int member, Shard.Cause cause, Changed told) {
        if (old == now) {
            return;
        }
        long[] before = verdicts(old);
        long[] after = verdicts(now);
        for (int word = 0; word < before.length; word++) {
            for (long changed = before[word] ^ after[word]; changed != 0; changed &= changed - 1) {
                int bit = Long.numberOfTrailingZeros(changed);
                told.changed(
                        segments[(word << 6) + bit], member, (after[word] >>> bit & 1) != 0, cause);
            }
        }
    }

    /** The verdict of each segment, in their order, on a row. */
    private long[] verdicts(long row) {
        int slot = (int) (row * 0x9E37_79B9_7F4A_7C15L >>> Long.SIZE - KEPT_BITS);
        long[] known = keptVerdicts[slot];
        if (known != null && keptRows[slot] == row) {
            return known;
        }
        long[] alone = {row};
        long[] made = new long[Bits.words(segments.length)];
        for (int segment = 0; segment < segments.length; segment++) {
            if (segments[segment].formula.test(alone, 0)) {
                Bits.set(made, segment);
            }
        }
        keptRows[slot] = row;
        keptVerdicts[slot] = made;
        return made;
    }
}
