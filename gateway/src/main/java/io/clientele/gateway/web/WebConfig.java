package io.clientele.gateway.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the gateway shows itself to browsers and operators. */
@ConfigMapping(prefix = "clientele.web")
public interface WebConfig {
    /**
     * True: something before the gateway ends TLS, so browsers are told to come by TLS only, as
     * they are anyway where the gateway itself speaks TLS.
     */
    @WithDefault("false")
    boolean tlsBefore();

    /** True: {@code /q/metrics} answers everyone, not only callers on this machine. */
    @WithDefault("false")
    boolean openMetrics();

    /** True: one line in the log for each request. */
    @WithDefault("true")
    boolean accessLog();
}
