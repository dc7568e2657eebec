package io.clientele.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.engine.Conditions;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.Shard;
import io.clientele.engine.ValueType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
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
 * What does one event cost, with its leaves and those it drives out of their windows? The baseline
 * is the same with no segment at all: what it costs to keep the event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 3,
        jvmArgs = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ApplyEventBenchmark {
    private static final int MEMBERS = 50_000;
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    /** How many segments of one leaf each depend on a purchase. */
    @Param({"0", "40"})
    public int leaves;

    private long told;
    private final SplittableRandom random = new SplittableRandom(1);
    private final ProgramModel model =
            ProgramModel.builder(ZoneOffset.UTC)
                    .eventType(
                            "purchase",
                            new ProgramModel.EventType(
                                    Map.of(
                                            "amount",
                                            new ProgramModel.Property(ValueType.NUMBER, true),
                                            "category",
                                            new ProgramModel.Property(ValueType.STRING, true)),
                                    Map.of()))
                    .build();
    private final Shard shard = new Shard(model, (segment, member, entered, at, cause) -> told++);
    private final Shard.Appender appender = shard.appender("purchase");
    private final int amount = appender.property("amount");
    private final int category = appender.property("category");
    private final String[] categories = new String[20];
    private long clock = START;

    /** Adds members, segments, and as many events as their windows hold. */
    @Setup
    public void load() throws JsonProcessingException {
        for (int i = 0; i < categories.length; i++) {
            categories[i] = "c" + i;
        }
        for (int i = 0; i < MEMBERS; i++) {
            shard.member("m" + i);
        }
        shard.advanceTo(Instant.ofEpochMilli(clock));
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < leaves; i++) {
            String within = ",\"within\":{\"last\":\"PT" + (10 + i) + "M\"}";
            String leaf =
                    switch (i % 4) {
                        case 0 -> "{\"event\":\"purchase\"" + within + ",\"atLeast\":2}";
                        case 1 ->
                                "{\"event\":\"purchase\""
                                        + within
                                        + ",\"measure\":{\"sum\":\"amount\"},\"atLeast\":100}";
                        case 2 ->
                                "{\"event\":\"purchase\""
                                        + within
                                        + ",\"measure\":{\"average\":\"amount\"},\"greaterThan\":50}";
                        default ->
                                "{\"event\":\"purchase\",\"where\":{\"property\":\"category\",\"equals\":\"c"
                                        + i % categories.length
                                        + "\"}"
                                        + within
                                        + "}";
                    };
            shard.define("s" + i, Conditions.read(mapper.readTree(leaf), model));
        }
        for (int i = 0; i < 500_000; i++) {
            event();
        }
    }

    /** One event, and as many that leave each window. */
    @Benchmark
    public long event() {
        clock += 10;
        shard.advanceTo(Instant.ofEpochMilli(clock));
        appender.event(random.nextInt(MEMBERS), clock);
        appender.number(amount, random.nextInt(10_000) * 10_000L);
        appender.text(category, categories[random.nextInt(categories.length)]);
        appender.add();
        return told;
    }
}
