package io.clientele.ingestion.messaging;

import io.clientele.common.kafka.KafkaSettings;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready only while Kafka answers: asks at most once in two seconds, waits at most one. */
@Readiness
@ApplicationScoped
class KafkaHealth implements HealthCheck {
    private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

    private final Admin admin;
    private boolean up;
    private long askedAt = System.nanoTime() - FRESH_NANOS;

    @Inject
    KafkaHealth(KafkaSettings settings) {
        this.admin = settings.admin();
    }

    @Override
    public synchronized HealthCheckResponse call() {
        if (System.nanoTime() - askedAt >= FRESH_NANOS) {
            up = ask();
            askedAt = System.nanoTime();
        }
        return HealthCheckResponse.named("kafka").status(up).build();
    }

    private boolean ask() {
        try {
            var nodes =
                    admin.describeCluster(new DescribeClusterOptions().timeoutMs(1000))
                            .nodes()
                            .get(1, TimeUnit.SECONDS);
            return !nodes.isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @PreDestroy
    void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
