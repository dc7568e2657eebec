package io.clientele.engine.internal.exec;

import io.clientele.engine.internal.column.Sizes;
import java.util.Arrays;
import java.util.BitSet;

/**
 * How many events of each member have each code of a property, in several windows at once: a member
 * has one array, its codes first, then as many counts for each window (slot). So all windows find a
 * code in the same few cache lines.
 *
 * <p>Cost: one look at each code the member has. One thread.
 */
public final class CodeCounts {
    private static final int[] NO_CODES = {};
    private static final int[][] NOBODY = {};
    private static final int FIRST_ROOM = 2;

    /** Most members of a block. */
    private static final int MEMBERS = 1 << Character.SIZE;

    private final BitSet used = new BitSet();
    private int slots;

    /** By block and member. Codes are above 0; the first 0 ends them. */
    private int[][][] blocks = {};

    /** Adds a window in which nothing has been counted. Returns its slot. */
    public int addSlot() {
        int slot = used.nextClearBit(0);
        used.set(slot);
        if (slot == slots) {
            slots++;
            forEachMember((members, member) -> {
                int room = members[member].length / slots;
                members[member] = Arrays.copyOf(members[member], room * (slots + 1));
            });
        }
        return slot;
    }

    /** Forgets a window. */
    public void removeSlot(int slot) {
        used.clear(slot);
        forEachMember((members, member) -> {
            int[] own = members[member];
            int room = own.length / (slots + 1);
            Arrays.fill(own, room * (1 + slot), room * (2 + slot), 0);
            for (int i = end(own, room) - 1; i >= 0; i--) {
                if (isUnused(own, room, i)) {
                    remove(own, room, i);
                }
            }
        });
    }

    /**
     * Takes an event in (1) or lets it go (-1) that was taken in.
     *
     * @param code above 0
     * @return by how many the number of different codes in the window changed
     */
    public int add(int block, int member, int code, int slot, int sign) {
        int[] own = membersOf(block, member)[member];
        int room = own.length / (slots + 1);
        int place = 0;
        while (place < room && own[place] != code) {
            if (own[place] == 0) {
                assert sign > 0 : "an event leaves a window that it entered";
                own[place] = code;
                own[room * (1 + slot) + place] = sign;
                return 1;
            }
            place++;
        }
        if (place == room) {
            int wider = Math.max(FIRST_ROOM, room + (room >> 1));
            own = widened(own, room, wider);
            room = wider;
            blocks[block][member] = own;
            own[place] = code;
        }
        int at = room * (1 + slot) + place;
        int before = own[at];
        own[at] = before + sign;
        if (before == 0) {
            return 1;
        }
        if (own[at] != 0) {
            return 0;
        }
        if (isUnused(own, room, place)) {
            remove(own, room, place);
        }
        return -1;
    }

    private boolean isUnused(int[] own, int room, int place) {
        // The last window is the longest as a rule.
        for (int slot = slots; slot >= 1; slot--) {
            if (own[room * slot + place] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The last code takes the place of one that is in no window any more. */
    private void remove(int[] own, int room, int place) {
        int last = end(own, room) - 1;
        for (int slot = 0; slot <= slots; slot++) {
            own[room * slot + place] = own[room * slot + last];
            own[room * slot + last] = 0;
        }
    }

    private static int end(int[] own, int room) {
        int end = 0;
        while (end < room && own[end] != 0) {
            end++;
        }
        return end;
    }

    private int[] widened(int[] own, int room, int wider) {
        int[] more = new int[wider * (slots + 1)];
        for (int slot = 0; slot <= slots; slot++) {
            System.arraycopy(own, room * slot, more, wider * slot, room);
        }
        return more;
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
            Arrays.fill(members, known, members.length, NO_CODES);
            blocks[block] = members;
        }
        return members;
    }

    private interface EachMember {
        void visit(int[][] members, int member);
    }

    private void forEachMember(EachMember visitor) {
        for (int[][] members : blocks) {
            for (int member = 0; member < members.length; member++) {
                if (members[member].length > 0) {
                    visitor.visit(members, member);
                }
            }
        }
    }

    /** Memory held, in bytes. */
    public long retainedBytes() {
        long bytes = 64;
        for (int[][] members : blocks) {
            bytes += Sizes.array(8L * members.length);
        }
        long[] arrays = {0};
        forEachMember((members, member) -> arrays[0] += Sizes.array(4L * members[member].length));
        return bytes + arrays[0];
    }
}
