package io.clientele.ingestion.importing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row of a file, cut down to the columns that its mapping uses.
 *
 * @param line where it ends in the file, counted from 1
 * @param values in the order of the mapping's columns; empty text where there is nothing
 * @param digest 32 hexadecimal digits over the whole row, or empty if nobody asks for it
 * @param failure why it cannot be read, or null
 */
record Row(long line, String[] values, String digest, @Nullable String failure) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row
                && line == row.line
                && digest.equals(row.digest)
                && Arrays.equals(values, row.values);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(line);
    }
}
