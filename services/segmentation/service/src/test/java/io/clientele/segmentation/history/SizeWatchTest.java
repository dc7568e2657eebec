package io.clientele.segmentation.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeWatchTest {
    private static final int BACK = SizeWatch.WEEKS * 7;
    private static final double[] WEEKDAYS = {1, 1.05, 0.97, 1.02, 1.1, 1.3, 0.9};

    /**
     * Stationary sizes: about a mean with a weekday pattern, by chance and by some noise that lasts
     * from day to day.
     */
    private static long[] stationary(Random random, double mean, double noise, int days) {
        long[] sizes = new long[days];
        double drift = 0;
        for (int day = 0; day < days; day++) {
            drift = 0.5 * drift + Math.sqrt(0.75) * random.nextGaussian();
            double expected = mean * WEEKDAYS[day % 7] * (1 + noise * drift);
            sizes[day] =
                    Math.max(0, Math.round(expected + Math.sqrt(expected) * random.nextGaussian()));
        }
        return sizes;
    }

    @ParameterizedTest
    @CsvSource({"5,0", "40,0", "1000,0", "1000,0.02", "20000,0.05", "1000000,0.03"})
    void alarmsOnStationarySizesAtMostOnceAYear(double mean, double noise) {
        var random = new Random(7);
        int years = 200;
        int alarms = 0;
        for (int year = 0; year < years; year++) {
            long[] sizes = stationary(random, mean, noise, BACK + 365);
            for (int day = BACK; day < sizes.length; day++) {
                var usual = SizeWatch.usual(Arrays.copyOfRange(sizes, day - BACK, day));
                if (sizes[day] < usual.low() || sizes[day] > usual.high()) {
                    alarms++;
                }
            }
        }
        assertThat((double) alarms / years).isLessThan(1);
    }

    @ParameterizedTest
    @CsvSource({"1000,0", "1000,0.02", "20000,0.02", "1000000,0.03"})
    void aFallByThirtyPercentIsFlaggedTheSameDay(double mean, double noise) {
        var random = new Random(11);
        int flagged = 0;
        for (int trial = 0; trial < 200; trial++) {
            long[] sizes = stationary(random, mean, noise, BACK + 1);
            long fallen = Math.round(0.7 * sizes[BACK]);
            if (fallen < SizeWatch.usual(Arrays.copyOf(sizes, BACK)).low()) {
                flagged++;
            }
        }
        assertThat(flagged).isGreaterThanOrEqualTo(190);
    }

    @Test
    void aMemberMoreOrLessIsNeverUnusual() {
        var usual = SizeWatch.usual(new long[BACK]);
        assertThat(usual.high()).isGreaterThanOrEqualTo(1);
        long[] three = new long[BACK];
        Arrays.fill(three, 3);
        assertThat(SizeWatch.usual(three).low()).isLessThan(2);
        assertThat(SizeWatch.usual(three).high()).isGreaterThan(4);
    }

    @Test
    void needsWholeWeeks() {
        assertThatThrownBy(() -> SizeWatch.usual(new long[27]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SizeWatch.usual(new long[21]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
