package io.clientele.campaignresponse.status;

import io.clientele.campaignresponse.outbox.OutboxRepository;
import io.clientele.campaignresponse.stream.FreshnessService;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.TreeMap;

/** Tells how far this service is. Thread-safe. */
@ApplicationScoped
class StatusService {
    private final FreshnessService freshness;
    private final OutboxRepository outbox;
    private final ProgramTransactions transactions;
    private final Clock clock;

    @Inject
    StatusService(
            FreshnessService freshness,
            OutboxRepository outbox,
            ProgramTransactions transactions,
            Clock clock) {
        this.freshness = freshness;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** How this service is now. */
    StatusView status(ProgramId program) {
        var now = freshness.now();
        var lag = new TreeMap<>(now.lag());
        lag.put("outbox", transactions.call(program.value(), () -> outbox.size(program)));
        return new StatusView(
                new StatusView.Freshness(
                        now.asOf(), Duration.between(now.asOf(), clock.instant()).toMillis()),
                lag);
    }
}
