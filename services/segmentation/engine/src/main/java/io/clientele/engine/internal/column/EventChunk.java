package io.clientele.engine.internal.column;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of a log's events, at most {@link #CAPACITY}, in order of time.
 *
 * <p>Invariant <i>ordered</i>: instants never fall from one event to the next. Not thread-safe: one
 * writer. A {@link #view} may be read by others while events are appended; {@link EventLog} copies
 * a chunk before it changes anything else of one that was seen.
 */
public final class EventChunk {
    /** So that a position plus one fits two bytes. */
    public static final int CAPACITY = 65_535;

    private static final long OFFSETS = 1L << 32;
    private static final char[] NONE = {};

    private int size;
    private char[] members;
    private long base;
    // Instants are base plus an unsigned offset of four bytes, or written out where those end.
    private int @Nullable [] offsets;
    private long @Nullable [] instants;
    private final Column[] columns;

    // Where a member's events are. While events are added, a chain: position + 1 of the newest, and
    // of the one before each. Of a sealed chunk, the positions in the order of members instead.
    private char[] newest = NONE;
    private char[] previous = NONE;
    private char @Nullable [] order;

    /** The epoch this chunk was last copied or made in. */
    long epoch;

    EventChunk(Column[] columns, long epoch) {
        this.columns = columns;
        this.members = NONE;
        this.offsets = new int[0];
        this.epoch = epoch;
    }

    /** How many events. */
    public int size() {
        return size;
    }

    /** Whose each event is: ordinals within the block. */
    public char[] members() {
        return members;
    }

    /** The cells of a property. */
    public Column column(int property) {
        return columns[property];
    }

    /** When an event was, in milliseconds since 1970. */
    public long at(int index) {
        return offsets != null
                ? base + (offsets[index] & 0xFFFF_FFFFL)
                : requireNonNull(instants)[index];
    }

    /** The position of the first event not before {@code instant}. */
    public int firstFrom(long instant) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle) < instant) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The position of the first event after {@code instant}. */
    public int firstAfter(long instant) {
        return instant == Long.MAX_VALUE ? size : firstFrom(instant + 1);
    }

    /** Adds the positions of a member's events, in order of time. */
    public void positionsOf(int member, Positions into) {
        char[] sorted = order;
        if (sorted == null) {
            int from = into.count();
            int position = member < newest.length ? newest[member] - 1 : -1;
            while (position >= 0) {
                // Read before a view was made, or by the writer itself.
                if (position < size) {
                    into.add(position);
                }
                position = previous[position] - 1;
            }
            into.reverse(from);
            return;
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (members[sorted[middle]] < member) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        while (low < size && members[sorted[low]] == member) {
            into.add(sorted[low++]);
        }
    }

    /** Adds an event behind all others; its properties are unset. */
    void append(int member, long instant) {
        assert size == 0 || instant >= at(size - 1) : "ordered";
        unseal();
        reserve();
        link(member, size);
        place(size, member, instant);
        size++;
    }

    /** Puts an event behind those of the same instant; its properties are unset. */
    int insert(int member, long instant) {
        int position = firstAfter(instant);
        if (position == size) {
            append(member, instant);
            return position;
        }
        unseal();
        reserve();
        int moved = size - position;
        System.arraycopy(members, position, members, position + 1, moved);
        System.arraycopy(previous, position, previous, position + 1, moved);
        Object times = offsets != null ? offsets : requireNonNull(instants);
        System.arraycopy(times, position, times, position + 1, moved);
        for (Column column : columns) {
            column.insert(position, size);
        }
        size++;
        // Positions from here on are one higher.
        for (int i = position + 1; i < size; i++) {
            if (previous[i] > position) {
                previous[i]++;
            }
            if (newest[members[i]] == i) {
                newest[members[i]]++;
            }
        }
        int after = -1;
        growNewest(member);
        int before = newest[member] - 1;
        while (before > position) {
            after = before;
            before = previous[before] - 1;
        }
        previous[position] = (char) (before + 1);
        if (after < 0) {
            newest[member] = (char) (position + 1);
        } else {
            previous[after] = (char) (position + 1);
        }
        place(position, member, instant);
        return position;
    }

    /** Takes an event out. */
    void remove(int position) {
        unseal();
        unlink(position);
        int moved = size - position - 1;
        System.arraycopy(members, position + 1, members, position, moved);
        System.arraycopy(previous, position + 1, previous, position, moved);
        Object times = offsets != null ? offsets : requireNonNull(instants);
        System.arraycopy(times, position + 1, times, position, moved);
        for (Column column : columns) {
            column.remove(position, size);
        }
        size--;
        // Positions from here on are one lower.
        for (int i = position; i < size; i++) {
            if (previous[i] > position + 1) {
                previous[i]--;
            }
            if (newest[members[i]] == i + 2) {
                newest[members[i]]--;
            }
        }
    }

    /** Takes an event out of its member's chain. */
    private void unlink(int position) {
        int member = members[position];
        int after = -1;
        int at = newest[member] - 1;
        while (at > position) {
            after = at;
            at = previous[at] - 1;
        }
        assert at == position : "in its member's chain";
        if (after < 0) {
            newest[member] = previous[position];
        } else {
            previous[after] = previous[position];
        }
    }

    /** Goes back from an order of members to a chain. */
    private void unseal() {
        if (order != null) {
            order = null;
            chain();
        }
    }

    private void chain() {
        if (previous.length < members.length) {
            previous = new char[members.length];
        }
        Arrays.fill(newest, (char) 0);
        for (int i = 0; i < size; i++) {
            link(members[i], i);
        }
    }

    private void link(int member, int position) {
        growNewest(member);
        previous[position] = newest[member];
        newest[member] = (char) (position + 1);
    }

    private void growNewest(int member) {
        if (member >= newest.length) {
            newest =
                    Arrays.copyOf(newest, Math.min(Sizes.grown(newest.length, member + 1), 65_536));
        }
    }

    private void place(int position, int member, long instant) {
        members[position] = (char) member;
        if (offsets != null) {
            if (size == 0) {
                base = instant;
            }
            long offset = instant - base;
            if (offset >= 0 && offset < OFFSETS) {
                offsets[position] = (int) offset;
                return;
            }
            writeOut(position);
        }
        requireNonNull(instants)[position] = instant;
    }

    /** Gives instants eight bytes; the cell at {@code unplaced} holds none yet. */
    private void writeOut(int unplaced) {
        long[] wide = new long[members.length];
        // Called before size counts an appended event and after it counts an inserted one.
        int placed = Math.max(size, unplaced);
        for (int i = 0; i < placed; i++) {
            wide[i] = i == unplaced ? 0 : at(i);
        }
        instants = wide;
        offsets = null;
    }

    private void reserve() {
        if (size < members.length) {
            return;
        }
        int grown = Math.min(Sizes.grown(members.length, size + 1), CAPACITY);
        members = Arrays.copyOf(members, grown);
        previous = Arrays.copyOf(previous, grown);
        if (offsets != null) {
            offsets = Arrays.copyOf(offsets, grown);
        } else {
            instants = Arrays.copyOf(requireNonNull(instants), grown);
        }
    }

    /** The same events; later appending leaves it alone. */
    EventChunk view() {
        Column[] views = new Column[columns.length];
        for (int i = 0; i < views.length; i++) {
            views[i] = columns[i].view();
        }
        EventChunk view = new EventChunk(views, epoch);
        view.size = size;
        view.members = members;
        view.base = base;
        view.offsets = offsets;
        view.instants = instants;
        // Chains begin elsewhere with every event: who looks for a member's needs its own.
        view.newest = newest.clone();
        view.previous = previous;
        view.order = order;
        return view;
    }

    /** Events {@code from} to {@code to} (exclusive) in memory of their own. */
    EventChunk slice(int from, int to, long ofEpoch) {
        Column[] slices = new Column[columns.length];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = columns[i].slice(from, to);
        }
        EventChunk slice = new EventChunk(slices, ofEpoch);
        slice.size = to - from;
        slice.members = Arrays.copyOfRange(members, from, to);
        slice.base = base;
        slice.offsets = offsets == null ? null : Arrays.copyOfRange(offsets, from, to);
        slice.instants = instants == null ? null : Arrays.copyOfRange(instants, from, to);
        slice.chain();
        return slice;
    }

    /** Whether it is sealed: it was full, and nothing has been added or taken out since. */
    boolean isSealed() {
        return order != null;
    }

    /** Gives back what was reserved for events to come, and puts an order in place of the chain. */
    void seal() {
        members = Arrays.copyOf(members, size);
        offsets = offsets == null ? null : Arrays.copyOf(offsets, size);
        instants = instants == null ? null : Arrays.copyOf(instants, size);
        for (int i = 0; i < columns.length; i++) {
            columns[i] = columns[i].slice(0, size);
        }
        int[] starts = new int[newest.length + 1];
        for (int i = 0; i < size; i++) {
            starts[members[i] + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        char[] sorted = new char[size];
        for (int i = 0; i < size; i++) {
            sorted[starts[members[i]]++] = (char) i;
        }
        order = sorted;
        newest = NONE;
        previous = NONE;
    }

    /** Memory held, in bytes. */
    public long retainedBytes() {
        long bytes =
                Sizes.array(2L * members.length)
                        + Sizes.array(2L * newest.length)
                        + Sizes.array(2L * previous.length)
                        + (order == null ? 0 : Sizes.array(2L * order.length))
                        + (offsets != null
                                ? Sizes.array(4L * offsets.length)
                                : Sizes.array(8L * requireNonNull(instants).length));
        for (Column column : columns) {
            bytes += column.retainedBytes();
        }
        return bytes;
    }
}
