package io.clientele.segmentation.segment;

import java.util.Arrays;

/**
 * A segment's sizes over consecutive intervals.
 *
 * @param before the size when the first begins
 * @param entered stays that begin in each interval
 * @param left stays that end in each
 */
public record SizeSeries(long before, long[] entered, long[] left) {
    /** Nobody ever. */
    public static SizeSeries empty(int intervals) {
        return new SizeSeries(0, new long[intervals], new long[intervals]);
    }

    /** The size at the end of each interval. */
    public long[] sizes() {
        long[] sizes = Arrays.copyOf(entered, entered.length);
        long size = before;
        for (int i = 0; i < sizes.length; i++) {
            size += entered[i] - left[i];
            sizes[i] = size;
        }
        return sizes;
    }
}
