package io.clientele.engine.internal.exec;

import io.clientele.engine.internal.column.Sizes;
import java.util.Arrays;
import java.util.BitSet;

/**
 * How many events of each member have each code of a property, in several windows at once: a member
 * has one table of codes, each with its counts for all windows (slots) beside it. So all windows
 * find a code in one cache line or two.
 *
 * <p>Open addressing with linear probing, at most three quarters full; what is taken out leaves no
 * gap behind (Knuth, The Art of Computer Programming 3, 6.4, algorithm R). Cost: one probe or two.
 * One thread.
 */
public final class CodeCounts {
    private static final int[] EMPTY = {};
    private static final int[][] NOBODY = {};
    private static final int FIRST_ROOM = 4;

    // What a table begins with: its number of places less one, and how many are taken.
    private static final int MASK = 0;
    private static final int TAKEN = 1;
    private static final int HEAD = 2;

    /** Cells in a cache line. */
    private static final int LINE = 16;

    /** Of larger tables, one line in so many will be needed: not worth reading all. */
    private static final int MOST_AHEAD = 32 * LINE;

    /** Most members of a block. */
    private static final int MEMBERS = 1 << Character.SIZE;

    private final BitSet used = new BitSet();
    private int slots;

    /** Cells of a place: the code, which is above 0, and a count for each slot. */
    private int width = 1;

    /** By block and member. */
    private int[][][] blocks = {};

    /** Adds a window in which nothing has been counted. Returns its slot. */
    public int addSlot() {
        int slot = used.nextClearBit(0);
        used.set(slot);
        if (slot == slots) {
            slots++;
            rebuildAll(slots + 1);
        }
        return slot;
    }

    /** Forgets a window. */
    public void removeSlot(int slot) {
        used.clear(slot);
        for (int[][] members : blocks) {
            for (int[] table : members) {
                for (int at = HEAD; at < table.length; at += width) {
                    table[at + 1 + slot] = 0;
                }
            }
        }
        rebuildAll(width);
    }

    /**
     * Takes an event in (1) or lets it go (-1) that was taken in.
     *
     * @param code above 0
     * @return by how many the number of different codes in the window changed
     */
    public int add(int block, int member, int code, int slot, int sign) {
        int[] table = membersOf(block, member)[member];
        if (table.length == 0) {
            table = empty(FIRST_ROOM, width);
            blocks[block][member] = table;
        }
        int at = find(table, code, width);
        if (table[at] == 0) {
            assert sign > 0 : "an event leaves a window that it entered";
            if (isFull(table)) {
                table = rebuilt(table, (table[MASK] + 1) * 2, width, width);
                blocks[block][member] = table;
                at = find(table, code, width);
            }
            table[at] = code;
            table[TAKEN]++;
        }
        int count = at + 1 + slot;
        int before = table[count];
        table[count] = before + sign;
        if (before == 0) {
            return 1;
        }
        if (table[count] != 0) {
            return 0;
        }
        if (isUnused(table, at, width)) {
            remove(table, at);
        }
        return -1;
    }

    /**
     * Reads what {@link #add} will need: the first member's table as far as it is small, the
     * beginning of the second's, and where the third's is.
     *
     * @return nothing of meaning
     */
    public int readAhead(int block, int next, int second, int third) {
        if (block >= blocks.length) {
            return 0;
        }
        int[][] members = blocks[block];
        int sum = 0;
        if (third < members.length) {
            sum += members[third] == EMPTY ? 0 : 1;
        }
        if (second < members.length) {
            sum += members[second].length;
        }
        if (next < members.length) {
            int[] table = members[next];
            for (int at = 0; at < Math.min(table.length, MOST_AHEAD); at += LINE) {
                sum += table[at];
            }
        }
        return sum;
    }

    /** Where a code is, or would be. */
    private static int find(int[] table, int code, int width) {
        int mask = table[MASK];
        int place = home(code, mask);
        int at = HEAD + place * width;
        while (table[at] != code && table[at] != 0) {
            place = place + 1 & mask;
            at = HEAD + place * width;
        }
        return at;
    }

    /** Codes are given one after the other, so the code itself spreads them best. */
    private static int home(int code, int mask) {
        return code & mask;
    }

    private static boolean isFull(int[] table) {
        return (table[TAKEN] + 1) * 4 > (table[MASK] + 1) * 3;
    }

    private static boolean isUnused(int[] table, int at, int width) {
        // The last window is the longest as a rule.
        for (int cell = at + width - 1; cell > at; cell--) {
            if (table[cell] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Takes a code out and moves those up that would not be found any more. */
    private void remove(int[] table, int from) {
        int mask = table[MASK];
        int gap = (from - HEAD) / width;
        int place = gap + 1 & mask;
        int code = table[HEAD + place * width];
        while (code != 0) {
            int away = place - home(code, mask) & mask;
            if (away >= (place - gap & mask)) {
                System.arraycopy(table, HEAD + place * width, table, HEAD + gap * width, width);
                gap = place;
            }
            place = place + 1 & mask;
            code = table[HEAD + place * width];
        }
        Arrays.fill(table, HEAD + gap * width, HEAD + (gap + 1) * width, 0);
        table[TAKEN]--;
    }

    private static int[] empty(int room, int width) {
        int[] table = new int[HEAD + room * width];
        table[MASK] = room - 1;
        return table;
    }

    /** A table of the codes that are counted in some window. */
    private static int[] rebuilt(int[] table, int room, int width, int wider) {
        int[] more = empty(room, wider);
        for (int at = HEAD; at < table.length; at += width) {
            if (table[at] != 0 && !isUnused(table, at, width)) {
                System.arraycopy(table, at, more, find(more, table[at], wider), width);
                more[TAKEN]++;
            }
        }
        return more;
    }

    private void rebuildAll(int wider) {
        for (int[][] members : blocks) {
            for (int member = 0; member < members.length; member++) {
                int[] table = members[member];
                if (table.length > 0) {
                    members[member] = rebuilt(table, table[MASK] + 1, width, wider);
                }
            }
        }
        width = wider;
    }

    private int[][] membersOf(int block, int member) {
        if (block >= blocks.length) {
            int known = blocks.length;
            blocks = Arrays.copyOf(blocks, block + 1);
            Arrays.fill(blocks, known, block + 1, NOBODY);
        }
        int[][] members = blocks[block];
        if (member >= members.length) {
            int known = members.length;
            members = Arrays.copyOf(members, Math.min(Math.max(member + 1, known * 2), MEMBERS));
            Arrays.fill(members, known, members.length, EMPTY);
            blocks[block] = members;
        }
        return members;
    }

    /** Memory held, in bytes. */
    public long retainedBytes() {
        long bytes = 64;
        for (int[][] members : blocks) {
            bytes += Sizes.array(8L * members.length);
            for (int[] table : members) {
                bytes += table.length == 0 ? 0 : Sizes.array(4L * table.length);
            }
        }
        return bytes;
    }
}
