package io.clientele.engine.internal.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import io.clientele.engine.internal.column.CodeColumn;
import io.clientele.engine.internal.column.Column;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.column.NumberColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows chosen many at a time, against rows chosen one by one. */
class RowFilterTest {
    private static final int ROWS = 64;
    private static final int[] EDGES = {
        0, 1, 2, 127, 128, 129, 254, 255, 256, 257, 300, 32_767, 32_768, 65_534, 65_535, 65_536
    };

    /**
     * Events with a code and a number.
     *
     * @param most no code is larger
     * @param set so many of the first have a code at all
     */
    private static EventChunk chunk(Random random, int most, int set) {
        EventLog log = new EventLog(() -> new Column[] {new CodeColumn(), new NumberColumn()});
        for (int i = 0; i < ROWS; i++) {
            log.insert(random.nextInt(100), i, 1);
            int code = code(random, most);
            if (i < set && code != 0) {
                log.set(0, code);
            }
            if (random.nextInt(3) != 0) {
                log.set(1, (long) random.nextInt(20));
            }
        }
        return log.chunk(0);
    }

    private static int code(Random random, int most) {
        int code = EDGES[random.nextInt(EDGES.length)];
        return code <= most ? code : random.nextInt(most + 1);
    }

    private static boolean[] wanting(int size, int... codes) {
        boolean[] passes = new boolean[size];
        for (int code : codes) {
            if (code < size) {
                passes[code] = true;
            }
        }
        return passes;
    }

    private static void check(RowFilter filter, EventChunk chunk, String told) {
        for (int low = 0; low < 12; low++) {
            for (int length = 0; length <= 40; length++) {
                checkRange(filter, chunk, low, low + length, told);
            }
        }
        checkRange(filter, chunk, 0, ROWS, told);
    }

    private static void checkRange(
            RowFilter filter, EventChunk chunk, int low, int high, String told) {
        List<Integer> wanted = new ArrayList<>();
        for (int row = low; row < high; row++) {
            if (filter.test(chunk, row)) {
                wanted.add(row);
            }
        }
        char[] into = new char[high - low];
        int count = filter.select(chunk, low, high, into);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add((int) into[i]);
        }
        if (!found.equals(wanted)) {
            throw new AssertionError(
                    found + " but " + wanted + ", rows " + low + " to " + high + ", " + told);
        }
    }

    @Test
    void codesAreFoundAsOneByOne() {
        for (long seed : Seeds.of(200)) {
            Random random = new Random(seed);
            int most = new int[] {3, 128, 255, 256, 65_535, 65_536}[random.nextInt(6)];
            EventChunk chunk =
                    chunk(random, most, random.nextInt(4) == 0 ? random.nextInt(ROWS) : ROWS);
            // The chunk's codes may all be smaller than those wanted, and the other way round.
            int largest = random.nextBoolean() ? 65_536 : most;
            int[] codes = new int[random.nextInt(6)];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = code(random, largest);
            }
            boolean[] passes = wanting(largest + 1, codes);
            for (int row = 0; row < ROWS; row++) {
                int code = ((CodeColumn) chunk.column(0)).get(row);
                assertThat(RowFilter.codes(0, passes).test(chunk, row))
                        .isEqualTo(code < passes.length && passes[code]);
            }
            check(RowFilter.codes(0, passes), chunk, "seed " + seed);
        }
    }

    @Test
    void aWideCodeIsNotTakenForANarrowOne() {
        Random random = new Random(1);
        EventLog bytes = new EventLog(() -> new Column[] {new CodeColumn()});
        for (int i = 0; i < 256; i++) {
            bytes.insert(0, i, 1);
            bytes.set(0, i);
        }
        char[] into = new char[256];
        RowFilter wide = RowFilter.codes(0, wanting(400, 300));
        assertThat(wide.select(bytes.chunk(0), 0, 256, into)).isZero();
        RowFilter both = RowFilter.codes(0, wanting(400, 7, 300, 301, 302));
        assertThat(both.select(bytes.chunk(0), 0, 256, into)).isEqualTo(1);
        assertThat((int) into[0]).isEqualTo(7);
        check(RowFilter.codes(0, wanting(70_000, 65_536)), chunk(random, 65_535, ROWS), "wide");
    }

    @Test
    void codesMayBeLargerThanThoseJudged() {
        Random random = new Random(2);
        for (int most : new int[] {200, 60_000}) {
            EventChunk chunk = chunk(random, most, ROWS);
            check(RowFilter.codes(0, wanting(3, 1)), chunk, "few judged");
            check(RowFilter.codes(0, wanting(1)), chunk, "none judged");
        }
    }

    @Test
    void combinationsAreFoundAsOneByOne() {
        for (long seed : Seeds.of(200)) {
            Random random = new Random(seed);
            EventChunk chunk =
                    chunk(random, random.nextBoolean() ? 5 : 300, random.nextInt(ROWS + 1));
            check(filter(random, 3), chunk, "seed " + seed);
        }
    }

    private static RowFilter filter(Random random, int depth) {
        int form = depth == 0 ? random.nextInt(2) : random.nextInt(4);
        return switch (form) {
            case 0 ->
                    RowFilter.codes(
                            0, wanting(301, code(random, 300), code(random, 5), code(random, 5)));
            case 1 -> {
                int bound = random.nextInt(20);
                yield RowFilter.numbers(1, number -> number >= bound);
            }
            case 2 -> RowFilter.not(filter(random, depth - 1));
            default -> {
                List<RowFilter> parts = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    parts.add(filter(random, depth - 1));
                }
                yield RowFilter.atLeast(random.nextInt(parts.size() + 2), parts);
            }
        };
    }
}
