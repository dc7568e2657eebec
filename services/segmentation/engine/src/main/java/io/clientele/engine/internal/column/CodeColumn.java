package io.clientele.engine.internal.column;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Codes from 0, which is unset, in one, two or four bytes each: the fewest that hold the largest.
 */
public final class CodeColumn implements Column {
    private static final byte[] NO_BYTES = {};

    // Exactly one of them is not null.
    private byte @Nullable [] bytes = NO_BYTES;
    private char @Nullable [] chars;
    private int @Nullable [] ints;

    /** Makes an empty column. */
    public CodeColumn() {}

    /** The cells if each has one byte, else null. Read them as unsigned. */
    public byte @Nullable [] bytes() {
        return bytes;
    }

    /** The cells if each has two bytes, else null. */
    public char @Nullable [] chars() {
        return chars;
    }

    /** The cells if each has four bytes, else null. */
    public int @Nullable [] ints() {
        return ints;
    }

    private int capacity() {
        return bytes != null
                ? bytes.length
                : chars != null ? chars.length : requireNonNull(ints).length;
    }

    /** The code of a cell; 0 of one that was never set. */
    public int get(int index) {
        if (bytes != null) {
            return index < bytes.length ? bytes[index] & 0xFF : 0;
        }
        if (chars != null) {
            return index < chars.length ? chars[index] : 0;
        }
        int[] wide = requireNonNull(ints);
        return index < wide.length ? wide[index] : 0;
    }

    /** Sets a cell; grows and widens as needed. */
    public void set(int index, int code) {
        reserve(index + 1);
        widen(code);
        if (bytes != null) {
            bytes[index] = (byte) code;
        } else if (chars != null) {
            chars[index] = (char) code;
        } else {
            requireNonNull(ints)[index] = code;
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
        } else if (chars != null) {
            chars = Arrays.copyOf(chars, grown);
        } else {
            ints = Arrays.copyOf(requireNonNull(ints), grown);
        }
    }

    private void widen(int code) {
        if (bytes != null && code > 0xFF) {
            if (code <= Character.MAX_VALUE) {
                char[] wider = new char[bytes.length];
                for (int i = 0; i < wider.length; i++) {
                    wider[i] = (char) (bytes[i] & 0xFF);
                }
                chars = wider;
            } else {
                int[] wider = new int[bytes.length];
                for (int i = 0; i < wider.length; i++) {
                    wider[i] = bytes[i] & 0xFF;
                }
                ints = wider;
            }
            bytes = null;
        } else if (chars != null && code > Character.MAX_VALUE) {
            int[] wider = new int[chars.length];
            for (int i = 0; i < wider.length; i++) {
                wider[i] = chars[i];
            }
            ints = wider;
            chars = null;
        }
    }

    private Object array() {
        return bytes != null ? bytes : chars != null ? chars : requireNonNull(ints);
    }

    @Override
    public void insert(int position, int size) {
        reserve(size + 1);
        Object array = array();
        System.arraycopy(array, position, array, position + 1, size - position);
        set(position, 0);
    }

    @Override
    public void remove(int position, int size) {
        reserve(size);
        Object array = array();
        System.arraycopy(array, position + 1, array, position, size - position - 1);
        set(size - 1, 0);
    }

    @Override
    public long key(int index) {
        return get(index);
    }

    @Override
    public CodeColumn view() {
        CodeColumn view = new CodeColumn();
        view.bytes = bytes;
        view.chars = chars;
        view.ints = ints;
        return view;
    }

    @Override
    public CodeColumn copy() {
        return slice(0, capacity());
    }

    @Override
    public CodeColumn slice(int from, int to) {
        CodeColumn copy = new CodeColumn();
        int end = Math.min(to, capacity());
        int start = Math.min(from, end);
        copy.bytes = bytes == null ? null : Arrays.copyOfRange(bytes, start, end);
        copy.chars = chars == null ? null : Arrays.copyOfRange(chars, start, end);
        copy.ints = ints == null ? null : Arrays.copyOfRange(ints, start, end);
        return copy;
    }

    @Override
    public long retainedBytes() {
        int width = bytes != null ? 1 : chars != null ? 2 : 4;
        return Sizes.array((long) capacity() * width);
    }
}
