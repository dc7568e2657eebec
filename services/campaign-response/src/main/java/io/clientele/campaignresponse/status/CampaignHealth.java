package io.clientele.campaignresponse.status;

import io.clientele.campaignresponse.outbox.OutboxPublisher;
import io.clientele.campaignresponse.stream.StreamConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while topics are read and the outbox is published. */
@Readiness
@ApplicationScoped
class CampaignHealth implements HealthCheck {
    private final StreamConsumer consumer;
    private final OutboxPublisher publisher;

    @Inject
    CampaignHealth(StreamConsumer consumer, OutboxPublisher publisher) {
        this.consumer = consumer;
        this.publisher = publisher;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("campaign-response")
                .withData("consumer", consumer.isHealthy())
                .withData("publisher", publisher.isHealthy())
                .status(consumer.isHealthy() && publisher.isHealthy())
                .build();
    }
}
