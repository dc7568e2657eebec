package io.clientele.campaignresponse.contact;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts of decisions. */
@ApplicationScoped
class ContactMetrics {
    private final Map<Arm, Counter> assigned = new EnumMap<>(Arm.class);
    private final Map<WithheldReason, Counter> withheld = new EnumMap<>(WithheldReason.class);

    @Inject
    ContactMetrics(MeterRegistry registry) {
        for (var arm : Arm.values()) {
            assigned.put(
                    arm,
                    Counter.builder("campaign.assignments")
                            .tag("arm", arm.key())
                            .description("Members decided for, contacted or held back to compare")
                            .register(registry));
        }
        for (var reason : WithheldReason.values()) {
            withheld.put(
                    reason,
                    Counter.builder("campaign.withheld")
                            .tag("reason", reason.key())
                            .description("Occasions on which nobody was contacted")
                            .register(registry));
        }
    }

    void assigned(Arm arm) {
        count(assigned.get(arm));
    }

    void withheld(WithheldReason reason) {
        count(withheld.get(reason));
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
