package io.clientele.profile.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where the store is. */
@ConfigMapping(prefix = "clientele.mongodb")
public interface StoreConfig {
    /** Connection string; credentials may stand in it. The database is {@code profile}. */
    @WithDefault("mongodb://localhost:8094")
    String url();

    /**
     * How long to look for a server, to connect, and to wait for a free connection. Longer rides
     * out longer pauses; shorter makes requests fail sooner while the store is away.
     */
    @WithDefault("5s")
    Duration connectTimeout();

    /**
     * How long to wait for one answer. Shorter than what the largest batch or the longest history
     * takes, a batch would be tried again without end.
     */
    @WithDefault("30s")
    Duration answerTimeout();
}
