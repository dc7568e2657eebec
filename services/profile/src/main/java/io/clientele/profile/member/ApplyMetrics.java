package io.clientele.profile.member;

import io.clientele.contracts.ProgramId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of events since this process started. A batch that is tried again counts again; exact
 * figures come from the store.
 */
@ApplicationScoped
public class ApplyMetrics {
    private final Counter applied;
    private final Counter duplicates;
    private final Counter aside;
    private final Map<Refusal.Reason, Counter> refused = new EnumMap<>(Refusal.Reason.class);
    private final Map<ProgramId, Figures> programs = new ConcurrentHashMap<>();

    @Inject
    ApplyMetrics(MeterRegistry registry) {
        applied =
                Counter.builder("profile.events.applied")
                        .description("Events applied to their members")
                        .register(registry);
        duplicates =
                Counter.builder("profile.events.duplicate")
                        .description("Events that came again, without effect")
                        .register(registry);
        aside =
                Counter.builder("profile.attributes.aside")
                        .description("Values of attributes that the program does not know")
                        .register(registry);
        for (var reason : Refusal.Reason.values()) {
            refused.put(
                    reason,
                    Counter.builder("profile.events.refused")
                            .description("Events that went to the dead letters")
                            .tag("reason", reason.code())
                            .register(registry));
        }
    }

    /** One program's figures since this process started. */
    public static final class Figures {
        private final LongAdder applied = new LongAdder();
        private final LongAdder duplicates = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder aside = new LongAdder();

        /** Events applied. */
        public long applied() {
            return applied.sum();
        }

        /** Events that came again. */
        public long duplicates() {
            return duplicates.sum();
        }

        /** Events that went to the dead letters. */
        public long refused() {
            return refused.sum();
        }

        /** Values of unknown attributes. */
        public long aside() {
            return aside.sum();
        }
    }

    void count(Incoming incoming) {
        var event = incoming.event();
        var figures =
                event == null
                        ? new Figures()
                        : programs.computeIfAbsent(event.program(), unused -> new Figures());
        var refusal = incoming.refusal();
        var stored = incoming.stored();
        if (refusal != null) {
            var counter = refused.get(refusal.reason());
            if (counter != null) {
                counter.increment();
            }
            figures.refused.increment();
        } else if (incoming.isDuplicate()) {
            duplicates.increment();
            figures.duplicates.increment();
        } else if (stored != null) {
            applied.increment();
            figures.applied.increment();
            long unknown =
                    stored.declared().stream()
                            .filter(it -> it.scope() == Declared.Scope.ASIDE)
                            .count();
            if (unknown > 0) {
                aside.increment(unknown);
                figures.aside.add(unknown);
            }
        }
    }

    /** The figures of a program. */
    public Figures of(ProgramId program) {
        return programs.getOrDefault(program, new Figures());
    }
}
