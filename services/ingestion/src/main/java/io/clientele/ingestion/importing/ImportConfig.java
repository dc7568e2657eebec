package io.clientele.ingestion.importing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How imports run. */
@ConfigMapping(prefix = "ingestion.importing")
public interface ImportConfig {
    /**
     * Events that all imports of this process send in a second, at most. More fills the way behind
     * ingestion, on which live events travel too, and makes those late.
     */
    @WithDefault("4000")
    int eventsPerSecond();
}
