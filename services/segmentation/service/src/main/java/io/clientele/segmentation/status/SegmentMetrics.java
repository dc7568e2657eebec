package io.clientele.segmentation.status;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.shard.ShardReader;
import io.clientele.segmentation.shard.ShardReader.Standing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What each segment has and takes in the partitions that are here: the sum over all instances is
 * the segment's. A new segment is there within ten seconds; values are those of the moment of
 * reading.
 */
@ApplicationScoped
class SegmentMetrics {
    private static final int REFRESH_SECONDS = 10;

    private final MeterRegistry registry;
    private final ShardReader shards;
    private final ScheduledExecutorService refreshes =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("segment-metrics").daemon().factory());

    private record Measure(MultiGauge gauge, ToDoubleFunction<Standing> value) {}

    @Inject
    SegmentMetrics(MeterRegistry registry, ShardReader shards) {
        this.registry = registry;
        this.shards = shards;
    }

    void register(@Observes StartupEvent event) {
        var measures =
                List.of(
                        measure("members", "Members in it, as published", Standing::size),
                        measure(
                                "evaluations",
                                "How often a member was judged",
                                Standing::evaluations),
                        measure(
                                "seconds",
                                "How long that took, estimated from one of 64",
                                it -> it.nanos() / 1e9),
                        measure(
                                "quarantined",
                                "1: it is not evaluated, as the program does not allow it",
                                it -> it.quarantine() == null ? 0 : 1));
        var unused =
                refreshes.scheduleWithFixedDelay(
                        () -> measures.forEach(this::refresh),
                        REFRESH_SECONDS,
                        REFRESH_SECONDS,
                        TimeUnit.SECONDS);
    }

    @PreDestroy
    void close() {
        refreshes.shutdownNow();
    }

    private Measure measure(String name, String description, ToDoubleFunction<Standing> value) {
        return new Measure(
                MultiGauge.builder("segmentation.segment." + name)
                        .description(description)
                        .register(registry),
                value);
    }

    private void refresh(Measure measure) {
        var rows = new ArrayList<Row<?>>();
        shards.segmentsHere()
                .forEach((program, segments) ->
                        segments.forEach(segment -> rows.add(row(measure, program, segment))));
        // Adds what is new and takes away what is gone.
        measure.gauge().register(rows);
    }

    private Row<?> row(Measure measure, ProgramId program, SegmentKey segment) {
        return Row.of(
                Tags.of("program", program.value(), "segment", segment.value()),
                () ->
                        shards.standingHere(program, segment)
                                .map(it -> measure.value().applyAsDouble(it))
                                .orElse(0.0));
    }
}
