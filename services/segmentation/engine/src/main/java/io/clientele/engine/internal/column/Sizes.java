package io.clientele.engine.internal.column;

/** How arrays grow, and what they hold of the heap. */
public final class Sizes {
    private static final int SMALLEST = 16;
    private static final int HEADER = 16;

    private Sizes() {}

    /** The new capacity of an array that must hold {@code needed}: half as much again at least. */
    public static int grown(int capacity, int needed) {
        return Math.max(needed, Math.max(SMALLEST, capacity + (capacity >> 1)));
    }

    /** Bytes of an array whose elements have so many. */
    public static long array(long bytes) {
        return HEADER + ((bytes + 7) & ~7L);
    }
}
