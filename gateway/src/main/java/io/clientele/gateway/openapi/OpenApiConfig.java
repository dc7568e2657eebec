package io.clientele.gateway.openapi;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The merged description of the API. */
@ConfigMapping(prefix = "clientele.openapi")
public interface OpenApiConfig {
    /** For how long a merged document is served again before the services are asked. */
    @WithDefault("60s")
    Duration keptFor();

    /** The same for a document that lacks the part of a service that was away. */
    @WithDefault("5s")
    Duration keptIncompleteFor();

    /** How long a service may take; then its part of last time is used, or the table's line. */
    @WithDefault("5s")
    Duration timeout();
}
