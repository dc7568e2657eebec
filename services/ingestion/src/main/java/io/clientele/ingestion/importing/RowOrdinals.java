package io.clientele.ingestion.importing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells equal rows apart: the first is 1, the next 2. Rows are known by 64 bits of their digest: 8
 * bytes a row while they are collected, afterwards only rows that occur more than once. That two
 * different rows share those bits, and so an ordinal other than 1, happens once in some hundred
 * thousand files of ten million rows. Not thread-safe.
 */
final class RowOrdinals {
    private long[] seen = new long[16_384];
    private int count;
    private final Map<Long, Integer> repeated = new HashMap<>();

    /** Collects a row, before {@link #finish()}. */
    void add(Row row) {
        if (count == seen.length) {
            seen = Arrays.copyOf(seen, seen.length * 2);
        }
        seen[count++] = key(row);
    }

    /** Ends the collection. */
    void finish() {
        Arrays.sort(seen, 0, count);
        for (int i = 1; i < count; i++) {
            if (seen[i] == seen[i - 1]) {
                repeated.put(seen[i], 0);
            }
        }
        seen = new long[0];
        count = 0;
    }

    /** Which of its equals the row is; to be asked of each row once, in the file's order. */
    int next(Row row) {
        var before = repeated.get(key(row));
        if (before == null) {
            return 1;
        }
        repeated.put(key(row), before + 1);
        return before + 1;
    }

    private static long key(Row row) {
        return row.digest().isEmpty()
                ? row.line()
                : Long.parseUnsignedLong(row.digest(), 0, 16, 16);
    }
}
