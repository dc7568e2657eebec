package io.clientele.engine.internal.column;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in one, two, four or eight bytes each. A cell holds its number divided by {@link
 * #divisor()}, the largest power of ten up to 10^9 that divides all: prices in whole cents take two
 * bytes though numbers have six places.
 */
public final class NumberColumn implements Column {
    /** What {@link #get} returns for a cell that is unset. No number is this small. */
    public static final long UNSET = Long.MIN_VALUE;

    private static final long LARGEST_DIVISOR = 1_000_000_000L;
    private static final byte[] NO_BYTES = {};

    // Exactly one of them is not null. The smallest value of each type is an unset cell.
    private byte @Nullable [] bytes = NO_BYTES;
    private short @Nullable [] shorts;
    private int @Nullable [] ints;
    private long @Nullable [] longs;
    private long divisor = LARGEST_DIVISOR;
    private long smallest = Long.MAX_VALUE;
    private long largest = Long.MIN_VALUE;

    /** Makes an empty column. */
    public NumberColumn() {}

    /** What each cell is to be multiplied with. */
    public long divisor() {
        return divisor;
    }

    /** No number ever set was smaller; {@link Long#MAX_VALUE} without numbers. */
    public long smallest() {
        return smallest;
    }

    /** No number ever set was larger; {@link Long#MIN_VALUE} without numbers. */
    public long largest() {
        return largest;
    }

    /** The cells if each has one byte, else null. */
    public byte @Nullable [] bytes() {
        return bytes;
    }

    /** The cells if each has two bytes, else null. */
    public short @Nullable [] shorts() {
        return shorts;
    }

    /** The cells if each has four bytes, else null. */
    public int @Nullable [] ints() {
        return ints;
    }

    /** The cells if each has eight bytes, else null. */
    public long @Nullable [] longs() {
        return longs;
    }

    private int width() {
        return bytes != null ? 1 : shorts != null ? 2 : ints != null ? 4 : 8;
    }

    /** How many cells there is room for; those never set are unset. */
    public int capacity() {
        return switch (width()) {
            case 1 -> requireNonNull(bytes).length;
            case 2 -> requireNonNull(shorts).length;
            case 4 -> requireNonNull(ints).length;
            default -> requireNonNull(longs).length;
        };
    }

    /** The number of a cell, or {@link #UNSET}. */
    public long get(int index) {
        if (index >= capacity()) {
            return UNSET;
        }
        if (bytes != null) {
            return bytes[index] == Byte.MIN_VALUE ? UNSET : bytes[index] * divisor;
        }
        if (shorts != null) {
            return shorts[index] == Short.MIN_VALUE ? UNSET : shorts[index] * divisor;
        }
        if (ints != null) {
            return ints[index] == Integer.MIN_VALUE ? UNSET : ints[index] * divisor;
        }
        long cell = requireNonNull(longs)[index];
        return cell == Long.MIN_VALUE ? UNSET : cell * divisor;
    }

    /** Sets a cell; {@link #UNSET} takes its number away. Grows and widens as needed. */
    public void set(int index, long number) {
        reserve(index + 1);
        if (number == UNSET) {
            put(index, UNSET);
            return;
        }
        smallest = Math.min(smallest, number);
        largest = Math.max(largest, number);
        if (number % divisor != 0) {
            refine(number);
        }
        long cell = number / divisor;
        widenTo(widthOf(cell));
        put(index, cell);
    }

    private void put(int index, long cell) {
        boolean unset = cell == UNSET;
        if (bytes != null) {
            bytes[index] = unset ? Byte.MIN_VALUE : (byte) cell;
        } else if (shorts != null) {
            shorts[index] = unset ? Short.MIN_VALUE : (short) cell;
        } else if (ints != null) {
            ints[index] = unset ? Integer.MIN_VALUE : (int) cell;
        } else {
            requireNonNull(longs)[index] = cell;
        }
    }

    private static int widthOf(long cell) {
        // The smallest value of a width means unset.
        if (cell > Byte.MIN_VALUE && cell <= Byte.MAX_VALUE) {
            return 1;
        }
        if (cell > Short.MIN_VALUE && cell <= Short.MAX_VALUE) {
            return 2;
        }
        return cell > Integer.MIN_VALUE && cell <= Integer.MAX_VALUE ? 4 : 8;
    }

    /** Takes a smaller divisor that divides {@code number} too, and rewrites the cells. */
    private void refine(long number) {
        long finer = divisor;
        while (number % finer != 0) {
            finer /= 10;
        }
        int capacity = capacity();
        NumberColumn rewritten = new NumberColumn();
        rewritten.divisor = finer;
        // All that was set stays within what was set before.
        if (largest != Long.MIN_VALUE) {
            rewritten.widenTo(Math.max(widthOf(smallest / finer), widthOf(largest / finer)));
        }
        rewritten.reserve(capacity);
        for (int i = 0; i < capacity; i++) {
            long old = get(i);
            rewritten.put(i, old == UNSET ? UNSET : old / finer);
        }
        bytes = rewritten.bytes;
        shorts = rewritten.shorts;
        ints = rewritten.ints;
        longs = rewritten.longs;
        divisor = finer;
    }

    private void widenTo(int wanted) {
        if (wanted <= width()) {
            return;
        }
        int capacity = capacity();
        long[] cells = new long[capacity];
        for (int i = 0; i < capacity; i++) {
            long number = get(i);
            cells[i] = number == UNSET ? UNSET : number / divisor;
        }
        bytes = null;
        shorts = wanted == 2 ? new short[capacity] : null;
        ints = wanted == 4 ? new int[capacity] : null;
        longs = wanted == 8 ? new long[capacity] : null;
        for (int i = 0; i < capacity; i++) {
            put(i, cells[i]);
        }
    }

    private void reserve(int size) {
        int capacity = capacity();
        if (size <= capacity) {
            return;
        }
        int grown = Sizes.grown(capacity, size);
        if (bytes != null) {
            bytes = Arrays.copyOf(bytes, grown);
            Arrays.fill(bytes, capacity, grown, Byte.MIN_VALUE);
        } else if (shorts != null) {
            shorts = Arrays.copyOf(shorts, grown);
            Arrays.fill(shorts, capacity, grown, Short.MIN_VALUE);
        } else if (ints != null) {
            ints = Arrays.copyOf(ints, grown);
            Arrays.fill(ints, capacity, grown, Integer.MIN_VALUE);
        } else {
            longs = Arrays.copyOf(requireNonNull(longs), grown);
            Arrays.fill(longs, capacity, grown, UNSET);
        }
    }

    private Object array() {
        return bytes != null
                ? bytes
                : shorts != null ? shorts : ints != null ? ints : requireNonNull(longs);
    }

    @Override
    public void insert(int position, int size) {
        reserve(size + 1);
        Object array = array();
        System.arraycopy(array, position, array, position + 1, size - position);
        put(position, UNSET);
    }

    @Override
    public void remove(int position, int size) {
        reserve(size);
        Object array = array();
        System.arraycopy(array, position + 1, array, position, size - position - 1);
        put(size - 1, UNSET);
    }

    @Override
    public long key(int index) {
        return get(index);
    }

    private NumberColumn shell() {
        NumberColumn shell = new NumberColumn();
        shell.bytes = bytes;
        shell.shorts = shorts;
        shell.ints = ints;
        shell.longs = longs;
        shell.divisor = divisor;
        shell.smallest = smallest;
        shell.largest = largest;
        return shell;
    }

    @Override
    public NumberColumn view() {
        return shell();
    }

    @Override
    public NumberColumn copy() {
        return slice(0, capacity());
    }

    @Override
    public NumberColumn slice(int from, int to) {
        NumberColumn copy = shell();
        int end = Math.min(to, capacity());
        int start = Math.min(from, end);
        copy.bytes = bytes == null ? null : Arrays.copyOfRange(bytes, start, end);
        copy.shorts = shorts == null ? null : Arrays.copyOfRange(shorts, start, end);
        copy.ints = ints == null ? null : Arrays.copyOfRange(ints, start, end);
        copy.longs = longs == null ? null : Arrays.copyOfRange(longs, start, end);
        return copy;
    }

    @Override
    public long retainedBytes() {
        return Sizes.array((long) capacity() * width());
    }
}
