package io.clientele.benchmarks;

import io.clientele.engine.internal.column.Column;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.exec.EventScan;
import io.clientele.engine.internal.exec.Totals;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to count the events of a window for each member of a block? The baseline is a
 * loop over plain arrays that looks at every event's instant.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 3,
        jvmArgs = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WindowedCountBenchmark {
    private static final int MEMBERS = 65_536;
    private static final int EVENTS = 1_000_000;
    private static final int GOAL = 3;

    /** Percent of the events that are in the window. */
    @Param({"5", "50", "100"})
    public int percent;

    private final EventLog log = new EventLog(() -> new Column[0]);
    private final int[] members = new int[EVENTS];
    private final long[] instants = new long[EVENTS];
    private final int[] counts = new int[MEMBERS];
    private final EventScan scan = new EventScan();
    private final Totals.Count totals = new Totals.Count(GOAL);
    private long first;

    /** Adds the events in order of time. */
    @Setup
    public void load() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < EVENTS; i++) {
            members[i] = random.nextInt(MEMBERS);
            instants[i] = i * 60L;
            log.insert(members[i], instants[i], 1);
        }
        first = instants[EVENTS - 1] - EVENTS / 100L * percent * 60L;
    }

    /** The engine's. */
    @Benchmark
    public long[] scan() {
        totals.reset(MEMBERS);
        scan.run(log, null, first, Long.MAX_VALUE, EventScan.NO_PROPERTY, false, totals);
        return totals.bits();
    }

    /** What anybody would write. */
    @Benchmark
    public int[] baseline() {
        Arrays.fill(counts, 0);
        for (int i = 0; i < EVENTS; i++) {
            if (instants[i] >= first) {
                counts[members[i]]++;
            }
        }
        return counts;
    }
}
