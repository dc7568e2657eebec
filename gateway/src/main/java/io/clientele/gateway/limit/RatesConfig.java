package io.clientele.gateway.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;

/**
 * Requests let through per second. Counted in this process: with n gateways a caller gets up to n
 * times as many. A request with a body of a thousand events is one request.
 */
@ConfigMapping(prefix = "clientele.rates")
public interface RatesConfig {
    /** False: no limit at all. */
    @WithDefault("true")
    boolean enabled();

    /** Requests per second that one client of a program may send in the long run. */
    @WithDefault("500")
    @Positive
    long clientPerSecond();

    /** Requests that one client may send at once after a pause. */
    @WithDefault("1000")
    @Positive
    long clientBurst();

    /** Requests per second of all clients of a program together in the long run. */
    @WithDefault("2000")
    @Positive
    long programPerSecond();

    /** Requests that all clients of a program together may send at once after a pause. */
    @WithDefault("4000")
    @Positive
    long programBurst();
}
