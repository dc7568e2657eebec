package io.clientele.campaignresponse.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionsTest {
    private static final Offset<Double> FOUR_PLACES = within(0.00005);

    /** Table II of Newcombe (1998), method 10. */
    @ParameterizedTest
    @CsvSource({
        "56, 70, 48, 80,  0.0524, 0.3339",
        " 9, 10,  3, 10,  0.1705, 0.8090",
        " 6,  7,  2,  7,  0.0582, 0.8062",
        " 5, 56,  0, 29, -0.0381, 0.1926",
        " 0, 10,  0, 20, -0.1611, 0.2775",
        " 0, 10,  0, 10, -0.2775, 0.2775",
        "10, 10,  0, 20,  0.6791, 1.0000",
        "10, 10,  0, 10,  0.6075, 1.0000",
    })
    void intervalsAreNewcombes(
            long one, long ofOne, long other, long ofOther, double lower, double upper) {
        var interval = Proportions.difference(one, ofOne, other, ofOther);

        assertThat(interval.lower()).isCloseTo(lower, FOUR_PLACES);
        assertThat(interval.upper()).isCloseTo(upper, FOUR_PLACES);
    }

    /** Newcombe's 81 of 263 (Statistics in Medicine 17 (1998) 857-872, method 3). */
    @Test
    void scoreIntervalIsWilsons() {
        var interval = Proportions.wilson(81, 263);

        assertThat(interval.lower()).isCloseTo(0.2553, FOUR_PLACES);
        assertThat(interval.upper()).isCloseTo(0.3662, FOUR_PLACES);
    }

    /** Fisher's lady tasting tea: 3 of 4 right. */
    @Test
    void fewAreTestedExactly() {
        var significance = Objects.requireNonNull(Proportions.test(3, 4, 1, 4));

        assertThat(significance.test()).isEqualTo("fisher");
        assertThat(significance.pValue()).isCloseTo(0.4857, FOUR_PLACES);
    }

    /** The pooled z of 45 and 30 of 100, as any textbook computes it. */
    @Test
    void manyAreTestedWithPooledVariance() {
        var significance = Objects.requireNonNull(Proportions.test(45, 100, 30, 100));

        // z = 0.15 / sqrt(0.375 * 0.625 * 0.02) = 2.19089
        assertThat(significance.test()).isEqualTo("two-proportion");
        assertThat(significance.pValue()).isCloseTo(0.02846, within(0.00001));
    }

    @Test
    void nothingIsTestedWithoutSuccessOrWithoutFailure() {
        assertThat(Proportions.test(0, 10, 0, 10)).isNull();
        assertThat(Proportions.test(10, 10, 10, 10)).isNull();
    }

    /** Chi-square of one degree of freedom: 3.8415 is the 5 % point, 10.828 that of 0.1 %. */
    @Test
    void unevenSplitIsFound() {
        assertThat(Proportions.sampleRatio(800, 200, 0.2)).isEqualTo(1);
        // 24.79 = sqrt(3.8415 * 1000 * 0.2 * 0.8)
        assertThat(Proportions.sampleRatio(775, 225, 0.2)).isCloseTo(0.048, within(0.001));
        assertThat(Proportions.sampleRatio(850, 150, 0.2)).isLessThan(Proportions.MISMATCH_BELOW);
        assertThat(Proportions.sampleRatio(0, 0, 0.2)).isNull();
    }
}
