package io.clientele.gateway.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the platform is, as {@code GET /v1/status} answers.
 *
 * @param status {@code up} if every service is, else {@code degraded}
 * @param asOf when it was asked
 * @param services each service behind, by name
 * @param freshness by service: how old what it knows is, as it says itself
 * @param lag by service: how much waits to be read, as it says itself
 * @param rejects by service: what it refused, as it says itself
 */
record PlatformStatus(
        Health status,
        Instant asOf,
        List<ServiceStatus> services,
        Map<String, Object> freshness,
        Map<String, Object> lag,
        Map<String, Object> rejects) {
    PlatformStatus {
        services = List.copyOf(services);
        freshness = Map.copyOf(freshness);
        lag = Map.copyOf(lag);
        rejects = Map.copyOf(rejects);
    }

    /** Whether something can be used. */
    enum Health {
        /** Ready. */
        @JsonProperty("up")
        UP,
        /** Some of it is not. */
        @JsonProperty("degraded")
        DEGRADED,
        /** Runs, but a server it needs is away, or it has not caught up with its start. */
        @JsonProperty("not-ready")
        NOT_READY,
        /** Does not answer. */
        @JsonProperty("down")
        DOWN
    }

    /**
     * One service.
     *
     * @param service its name
     * @param status up, not ready or down
     * @param latencyMillis from the question to the answer; absent while down
     * @param failing the names of its readiness checks that fail
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record ServiceStatus(
            String service, Health status, @Nullable Long latencyMillis, List<String> failing) {
        ServiceStatus {
            failing = List.copyOf(failing);
        }
    }
}
