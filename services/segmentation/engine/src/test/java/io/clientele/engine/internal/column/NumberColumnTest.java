package io.clientele.engine.internal.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packed numbers against a list. */
class NumberColumnTest {
    private static final long UNSET = NumberColumn.UNSET;

    private static final long[] EDGES = {
        0,
        1,
        -1,
        127,
        -127,
        -128,
        128,
        32_767,
        -32_767,
        -32_768,
        32_768,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MIN_VALUE + 1L,
        Integer.MAX_VALUE + 1L,
        Long.MAX_VALUE,
        Long.MIN_VALUE + 1,
        1_000_000_000L,
        10_000L,
        9_000_000_000_000_000_000L,
        -9_000_000_000_000_000_000L
    };

    private static long number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> UNSET;
            case 1 -> EDGES[random.nextInt(EDGES.length)];
            case 2 -> random.nextInt(300) - 150L;
            case 3 -> (random.nextInt(300) - 150L) * 10_000;
            case 4 -> random.nextInt(70_000) * 1_000_000L;
            default -> random.nextLong();
        };
    }

    private static void check(NumberColumn column, List<Long> wanted, String told) {
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(column.get(i)).as("cell %d, %s", i, told).isEqualTo(wanted.get(i));
            assertThat(column.key(i)).isEqualTo(wanted.get(i));
        }
        assertThat(column.get(wanted.size() + 10_000)).as(told).isEqualTo(UNSET);
        for (long number : wanted) {
            if (number != UNSET) {
                assertThat(number).as(told).isBetween(column.smallest(), column.largest());
            }
        }
    }

    @Test
    void agreesWithAList() {
        for (long seed : Seeds.of(600)) {
            Random random = new Random(seed);
            String told = "seed " + seed;
            NumberColumn column = new NumberColumn();
            List<Long> wanted = new ArrayList<>();
            // Some columns meet hard numbers late, others at once.
            int hardFrom = random.nextInt(60);
            for (int i = 0; i < 60; i++) {
                long number = i < hardFrom ? random.nextInt(100) * 10_000L : number(random);
                int size = wanted.size();
                switch (random.nextInt(6)) {
                    case 0 -> {
                        if (size > 0) {
                            int place = random.nextInt(size);
                            column.remove(place, size);
                            wanted.remove(place);
                        }
                    }
                    case 1 -> {
                        int place = random.nextInt(size + 1);
                        column.insert(place, size);
                        assertThat(column.get(place)).as(told).isEqualTo(UNSET);
                        column.set(place, number);
                        wanted.add(place, number);
                    }
                    case 2 -> {
                        if (size > 0) {
                            int place = random.nextInt(size);
                            column.set(place, number);
                            wanted.set(place, number);
                        }
                    }
                    default -> {
                        column.set(size, number);
                        wanted.add(number);
                    }
                }
            }
            check(column, wanted, told);
            check(column.copy(), wanted, told);
            int from = random.nextInt(wanted.size() + 1);
            int to = from + random.nextInt(wanted.size() + 1 - from);
            check(column.slice(from, to), wanted.subList(from, to), told);
            // A view keeps what it saw while numbers are appended, however they are.
            NumberColumn view = column.view();
            List<Long> seen = List.copyOf(wanted);
            for (int i = 0; i < 40; i++) {
                column.set(seen.size() + i, number(random));
            }
            check(view, seen, told);
        }
    }

    @Test
    void aCopyIsOfItsOwn() {
        NumberColumn column = new NumberColumn();
        column.set(0, 1);
        NumberColumn copy = column.copy();
        column.set(0, 2);
        copy.set(1, 3);
        assertThat(copy.get(0)).isEqualTo(1);
        assertThat(column.get(1)).isEqualTo(UNSET);
    }

    @Test
    void takesTheFewestBytes() {
        NumberColumn column = new NumberColumn();
        column.set(0, 127L * 1_000_000_000);
        assertThat(column.bytes()).isNotNull();
        assertThat(column.divisor()).isEqualTo(1_000_000_000);
        column.set(1, 320_000_000_000L);
        assertThat(column.shorts()).isNotNull();
        assertThat(column.divisor()).isEqualTo(1_000_000_000);
        column.set(2, 1);
        assertThat(column.longs()).isNotNull();
        assertThat(column.divisor()).isEqualTo(1);
        assertThat(column.get(1)).isEqualTo(320_000_000_000L);
        assertThat(column.retainedBytes()).isGreaterThanOrEqualTo(8L * column.capacity());
    }

    @Test
    void isEmptyAtFirst() {
        NumberColumn column = new NumberColumn();
        assertThat(column.get(0)).isEqualTo(UNSET);
        assertThat(column.smallest()).isEqualTo(Long.MAX_VALUE);
        assertThat(column.largest()).isEqualTo(Long.MIN_VALUE);
        column.set(5, UNSET);
        assertThat(column.get(5)).isEqualTo(UNSET);
        assertThat(column.largest()).isEqualTo(Long.MIN_VALUE);
    }
}
