package io.clientele.segmentation.status;

import io.clientele.segmentation.membership.MembershipHistoryConsumer;
import io.clientele.segmentation.shard.ShardStreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when every partition's members can be read and history is being written. */
@Readiness
@ApplicationScoped
class SegmentationHealth implements HealthCheck {
    private final ShardStreams streams;
    private final MembershipHistoryConsumer history;

    @Inject
    SegmentationHealth(ShardStreams streams, MembershipHistoryConsumer history) {
        this.streams = streams;
        this.history = history;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("segmentation")
                .withData("streams", streams.state())
                .withData("history", history.isHealthy())
                .status(streams.isReady() && history.isHealthy())
                .build();
    }
}
