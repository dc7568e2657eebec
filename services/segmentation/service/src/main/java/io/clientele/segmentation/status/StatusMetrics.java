package io.clientele.segmentation.status;

import io.clientele.segmentation.shard.ShardView;
import io.clientele.segmentation.shard.Shards;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** What operators watch. */
@ApplicationScoped
class StatusMetrics {
    private final MeterRegistry registry;
    private final StatusService status;
    private final Shards shards;

    @Inject
    StatusMetrics(MeterRegistry registry, StatusService status, Shards shards) {
        this.registry = registry;
        this.status = status;
        this.shards = shards;
    }

    void register(@Observes StartupEvent event) {
        Gauge.builder("segmentation.clock.behind", status, it -> it.behindMillis() / 1000.0)
                .baseUnit("seconds")
                .description("How far the furthest partition's clock is behind the wall clock")
                .register(registry);
        Gauge.builder("segmentation.partitions.running", shards, it -> it.running().size())
                .description("Partitions that are active here")
                .register(registry);
        Gauge.builder(
                        "segmentation.segments.quarantined",
                        shards,
                        it ->
                                it.running().stream()
                                        .mapToLong(ShardView::quarantined)
                                        .max()
                                        .orElse(0))
                .description("Segments that are not evaluated, as the program does not allow them")
                .register(registry);
        FunctionCounter.builder("segmentation.changes", shards, Shards::published)
                .description("Membership changes published")
                .register(registry);
        FunctionCounter.builder("segmentation.records.refused", shards, Shards::refused)
                .description("Records set aside in the dead letters")
                .register(registry);
    }
}
