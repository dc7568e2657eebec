package io.clientele.gateway.proxy;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/** Bounds of what passes through. */
@ConfigMapping(prefix = "clientele.proxy")
public interface ProxyConfig {
    /** Largest body of a route whose body is not streamed. */
    @WithDefault("5M")
    MemorySize bodyLimit();

    /** How long a connection to a service may take, waiting for a free one included. */
    @WithDefault("3s")
    Duration connectTimeout();

    /** How long an exchange may stand still: no byte either way, before or within the answer. */
    @WithDefault("30s")
    Duration answerTimeout();

    /** The same for routes whose body is streamed. Streamed answers may stand still for ever. */
    @WithDefault("5m")
    Duration streamTimeout();

    /** Most connections to one service at a time; each feed holds one. */
    @WithDefault("256")
    @Positive
    int connections();

    /** What {@code Retry-After} says when a service is away. */
    @WithDefault("2s")
    Duration retryAfter();
}
