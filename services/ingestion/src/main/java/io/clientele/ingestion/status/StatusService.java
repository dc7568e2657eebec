package io.clientele.ingestion.status;

import io.clientele.contracts.ProgramId;
import io.clientele.ingestion.event.EventMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Puts the figures together. */
@ApplicationScoped
class StatusService {
    private final EventMetrics metrics;

    @Inject
    StatusService(EventMetrics metrics) {
        this.metrics = metrics;
    }

    IngestionStatus of(ProgramId program) {
        var figures = metrics.of(program);
        return new IngestionStatus(
                new IngestionStatus.Rejects(figures.accepted(), figures.rejected()));
    }
}
