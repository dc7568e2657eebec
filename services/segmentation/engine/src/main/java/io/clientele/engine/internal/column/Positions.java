package io.clientele.engine.internal.column;

import java.util.Arrays;

/** A list of positions that is filled again and again. For one thread. */
public final class Positions {
    private int[] elements = new int[16];
    private int count;

    /** Makes an empty list. */
    public Positions() {}

    /** How many there are. */
    public int count() {
        return count;
    }

    /** One of them. */
    public int get(int index) {
        return elements[index];
    }

    /** Empties the list. */
    public void clear() {
        count = 0;
    }

    /** Adds one. */
    public void add(int position) {
        if (count == elements.length) {
            elements = Arrays.copyOf(elements, count * 2);
        }
        elements[count++] = position;
    }

    /** Turns the order of those from an index on around. */
    void reverse(int from) {
        for (int i = from, j = count - 1; i < j; i++, j--) {
            int swapped = elements[i];
            elements[i] = elements[j];
            elements[j] = swapped;
        }
    }
}
