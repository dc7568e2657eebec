package io.clientele.reporting.status;

import io.clientele.reporting.fact.FactConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when facts are being written. */
@Readiness
@ApplicationScoped
class ReportingHealth implements HealthCheck {
    private final FactConsumer facts;

    @Inject
    ReportingHealth(FactConsumer facts) {
        this.facts = facts;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("reporting").status(facts.isHealthy()).build();
    }
}
