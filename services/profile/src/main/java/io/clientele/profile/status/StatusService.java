package io.clientele.profile.status;

import io.clientele.contracts.ProgramId;
import io.clientele.profile.ProfileService;
import io.clientele.profile.member.ApplyMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Puts the figures together; asks the broker each time. */
@ApplicationScoped
class StatusService {
    private final ProfileService service;
    private final ApplyMetrics metrics;
    private final Clock clock;

    @Inject
    StatusService(ProfileService service, ApplyMetrics metrics, Clock clock) {
        this.service = service;
        this.metrics = metrics;
        this.clock = clock;
    }

    ProfileStatus of(ProgramId program) {
        var figures = metrics.of(program);
        var lag = service.lag().orElse(null);
        return new ProfileStatus(
                freshness(),
                new ProfileStatus.Lag(
                        lag == null ? null : lag.toResolve(), lag == null ? null : lag.toApply()),
                new ProfileStatus.Rejects(
                        figures.applied(),
                        figures.duplicates(),
                        figures.refused(),
                        figures.aside()));
    }

    private ProfileStatus.Freshness freshness() {
        var through =
                service.watermarks()
                        .map(it -> it.written().values())
                        .filter(it -> !it.isEmpty())
                        .flatMap(it -> it.stream().min(Instant::compareTo))
                        .orElse(null);
        return new ProfileStatus.Freshness(
                through,
                through == null ? null : Duration.between(through, clock.instant()).toMillis());
    }
}
