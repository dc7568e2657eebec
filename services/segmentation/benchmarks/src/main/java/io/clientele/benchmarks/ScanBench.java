package io.clientele.benchmarks;

import io.clientele.engine.Condition;
import io.clientele.engine.ProgramModel;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * How near the plainest windowed count comes to the machine: the bytes it must read over its time,
 * against what a plain sum over arrays reads.
 */
final class ScanBench {
    private static final int RUNS = 7;
    private static final int WINDOW_DAYS = 365;

    /** Each thread's part; together far more than any last-level cache. */
    private static final int LONGS = 64 * 1024 * 1024;

    private final World world;
    private final Report report;
    private final int threads;

    ScanBench(World world, Report report, int threads) {
        this.world = world;
        this.report = report;
        this.threads = threads;
    }

    void run(EngineSide engine, ProgramModel model) throws SQLException {
        Condition bought =
                LiveSegments.condition(
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P" + WINDOW_DAYS + "D\"}}",
                        model);
        double[] millis = new double[RUNS];
        for (int i = -2; i < RUNS; i++) {
            double took = Timing.millis(() -> engine.count(bought, world.at, threads));
            if (i >= 0) {
                millis[i] = took;
            }
        }
        long since = world.at.minus(Duration.ofDays(WINDOW_DAYS)).toEpochMilli();
        int events = world.purchases.count() - world.purchases.firstAfter(since);
        double readPerSecond =
                events * (double) EngineSide.bytesReadPerEvent() / (Timing.median(millis) / 1e3);
        double bandwidth = bandwidth(threads, LONGS);
        report.figure(
                "scan.machineGigabytesPerSecond",
                bandwidth / 1e9,
                "GB/s",
                "a plain sum over long[] beyond the caches");
        report.figure(
                "scan.gigabytesPerSecond",
                readPerSecond / 1e9,
                "GB/s",
                "what the plainest windowed count must read, over its time");
        report.atLeast(
                "scan.shareOfMemoryBandwidth",
                readPerSecond / bandwidth,
                0.3,
                "",
                "the second over the first");
    }

    /** Bytes a second that the threads together read, at best. */
    static double bandwidth(int threads, int longsOfAThread) {
        long[][] arrays = new long[threads][];
        Arrays.setAll(arrays, i -> new long[longsOfAThread]);
        double best = 0;
        try (ExecutorService pool =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("bandwidth-", 0).factory())) {
            for (int run = 0; run < RUNS; run++) {
                long begin = System.nanoTime();
                var sums =
                        IntStream.range(0, threads)
                                .mapToObj(i -> pool.submit(() -> sum(arrays[i])))
                                .toList();
                long sum = 0;
                for (Future<Long> part : sums) {
                    sum += part.get();
                }
                Timing.sink = sum;
                double seconds = (System.nanoTime() - begin) / 1e9;
                best = Math.max(best, threads * (double) longsOfAThread * Long.BYTES / seconds);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug);
        }
        return best;
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }
}
