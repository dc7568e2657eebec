package io.clientele.engine.internal.exec;

import io.clientele.engine.internal.column.CodeColumn;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.NumberColumn;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which events of a log count, by their properties. Immutable and thread-safe. */
public abstract class RowFilter {
    /** Whether the JVM was started with the vector module. */
    private static final boolean VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    /** For cells of numbers. */
    @FunctionalInterface
    public interface NumberTest {
        /** Whether a number that is set passes. */
        boolean test(long number);
    }

    /** Whether an event counts. */
    public abstract boolean test(EventChunk chunk, int row);

    /**
     * Writes the rows from {@code low} to {@code high} (exclusive) that count, in order.
     *
     * @param into room for {@code high - low}
     * @return how many
     */
    public int select(EventChunk chunk, int low, int high, char[] into) {
        int count = 0;
        for (int row = low; row < high; row++) {
            if (test(chunk, row)) {
                into[count++] = (char) row;
            }
        }
        return count;
    }

    /** Events whose property has one of several codes; {@code passes} says by code. */
    public static RowFilter codes(int property, boolean[] passes) {
        return new Codes(property, passes);
    }

    /**
     * One filter that lets pass what some of {@code parts} does, if that can be told as fast as one
     * of them alone; else null.
     */
    static @Nullable RowFilter any(@Nullable RowFilter[] parts) {
        boolean[] passes = {};
        int property = -1;
        for (RowFilter part : parts) {
            if (!(part instanceof Codes codes) || (property >= 0 && codes.property != property)) {
                return null;
            }
            property = codes.property;
            passes = Arrays.copyOf(passes, Math.max(passes.length, codes.passes.length));
            for (int code = 0; code < codes.passes.length; code++) {
                passes[code] |= codes.passes[code];
            }
        }
        return property < 0 ? null : codes(property, passes);
    }

    /** Events whose property passes a test of numbers. */
    public static RowFilter numbers(int property, NumberTest test) {
        return new Numbers(property, test);
    }

    /** Events that at least so many parts let pass. */
    public static RowFilter atLeast(int count, List<RowFilter> parts) {
        return new AtLeast(count, parts);
    }

    /** Events that {@code part} does not let pass. */
    public static RowFilter not(RowFilter part) {
        return new Not(part);
    }

    private static final class Codes extends RowFilter {
        private static final int[] NONE = {};

        /** So many wanted codes are looked for eight bytes at a time. */
        private static final int FEW = 4;

        private static final long LOW_BYTES = 0x0101_0101_0101_0101L;

        private final int property;
        private final boolean[] passes;

        /** Whether few codes are wanted. */
        private final boolean isFew;

        // Those that cells of one and of two bytes can hold, the last repeated; empty: none.
        private final int[] wantedOfBytes;
        private final int[] wantedOfChars;

        Codes(int property, boolean[] passes) {
            this.property = property;
            this.passes = passes;
            int count = 0;
            int[] few = new int[FEW + 1];
            for (int code = 0; code < passes.length && count <= FEW; code++) {
                if (passes[code]) {
                    few[count++] = code;
                }
            }
            boolean isFew = count > 0 && count <= FEW;
            this.wantedOfBytes = isFew ? upTo(0xFF, few, count) : NONE;
            this.wantedOfChars = isFew ? upTo(Character.MAX_VALUE, few, count) : NONE;
            this.isFew = isFew;
        }

        private static int[] upTo(int most, int[] codes, int count) {
            int[] fitting = Arrays.stream(codes, 0, count).filter(code -> code <= most).toArray();
            int[] repeated = Arrays.copyOf(fitting, fitting.length == 0 ? 0 : FEW);
            for (int i = fitting.length; i < repeated.length; i++) {
                repeated[i] = fitting[fitting.length - 1];
            }
            return repeated;
        }

        @Override
        public boolean test(EventChunk chunk, int row) {
            int code = ((CodeColumn) chunk.column(property)).get(row);
            return code < passes.length && passes[code];
        }

        @Override
        public int select(EventChunk chunk, int low, int high, char[] into) {
            CodeColumn column = (CodeColumn) chunk.column(property);
            byte[] bytes = column.bytes();
            char[] chars = column.chars();
            // A column may be shorter than its chunk: cells never set are unset.
            if (bytes != null && !passes[0]) {
                int end = Math.min(high, bytes.length);
                return isFew
                        ? selectFew(bytes, wantedOfBytes, low, end, into)
                        : select(bytes, low, end, into);
            }
            if (chars != null && !passes[0]) {
                int end = Math.min(high, chars.length);
                return isFew
                        ? selectFew(chars, wantedOfChars, low, end, into)
                        : select(chars, low, end, into);
            }
            return super.select(chunk, low, high, into);
        }

        private int select(byte[] cells, int low, int high, char[] into) {
            int count = 0;
            boolean[] table = passes;
            for (int row = low; row < high; row++) {
                int code = cells[row] & 0xFF;
                if (code < table.length && table[code]) {
                    into[count++] = (char) row;
                }
            }
            return count;
        }

        private int select(char[] cells, int low, int high, char[] into) {
            int count = 0;
            boolean[] table = passes;
            for (int row = low; row < high; row++) {
                if (cells[row] < table.length && table[cells[row]]) {
                    into[count++] = (char) row;
                }
            }
            return count;
        }

        private int selectFew(byte[] cells, int[] wanted, int low, int high, char[] into) {
            if (wanted.length == 0) {
                return 0;
            }
            int count = 0;
            int row = low;
            if (VECTORS) {
                long done = VectorFilter.select(cells, low, high, wanted, into);
                count = (int) done;
                row = (int) (done >>> 32);
            }
            // Eight cells at a time: a byte that equals a wanted code is zero after exclusive or.
            long first = LOW_BYTES * wanted[0];
            long second = LOW_BYTES * wanted[1];
            long third = LOW_BYTES * wanted[2];
            long fourth = LOW_BYTES * wanted[3];
            boolean one = wanted[0] == wanted[1];
            for (; row + 8 <= high; row += 8) {
                long word = (long) Words64.BYTES.get(cells, row);
                long hits = zeroBytes(word ^ first);
                if (!one) {
                    hits |= zeroBytes(word ^ second) | zeroBytes(word ^ third);
                    hits |= zeroBytes(word ^ fourth);
                }
                while (hits != 0) {
                    into[count++] = (char) (row + (Long.numberOfTrailingZeros(hits) >>> 3));
                    hits &= hits - 1;
                }
            }
            for (; row < high; row++) {
                int code = cells[row] & 0xFF;
                if (code < passes.length && passes[code]) {
                    into[count++] = (char) row;
                }
            }
            return count;
        }

        private int selectFew(char[] cells, int[] few, int low, int high, char[] into) {
            if (few.length == 0) {
                return 0;
            }
            if (!VECTORS) {
                return select(cells, low, high, into);
            }
            long done = VectorFilter.select(cells, low, high, few, into);
            int count = (int) done;
            for (int row = (int) (done >>> 32); row < high; row++) {
                if (cells[row] < passes.length && passes[cells[row]]) {
                    into[count++] = (char) row;
                }
            }
            return count;
        }

        /** The highest bit of each byte that is zero, and no other bit. */
        private static long zeroBytes(long word) {
            long low = 0x7F7F_7F7F_7F7F_7F7FL;
            return ~((word & low) + low | word | low);
        }
    }

    private static final class Numbers extends RowFilter {
        private final int property;
        private final NumberTest test;

        Numbers(int property, NumberTest test) {
            this.property = property;
            this.test = test;
        }

        @Override
        public boolean test(EventChunk chunk, int row) {
            long number = ((NumberColumn) chunk.column(property)).get(row);
            return number != NumberColumn.UNSET && test.test(number);
        }
    }

    private static final class AtLeast extends RowFilter {
        private final int wanted;
        private final RowFilter[] parts;

        AtLeast(int wanted, List<RowFilter> parts) {
            this.wanted = wanted;
            this.parts = parts.toArray(RowFilter[]::new);
        }

        @Override
        public boolean test(EventChunk chunk, int row) {
            int met = 0;
            for (int i = 0; i < parts.length && met < wanted; i++) {
                if (parts[i].test(chunk, row)) {
                    met++;
                }
            }
            return met >= wanted;
        }

        @Override
        public int select(EventChunk chunk, int low, int high, char[] into) {
            if (wanted != parts.length || wanted == 0) {
                return super.select(chunk, low, high, into);
            }
            int count = parts[0].select(chunk, low, high, into);
            for (int part = 1; part < parts.length; part++) {
                int kept = 0;
                for (int i = 0; i < count; i++) {
                    if (parts[part].test(chunk, into[i])) {
                        into[kept++] = into[i];
                    }
                }
                count = kept;
            }
            return count;
        }
    }

    private static final class Not extends RowFilter {
        private final RowFilter part;

        Not(RowFilter part) {
            this.part = part;
        }

        @Override
        public boolean test(EventChunk chunk, int row) {
            return !part.test(chunk, row);
        }
    }
}
