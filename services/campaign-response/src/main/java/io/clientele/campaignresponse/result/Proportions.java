package io.clientele.campaignresponse.result;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.apache.commons.statistics.inference.FisherExactTest;
import org.jspecify.annotations.Nullable;

/** Statistics of two groups in which some succeed. Pure functions; nothing they answer is NaN. */
final class Proportions {
    /** Of the intervals. */
    static final double CONFIDENCE = 0.95;

    /** A sample ratio less likely than this is no chance. */
    static final double MISMATCH_BELOW = 0.001;

    /** With fewer expected in any cell the normal approximation is not relied on. */
    private static final double LEAST_EXPECTED = 5;

    private static final double Z =
            NormalDistribution.of(0, 1).inverseCumulativeProbability(1 - (1 - CONFIDENCE) / 2);

    private Proportions() {}

    /**
     * An interval.
     *
     * @param lower end, at least -1
     * @param upper end, at most 1
     */
    record Interval(double lower, double upper) {}

    /**
     * A test's answer.
     *
     * @param pValue 0 to 1
     * @param test {@code two-proportion} or {@code fisher}
     */
    record Significance(double pValue, String test) {}

    /**
     * The 95 % interval of the difference of two independent proportions, first minus second:
     * Newcombe's hybrid score interval without continuity correction, method 10 of R. G. Newcombe,
     * Interval estimation for the difference between independent proportions, Statistics in
     * Medicine 17 (1998) 873-890; made of Wilson's score intervals (E. B. Wilson, Journal of the
     * American Statistical Association 22 (1927) 209-212). Holds near 0 and 1 and with few members,
     * where Wald's does not.
     *
     * @param ofOne members of the first group, more than 0
     * @param ofOther members of the second group, more than 0
     */
    static Interval difference(long one, long ofOne, long other, long ofOther) {
        double p = (double) one / ofOne;
        double q = (double) other / ofOther;
        var first = wilson(one, ofOne);
        var second = wilson(other, ofOther);
        double below = Math.hypot(p - first.lower(), second.upper() - q);
        double above = Math.hypot(first.upper() - p, q - second.lower());
        return new Interval(Math.max(-1, p - q - below), Math.min(1, p - q + above));
    }

    /** Wilson's score interval of one proportion, 95 %. */
    static Interval wilson(long successes, long of) {
        double p = (double) successes / of;
        double square = Z * Z;
        double center = (2 * of * p + square) / (2 * (of + square));
        double half = Z * Math.sqrt(square + 4 * of * p * (1 - p)) / (2 * (of + square));
        return new Interval(Math.max(0, center - half), Math.min(1, center + half));
    }

    /**
     * Whether two proportions differ, two-sided: the two-proportion z-test with the pooled
     * variance, which is Pearson's chi-square test of the two by two table; Fisher's exact test
     * where fewer than 5 are expected in a cell.
     *
     * @return null if nobody, or everybody, succeeded: there is nothing to test
     */
    static @Nullable Significance test(long one, long ofOne, long other, long ofOther) {
        long successes = one + other;
        long all = ofOne + ofOther;
        if (successes == 0 || successes == all || ofOne == 0 || ofOther == 0) {
            return null;
        }
        double least =
                (double) Math.min(successes, all - successes) * Math.min(ofOne, ofOther) / all;
        if (least < LEAST_EXPECTED && all <= Integer.MAX_VALUE) {
            int[][] table = {
                {(int) one, (int) (ofOne - one)}, {(int) other, (int) (ofOther - other)}
            };
            return new Significance(
                    FisherExactTest.withDefaults().test(table).getPValue(), "fisher");
        }
        long[][] table = {{one, ofOne - one}, {other, ofOther - other}};
        return new Significance(
                ChiSquareTest.withDefaults().test(table).getPValue(), "two-proportion");
    }

    /**
     * How likely a split as uneven as this is if the share is kept: Pearson's chi-square test
     * against the configured shares.
     *
     * @param share of control, more than 0 and less than 1
     * @return null if nobody is assigned yet
     */
    static @Nullable Double sampleRatio(long treated, long control, double share) {
        long all = treated + control;
        if (all == 0) {
            return null;
        }
        double[] expected = {all * (1 - share), all * share};
        return ChiSquareTest.withDefaults()
                .test(expected, new long[] {treated, control})
                .getPValue();
    }
}
