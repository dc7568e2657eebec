package io.clientele.gateway.status;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The status of everything. */
@ConfigMapping(prefix = "clientele.status")
public interface StatusConfig {
    /** How long a service may take to say how it is; then it counts as down. */
    @WithDefault("2s")
    Duration timeout();
}
