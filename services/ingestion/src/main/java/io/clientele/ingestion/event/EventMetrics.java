package io.clientele.ingestion.event;

import io.clientele.contracts.ProgramId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts of events. Thread-safe. */
@ApplicationScoped
public class EventMetrics {
    private final Counter accepted;
    private final Counter rejected;
    private final Map<ProgramId, Figures> programs = new ConcurrentHashMap<>();

    @Inject
    EventMetrics(MeterRegistry registry) {
        accepted =
                Counter.builder("ingestion.events.accepted")
                        .description("Events that Kafka acknowledged")
                        .register(registry);
        rejected =
                Counter.builder("ingestion.events.rejected")
                        .description("Events that were not valid")
                        .register(registry);
    }

    /** One program's figures since this process started. */
    public static final class Figures {
        private final LongAdder accepted = new LongAdder();
        private final LongAdder rejected = new LongAdder();

        /** Events that Kafka acknowledged. */
        public long accepted() {
            return accepted.sum();
        }

        /** Events that were not valid. */
        public long rejected() {
            return rejected.sum();
        }
    }

    void count(ProgramId program, long acceptedCount, long rejectedCount) {
        var figures = programs.computeIfAbsent(program, unused -> new Figures());
        figures.accepted.add(acceptedCount);
        figures.rejected.add(rejectedCount);
        accepted.increment(acceptedCount);
        rejected.increment(rejectedCount);
    }

    /** The figures of a program. */
    public Figures of(ProgramId program) {
        return programs.getOrDefault(program, new Figures());
    }
}
