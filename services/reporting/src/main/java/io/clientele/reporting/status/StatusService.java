package io.clientele.reporting.status;

import io.clientele.reporting.fact.FactConsumer;
import io.clientele.reporting.position.PositionRepository;
import io.clientele.reporting.status.StatusView.Freshness;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Tells how fresh figures are. Thread-safe. */
@ApplicationScoped
class StatusService {
    private final FactConsumer facts;
    private final PositionRepository positions;
    private final Clock clock;

    @Inject
    StatusService(FactConsumer facts, PositionRepository positions, Clock clock) {
        this.facts = facts;
        this.positions = positions;
        this.clock = clock;
    }

    /** How this service is now. */
    StatusView status() {
        var asOf = QuarkusTransaction.requiringNew().call(positions::asOf);
        return new StatusView(
                asOf.map(at -> new Freshness(at, Duration.between(at, clock.instant()).toMillis()))
                        .orElseGet(() -> new Freshness(null, null)),
                facts.lag(),
                Map.of("dead-letters", facts.refused()));
    }
}
