package io.clientele.benchmarks;

import io.clientele.engine.internal.bitmap.Bits;
import io.clientele.engine.internal.bitmap.ValueIndex;
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
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/**
 * What does it cost to count the members of a block that have one of several codes? The baseline is
 * RoaringBitmap's own union of a bitmap a code.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 3,
        jvmArgs = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IndexUnionBenchmark {
    private static final int MEMBERS = 65_536;

    /** How many different codes there are: few members each, or many. */
    @Param({"8", "200"})
    public int codes;

    /** How many of them are wanted. */
    @Param({"1", "4"})
    public int wanted;

    private final ValueIndex index = new ValueIndex();
    private final long[] bits = new long[Bits.words(MEMBERS)];
    private final long[] room = new long[1_024];
    private RoaringBitmap[] bitmaps = {};

    /** Gives each member a code. */
    @Setup
    public void load() {
        SplittableRandom random = new SplittableRandom(1);
        RoaringBitmap[] all = new RoaringBitmap[codes + 1];
        for (int code = 0; code <= codes; code++) {
            all[code] = new RoaringBitmap();
        }
        for (int member = 0; member < MEMBERS; member++) {
            int code = 1 + random.nextInt(codes);
            index.add(code, member, 1);
            all[code].add(member);
        }
        bitmaps = new RoaringBitmap[wanted];
        System.arraycopy(all, 1, bitmaps, 0, wanted);
    }

    /** The engine's. */
    @Benchmark
    public int index() {
        Bits.clear(bits, 0, bits.length);
        for (int code = 1; code <= wanted; code++) {
            index.or(code, bits, room);
        }
        return Bits.count(bits, bits.length);
    }

    /** RoaringBitmap's. */
    @Benchmark
    public int roaring() {
        return FastAggregation.or(bitmaps).getCardinality();
    }
}
