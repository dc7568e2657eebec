package io.clientele.engine.internal.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packed codes against a list. */
class CodeColumnTest {
    private static final int[] EDGES = {
        0, 1, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, Integer.MAX_VALUE
    };

    private static void check(CodeColumn column, List<Integer> wanted, String told) {
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(column.get(i)).as("cell %d, %s", i, told).isEqualTo(wanted.get(i));
            assertThat(column.key(i)).isEqualTo((long) wanted.get(i));
        }
        assertThat(column.get(wanted.size() + 10_000)).as(told).isZero();
    }

    @Test
    void agreesWithAList() {
        for (long seed : Seeds.of(600)) {
            Random random = new Random(seed);
            String told = "seed " + seed;
            CodeColumn column = new CodeColumn();
            List<Integer> wanted = new ArrayList<>();
            int largest = 3 + random.nextInt(EDGES.length - 2);
            for (int i = 0; i < 60; i++) {
                int code =
                        random.nextBoolean() ? random.nextInt(100) : EDGES[random.nextInt(largest)];
                int size = wanted.size();
                switch (random.nextInt(6)) {
                    case 0 -> {
                        if (size > 0) {
                            int place = random.nextInt(size);
                            column.remove(place, size);
                            wanted.remove(place);
                            assertThat(column.get(size - 1)).as(told).isZero();
                        }
                    }
                    case 1 -> {
                        int place = random.nextInt(size + 1);
                        column.insert(place, size);
                        assertThat(column.get(place)).as(told).isZero();
                        column.set(place, code);
                        wanted.add(place, code);
                    }
                    case 2 -> {
                        if (size > 0) {
                            int place = random.nextInt(size);
                            column.set(place, code);
                            wanted.set(place, code);
                        }
                    }
                    default -> {
                        column.set(size, code);
                        wanted.add(code);
                    }
                }
            }
            check(column, wanted, told);
            check(column.copy(), wanted, told);
            int from = random.nextInt(wanted.size() + 1);
            int to = from + random.nextInt(wanted.size() + 1 - from);
            check(column.slice(from, to), wanted.subList(from, to), told);
            CodeColumn view = column.view();
            List<Integer> seen = List.copyOf(wanted);
            for (int i = 0; i < 40; i++) {
                column.set(seen.size() + i, EDGES[random.nextInt(EDGES.length)]);
            }
            check(view, seen, told);
        }
    }

    @Test
    void takesTheFewestBytes() {
        CodeColumn column = new CodeColumn();
        column.set(0, 255);
        assertThat(column.bytes()).isNotNull();
        column.set(1, 256);
        assertThat(column.bytes()).isNull();
        assertThat(column.chars()).isNotNull();
        column.set(2, 65_535);
        assertThat(column.chars()).isNotNull();
        column.set(3, 65_536);
        assertThat(column.chars()).isNull();
        assertThat(column.ints()).isNotNull();
        check(column, List.of(255, 256, 65_535, 65_536, 0), "");
        CodeColumn atOnce = new CodeColumn();
        atOnce.set(3, 7);
        atOnce.set(1, 1 << 20);
        check(atOnce, List.of(0, 1 << 20, 0, 7), "");
        assertThat(atOnce.retainedBytes()).isGreaterThan(16);
    }
}
