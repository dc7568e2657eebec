package io.clientele.engine.internal.exec;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Looks for codes in a vector of cells at a time. Loaded only where the JVM was started with {@code
 * --add-modules jdk.incubator.vector}; {@link RowFilter} has the scalar twin.
 */
final class VectorFilter {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;

    private VectorFilter() {}

    /**
     * Writes the rows from {@code low} on that have a wanted code, as far as whole vectors go.
     *
     * @param wanted one to four codes, repeated to four
     * @return how many were written, and in the upper half the row where the last vector ends
     */
    static long select(byte[] cells, int low, int high, int[] wanted, char[] into) {
        int count = 0;
        int row = low;
        byte first = (byte) wanted[0];
        byte second = (byte) wanted[1];
        byte third = (byte) wanted[2];
        byte fourth = (byte) wanted[3];
        boolean one = wanted[0] == wanted[1];
        for (; row + BYTES.length() <= high; row += BYTES.length()) {
            ByteVector vector = ByteVector.fromArray(BYTES, cells, row);
            VectorMask<Byte> mask = vector.eq(first);
            if (!one) {
                mask = mask.or(vector.eq(second)).or(vector.eq(third)).or(vector.eq(fourth));
            }
            for (long hits = mask.toLong(); hits != 0; hits &= hits - 1) {
                into[count++] = (char) (row + Long.numberOfTrailingZeros(hits));
            }
        }
        return (long) row << 32 | count;
    }

    /** The same of two-byte cells. */
    static long select(char[] cells, int low, int high, int[] wanted, char[] into) {
        int count = 0;
        int row = low;
        short first = (short) wanted[0];
        short second = (short) wanted[1];
        short third = (short) wanted[2];
        short fourth = (short) wanted[3];
        boolean one = wanted[0] == wanted[1];
        for (; row + SHORTS.length() <= high; row += SHORTS.length()) {
            ShortVector vector = ShortVector.fromCharArray(SHORTS, cells, row);
            VectorMask<Short> mask = vector.eq(first);
            if (!one) {
                mask = mask.or(vector.eq(second)).or(vector.eq(third)).or(vector.eq(fourth));
            }
            for (long hits = mask.toLong(); hits != 0; hits &= hits - 1) {
                into[count++] = (char) (row + Long.numberOfTrailingZeros(hits));
            }
        }
        return (long) row << 32 | count;
    }
}
