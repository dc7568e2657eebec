package io.clientele.benchmarks;

import java.sql.SQLException;
import java.util.Arrays;

/** Times of repeated runs. */
final class Timing {
    /** Something that is timed. */
    @FunctionalInterface
    interface Run {
        /** Answers something, so that nothing is optimized away. */
        long run() throws SQLException;
    }

    private Timing() {}

    /** Milliseconds of one run. */
    static double millis(Run run) throws SQLException {
        long begin = System.nanoTime();
        sink = run.run();
        return (System.nanoTime() - begin) / 1e6;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @SuppressWarnings("unused") // written, so that the compiler may not drop the run
    static volatile long sink;
}
