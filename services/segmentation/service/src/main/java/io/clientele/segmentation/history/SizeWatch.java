package io.clientele.segmentation.history;

import java.util.Arrays;

/**
 * Whether a size is unusual, told from those before it: how far it is from the median of the same
 * weekday, in robust standard deviations. The deviation is 1.4826 times the median absolute
 * deviation (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993), the greater of that of
 * the same weekday and that of all days about their own weekday's median, as eight values alone
 * give it too small now and then; and never less than the square root of the median, which is what
 * chance alone makes of a count. Pure functions.
 */
final class SizeWatch {
    /** Weeks that are looked back. */
    static final int WEEKS = 8;

    /** With fewer weeks nothing is said. */
    static final int FEWEST_WEEKS = 4;

    /**
     * How many deviations are unusual. Of 10,000 stationary years of daily sizes fewer than one in
     * ten has an alarm (SizeWatchTest).
     */
    static final double LIMIT = 4.5;

    private static final int WEEK = 7;

    /** Makes a median absolute deviation that of a normal distribution. */
    private static final double NORMAL = 1.4826;

    private SizeWatch() {}

    /**
     * What is usual.
     *
     * @param expected the median of the same weekday
     * @param deviation a robust standard deviation
     */
    record Usual(double expected, double deviation) {
        /** The least that is usual. */
        double low() {
            return Math.max(0, expected - LIMIT * deviation);
        }

        /** The most that is usual. */
        double high() {
            return expected + LIMIT * deviation;
        }
    }

    /**
     * What is usual of the day after the last.
     *
     * @param sizes consecutive days' sizes, the latest last; whole weeks
     */
    static Usual usual(long[] sizes) {
        int weeks = sizes.length / WEEK;
        if (weeks < FEWEST_WEEKS || sizes.length % WEEK != 0) {
            throw new IllegalArgumentException("whole weeks, at least " + FEWEST_WEEKS);
        }
        double[] medians = new double[WEEK];
        double[] all = new double[sizes.length];
        double[] own = new double[weeks];
        for (int day = 0; day < WEEK; day++) {
            double[] same = new double[weeks];
            for (int week = 0; week < weeks; week++) {
                same[week] = sizes[week * WEEK + day];
            }
            medians[day] = median(same);
            for (int week = 0; week < weeks; week++) {
                double distance = Math.abs(sizes[week * WEEK + day] - medians[day]);
                all[week * WEEK + day] = distance;
                if (day == 0) {
                    own[week] = distance;
                }
            }
        }
        double expected = medians[0];
        double deviation = NORMAL * Math.max(median(own), median(all));
        return new Usual(expected, Math.max(deviation, Math.sqrt(Math.max(1, expected))));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
