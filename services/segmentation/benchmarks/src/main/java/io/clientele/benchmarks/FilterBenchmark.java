package io.clientele.benchmarks;

import io.clientele.engine.internal.column.CodeColumn;
import io.clientele.engine.internal.column.Column;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.exec.RowFilter;
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
 * What is gained by choosing rows eight bytes at a time? The baseline asks the same filter row by
 * row. Five wanted codes are more than the kernel takes, and go by a table.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 3,
        jvmArgs = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterBenchmark {
    private static final int ROWS = 65_000;

    /** How many different codes there are: one or two bytes each. */
    @Param({"40", "3000"})
    public int codes;

    /** How many of them are wanted. */
    @Param({"1", "2", "4", "5"})
    public int wanted;

    private final EventLog log = new EventLog(() -> new Column[] {new CodeColumn()});
    private final char[] selected = new char[EventChunk.CAPACITY];
    private RowFilter filter = RowFilter.codes(0, new boolean[1]);

    /** Adds the rows. */
    @Setup
    public void load() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ROWS; i++) {
            log.insert(i, i, 1);
            log.set(0, 1 + random.nextInt(codes));
        }
        boolean[] passes = new boolean[codes + 1];
        for (int i = 0; i < wanted; i++) {
            passes[1 + i * codes / wanted] = true;
        }
        filter = RowFilter.codes(0, passes);
    }

    /** Many at a time. */
    @Benchmark
    public int kernel() {
        return filter.select(log.chunk(0), 0, ROWS, selected);
    }

    /** One by one. */
    @Benchmark
    public int scalar() {
        EventChunk chunk = log.chunk(0);
        int count = 0;
        for (int row = 0; row < ROWS; row++) {
            if (filter.test(chunk, row)) {
                selected[count++] = (char) row;
            }
        }
        return count;
    }
}
