package io.clientele.engine.internal.column;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts by number and numbers by text: the n-th text put in has number n - 1. About 20 bytes each
 * beside the text's own. Not thread-safe: one writer; a {@link #view} may be read by others.
 */
public final class IdMap {
    private static final int TAKEN_OUT = -1;

    // The texts one behind the other; text n ends where n + 1 starts.
    private byte[] texts = new byte[256];
    private int[] starts = new int[17];
    private int count;

    // Number + 1, by hash; 0 where there is none.
    private int[] table = new int[64];
    private int used;

    /** Makes an empty map. */
    public IdMap() {}

    /** How many were put in. */
    public int count() {
        return count;
    }

    /** The number of a text, or -1. */
    public int find(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int slot = slot(bytes, hash(bytes));
        return table[slot] - 1;
    }

    /** Puts in a text that is not there. Returns its number. */
    public int add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (used * 2 >= table.length) {
            rehash();
        }
        if (count + 2 > starts.length) {
            starts = Arrays.copyOf(starts, Sizes.grown(starts.length, count + 2));
        }
        int start = starts[count];
        if (start + bytes.length > texts.length) {
            texts = Arrays.copyOf(texts, Sizes.grown(texts.length, start + bytes.length));
        }
        System.arraycopy(bytes, 0, texts, start, bytes.length);
        starts[count + 1] = start + bytes.length;
        int slot = slot(bytes, hash(bytes));
        assert table[slot] == 0 : "put in once";
        table[slot] = ++count;
        used++;
        return count - 1;
    }

    /** Forgets the number of a text; the number is not given again. */
    public void remove(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int slot = slot(bytes, hash(bytes));
        if (table[slot] > 0) {
            table[slot] = TAKEN_OUT;
        }
    }

    /** The text of a number. */
    public String text(int number) {
        return new String(
                texts, starts[number], starts[number + 1] - starts[number], StandardCharsets.UTF_8);
    }

    /** Where a text is, or the free slot where it would be. */
    private int slot(byte[] bytes, int hash) {
        int mask = table.length - 1;
        int slot = hash & mask;
        while (table[slot] != 0 && !(table[slot] > 0 && equals(table[slot] - 1, bytes))) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean equals(int number, byte[] bytes) {
        return Arrays.equals(texts, starts[number], starts[number + 1], bytes, 0, bytes.length);
    }

    private void rehash() {
        int[] old = table;
        table = new int[old.length * 2];
        used = 0;
        for (int number : old) {
            if (number > 0) {
                byte[] bytes = Arrays.copyOfRange(texts, starts[number - 1], starts[number]);
                table[slot(bytes, hash(bytes))] = number;
                used++;
            }
        }
    }

    private static int hash(byte[] bytes) {
        int hash = Arrays.hashCode(bytes) * 0x9E37_79B9;
        return hash ^ hash >>> 15;
    }

    /** The texts as they are now, by number only. */
    public IdMap view() {
        IdMap view = new IdMap();
        view.texts = texts;
        view.starts = starts;
        view.count = count;
        return view;
    }

    /** Memory held, in bytes. */
    public long retainedBytes() {
        return Sizes.array(texts.length)
                + Sizes.array(4L * starts.length)
                + Sizes.array(4L * table.length);
    }
}
