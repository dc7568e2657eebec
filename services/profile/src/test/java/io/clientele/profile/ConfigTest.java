package io.clientele.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.profile.identity.IdentityConfig;
import io.clientele.profile.store.StoreConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
    private static <T> T config(Class<T> mapping, Map<String, String> keys) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(mapping)
                .withSources(new PropertiesConfigSource(keys, "test", 100))
                .build()
                .getConfigMapping(mapping);
    }

    @Test
    void hasDefaults() {
        var store = config(StoreConfig.class, Map.of());
        assertThat(store.url()).isEqualTo("mongodb://localhost:8094");
        assertThat(store.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(store.answerTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void takesEveryKey() {
        var store =
                config(
                        StoreConfig.class,
                        Map.of(
                                "clientele.mongodb.url", "mongodb://elsewhere:1",
                                "clientele.mongodb.connect-timeout", "1s",
                                "clientele.mongodb.answer-timeout", "2s"));
        assertThat(store.url()).isEqualTo("mongodb://elsewhere:1");
        assertThat(store.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(store.answerTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config(IdentityConfig.class, Map.of("clientele.identity.key", "k")).key())
                .isEqualTo("k");
    }

    @Test
    void hasNoDefaultForTheSecret() {
        assertThatThrownBy(() -> config(IdentityConfig.class, Map.of()))
                .hasMessageContaining("clientele.identity.key");
    }
}
