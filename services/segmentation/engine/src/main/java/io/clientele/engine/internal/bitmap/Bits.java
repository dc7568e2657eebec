package io.clientele.engine.internal.bitmap;

import java.util.Arrays;

/** Sets of a block's members: one bit each, in words of 64. */
public final class Bits {
    private Bits() {}

    /** How many words hold so many bits. */
    public static int words(int bits) {
        return (bits + 63) >>> 6;
    }

    /** Whether a bit is set. */
    public static boolean get(long[] bits, int index) {
        return (bits[index >>> 6] & 1L << index) != 0;
    }

    /** Sets a bit. */
    public static void set(long[] bits, int index) {
        bits[index >>> 6] |= 1L << index;
    }

    /** Clears a bit. */
    public static void clear(long[] bits, int index) {
        bits[index >>> 6] &= ~(1L << index);
    }

    /** How many of the first words' bits are set. */
    public static int count(long[] bits, int words) {
        int count = 0;
        for (int i = 0; i < words; i++) {
            count += Long.bitCount(bits[i]);
        }
        return count;
    }

    /** Whether no bit of the first words is set. */
    public static boolean isEmpty(long[] bits, int words) {
        for (int i = 0; i < words; i++) {
            if (bits[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Keeps what both have. */
    public static void and(long[] into, long[] other, int words) {
        for (int i = 0; i < words; i++) {
            into[i] &= other[i];
        }
    }

    /** Takes out what the other has. */
    public static void andNot(long[] into, long[] other, int words) {
        for (int i = 0; i < words; i++) {
            into[i] &= ~other[i];
        }
    }

    /** Adds what the other has. */
    public static void or(long[] into, long[] other, int words) {
        for (int i = 0; i < words; i++) {
            into[i] |= other[i];
        }
    }

    /** Empties the first words. */
    public static void clear(long[] bits, int from, int words) {
        Arrays.fill(bits, from, words, 0L);
    }
}
