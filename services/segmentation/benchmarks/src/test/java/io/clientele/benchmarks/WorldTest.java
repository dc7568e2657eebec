package io.clientele.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WorldTest {
    private static final int MEMBERS = 10_000;
    private static final Instant AT = World.DEFAULT_AT;

    private final World world = World.create(1, AT, MEMBERS, 20);

    @Test
    void followsFromItsSeed() {
        World same = World.create(1, AT, MEMBERS, 20);
        World other = World.create(2, AT, MEMBERS, 20);

        assertThat(same.purchases.times).isEqualTo(world.purchases.times);
        assertThat(same.purchases.buyers).isEqualTo(world.purchases.buyers);
        assertThat(same.purchases.cents).isEqualTo(world.purchases.cents);
        assertThat(same.column("income").value(77)).isEqualTo(world.column("income").value(77));
        assertThat(other.purchases.buyers).isNotEqualTo(world.purchases.buyers);
    }

    @Test
    void hasThirtyAttributesOfWhichTenPercentAreUnset() {
        assertThat(world.columns).hasSize(30);
        for (Column column : world.columns) {
            double unset =
                    IntStream.range(0, MEMBERS).filter(i -> column.value(i) == null).count()
                            / (double) MEMBERS;
            // An empty set of interests is unset too: one of seven sizes.
            double expected = column.name().equals("interests") ? 0.1 + 0.9 / 7 : 0.1;
            assertThat(unset).as(column.name()).isCloseTo(expected, Offset.offset(0.015));
        }
    }

    @Test
    void spreadsPurchasesEvenlyUpToTheInstant() {
        long[] times = world.purchases.times;
        long[] sorted = times.clone();
        Arrays.sort(sorted);

        assertThat(times).hasSize(MEMBERS * 20).isEqualTo(sorted);
        assertThat(times[0]).isGreaterThan(AT.minus(World.HISTORY).toEpochMilli());
        assertThat(times[times.length - 1]).isLessThanOrEqualTo(AT.toEpochMilli());
        int half = world.purchases.firstAfter(AT.minus(World.HISTORY.dividedBy(2)).toEpochMilli());
        assertThat(half).isCloseTo(times.length / 2, Offset.offset(2));
    }

    @Test
    void hasFewWhoBuyMuch() {
        int[] bought = new int[MEMBERS];
        for (int buyer : world.purchases.buyers) {
            bought[buyer]++;
        }
        Arrays.sort(bought);

        // The share of the first part p of the ranks is its root.
        assertThat(Arrays.stream(bought).skip(MEMBERS - MEMBERS / 100).sum() / (20.0 * MEMBERS))
                .isCloseTo(0.1, Offset.offset(0.01));
        assertThat(bought[MEMBERS - 1]).isBetween(1_800, 2_200);
        assertThat(bought[MEMBERS / 2]).isBetween(13, 15);
    }

    @Test
    void keepsAmountsAndWordsInBounds() {
        for (int i = 0; i < world.purchases.count(); i++) {
            assertThat(world.purchases.cents[i]).isBetween((short) 2_000, (short) 15_000);
            assertThat(world.purchases.categories[i]).isBetween((byte) 0, (byte) 49);
            assertThat(world.purchases.stores[i]).isBetween((short) 0, (short) 499);
            assertThat(world.purchases.channels[i]).isBetween((byte) 0, (byte) 2);
        }
    }

    @Test
    void goesOnAsDenselyAfterTheInstant() {
        Purchases arrivals = world.arrivals(3, 1_000);
        long span = arrivals.times[999] - AT.toEpochMilli();

        assertThat(arrivals.times[0]).isGreaterThan(AT.toEpochMilli());
        assertThat((double) span)
                .isCloseTo(World.HISTORY.toMillis() / (20.0 * MEMBERS) * 1_000, Offset.offset(3e6));
    }

    @Test
    void refusesMorePurchasesThanAnArrayHolds() {
        assertThatThrownBy(() -> World.create(1, AT, 2_000_000_000, 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fit an array");
    }
}
