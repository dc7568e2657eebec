package io.clientele.ingestion.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImportConfigTest {
    @Test
    void hasADefaultForEverything() {
        assertThat(config(Map.of()).eventsPerSecond()).isEqualTo(4_000);
    }

    @Test
    void takesEverythingFromTheEnvironment() {
        assertThat(config(Map.of("ingestion.importing.events-per-second", "7")).eventsPerSecond())
                .isEqualTo(7);
    }

    private static ImportConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(ImportConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(ImportConfig.class);
    }
}
