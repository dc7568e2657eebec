package io.clientele.reporting.fact;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/** What operators watch of facts. */
@ApplicationScoped
class FactMetrics {
    private final Counter records;
    private final Counter unreadable;
    private final Timer writes;

    @Inject
    FactMetrics(MeterRegistry registry) {
        records =
                Counter.builder("reporting.records")
                        .description("Records whose facts were written")
                        .register(registry);
        unreadable =
                Counter.builder("reporting.records.refused")
                        .description("Records set aside in the dead letters")
                        .register(registry);
        writes =
                Timer.builder("reporting.writes")
                        .description("Batches written, and how long each took")
                        .register(registry);
    }

    void written(int count, Duration took) {
        records.increment(count);
        writes.record(took);
    }

    void refused(int count) {
        unreadable.increment(count);
    }

    /** Records set aside since this process started. */
    long refused() {
        return (long) unreadable.count();
    }
}
