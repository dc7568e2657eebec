package io.clientele.reporting.live;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** What operators watch of live streams. */
@ApplicationScoped
class LiveMetrics {
    private final MeterRegistry registry;
    private final LiveService live;

    @Inject
    LiveMetrics(MeterRegistry registry, LiveService live) {
        this.registry = registry;
        this.live = live;
    }

    void register(@Observes StartupEvent event) {
        Gauge.builder("reporting.live.streams", live, LiveService::streams)
                .description("Live streams open now")
                .register(registry);
    }
}
