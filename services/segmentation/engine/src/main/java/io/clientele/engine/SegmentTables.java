package io.clientele.engine;

import io.clientele.engine.internal.bitmap.Bits;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static final int PLACE_BITS = 3;
    private static final int MOST_PLACE = (1 << PLACE_BITS) - 1;

    private final LiveSegment[] segments;

    /** By bit of a leaf: the segments above it, each with the leaf's place among its leaves. */
    private final int[][] above;

    // By segment: the bits of its leaves and the verdict for each of the ways they can be; of one
    // with too many leaves, no bits, and its formula is asked.
    private final byte[] counts;
    private final int[] bits;
    private final long[] verdicts;

    // Which bits changed, and at which comparison a segment was looked at last.
    private long[] changed = {};
    private final int[] stamps;
    private int stamp;

    private final long[] keptRows = new long[1 << KEPT_BITS];
    private final long[] @Nullable [] keptVerdicts = new long[1 << KEPT_BITS] @Nullable [];

    SegmentTables(List<LiveSegment> all, int bitCount) {
        segments = all.toArray(LiveSegment[]::new);
        counts = new byte[segments.length];
        bits = new int[segments.length * Formula.MOST_LEAVES];
        verdicts = new long[segments.length];
        stamps = new int[segments.length];
        List<List<Integer>> lists = new ArrayList<>();
        for (int bit = 0; bit < bitCount; bit++) {
            lists.add(new ArrayList<>(0));
        }
        for (int segment = 0; segment < segments.length; segment++) {
            Formula.Table table = segments[segment].formula.table();
            for (LiveLeaf leaf : segments[segment].leaves) {
                int place = table == null ? 0 : Arrays.binarySearch(table.bits, leaf.bit);
                lists.get(leaf.bit).add(segment << PLACE_BITS | place);
            }
            counts[segment] = table == null ? -1 : (byte) table.bits.length;
            if (table != null) {
                System.arraycopy(
                        table.bits, 0, bits, segment * Formula.MOST_LEAVES, table.bits.length);
                verdicts[segment] = table.verdicts;
            }
        }
        above =
                lists.stream()
                        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new);
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
        if (changed.length < words) {
            changed = new long[words];
        }
        int count = 0;
        int bit = 0;
        for (int word = 0; word < words; word++) {
            long differs = oldRows[old + word] ^ newRows[now + word];
            changed[word] = differs;
            if (differs != 0) {
                count += Long.bitCount(differs);
                bit = (word << 6) + Long.numberOfTrailingZeros(differs);
            }
        }
        if (count == 1) {
            for (int entry : above[bit]) {
                int segment = entry >>> PLACE_BITS;
                tell(
                        segment,
                        1 << (entry & MOST_PLACE),
                        oldRows,
                        old,
                        newRows,
                        now,
                        member,
                        cause,
                        told);
            }
            return;
        }
        stamp++;
        for (int word = 0; word < words; word++) {
            for (long rest = changed[word]; rest != 0; rest &= rest - 1) {
                for (int entry : above[(word << 6) + Long.numberOfTrailingZeros(rest)]) {
                    int segment = entry >>> PLACE_BITS;
                    if (stamps[segment] != stamp) {
                        stamps[segment] = stamp;
                        int flips = counts[segment] < 0 ? 0 : way(segment, changed, 0);
                        tell(segment, flips, oldRows, old, newRows, now, member, cause, told);
                    }
                }
            }
        }
    }

    /** Tells of a segment of which these places of its table have changed, if its verdict has. */
    private void tell(
            int segment,
            int flips,
            long[] oldRows,
            int old,
            long[] newRows,
            int now,
            int member,
            Shard.Cause cause,
            Changed told) {
        boolean before;
        boolean after;
        if (counts[segment] < 0) {
            before = segments[segment].formula.test(oldRows, old);
            after = segments[segment].formula.test(newRows, now);
        } else {
            int way = way(segment, newRows, now);
            after = (verdicts[segment] >>> way & 1) != 0;
            before = (verdicts[segment] >>> (way ^ flips) & 1) != 0;
        }
        if (before != after) {
            told.changed(segments[segment], member, after, cause);
        }
    }

    private boolean test(int segment, long[] rows, int from) {
        return counts[segment] < 0
                ? segments[segment].formula.test(rows, from)
                : (verdicts[segment] >>> way(segment, rows, from) & 1) != 0;
    }

    /** The bits of a segment's leaves, as a place in its table. */
    private int way(int segment, long[] rows, int from) {
        int way = 0;
        int first = segment * Formula.MOST_LEAVES;
        int end = first + counts[segment];
        for (int i = first; i < end; i++) {
            int bit = bits[i];
            way |= (int) (rows[from + (bit >>> 6)] >>> bit & 1) << i - first;
        }
        return way;
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
            if (test(segment, alone, 0)) {
                Bits.set(made, segment);
            }
        }
        keptRows[slot] = row;
        keptVerdicts[slot] = made;
        return made;
    }
}
