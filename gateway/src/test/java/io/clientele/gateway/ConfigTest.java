package io.clientele.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.gateway.limit.RatesConfig;
import io.clientele.gateway.openapi.OpenApiConfig;
import io.clientele.gateway.proxy.ProxyConfig;
import io.clientele.gateway.route.ServicesConfig;
import io.clientele.gateway.status.StatusConfig;
import io.clientele.gateway.web.SignInConfig;
import io.clientele.gateway.web.WebConfig;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
    @Test
    void defaults() {
        var config = config(Map.of());

        var proxy = config.getConfigMapping(ProxyConfig.class);
        assertThat(proxy.bodyLimit().asLongValue()).isEqualTo(5 * 1024 * 1024);
        assertThat(proxy.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(proxy.answerTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(proxy.streamTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(proxy.connections()).isEqualTo(256);
        assertThat(proxy.retryAfter()).isEqualTo(Duration.ofSeconds(2));
        var rates = config.getConfigMapping(RatesConfig.class);
        assertThat(rates.enabled()).isTrue();
        assertThat(rates.clientPerSecond()).isEqualTo(500);
        assertThat(rates.clientBurst()).isEqualTo(1000);
        assertThat(rates.programPerSecond()).isEqualTo(2000);
        assertThat(rates.programBurst()).isEqualTo(4000);
        var web = config.getConfigMapping(WebConfig.class);
        assertThat(web.tlsBefore()).isFalse();
        assertThat(web.openMetrics()).isFalse();
        assertThat(web.accessLog()).isTrue();
        var signIn = config.getConfigMapping(SignInConfig.class);
        assertThat(signIn.address()).isEmpty();
        assertThat(signIn.client()).isEqualTo("console");
        var openApi = config.getConfigMapping(OpenApiConfig.class);
        assertThat(openApi.keptFor()).isEqualTo(Duration.ofSeconds(60));
        assertThat(openApi.keptIncompleteFor()).isEqualTo(Duration.ofSeconds(5));
        assertThat(openApi.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.getConfigMapping(StatusConfig.class).timeout())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(config.getConfigMapping(ServicesConfig.class).addresses()).isEmpty();
    }

    @Test
    void everyKeyCanBeSet() {
        var config =
                config(
                        Map.ofEntries(
                                Map.entry("clientele.proxy.body-limit", "1K"),
                                Map.entry("clientele.proxy.connect-timeout", "1s"),
                                Map.entry("clientele.proxy.answer-timeout", "2s"),
                                Map.entry("clientele.proxy.stream-timeout", "3s"),
                                Map.entry("clientele.proxy.connections", "4"),
                                Map.entry("clientele.proxy.retry-after", "5s"),
                                Map.entry("clientele.rates.enabled", "false"),
                                Map.entry("clientele.rates.client-per-second", "6"),
                                Map.entry("clientele.rates.client-burst", "7"),
                                Map.entry("clientele.rates.program-per-second", "8"),
                                Map.entry("clientele.rates.program-burst", "9"),
                                Map.entry("clientele.web.tls-before", "true"),
                                Map.entry("clientele.web.open-metrics", "true"),
                                Map.entry("clientele.web.access-log", "false"),
                                Map.entry(
                                        "clientele.sign-in.address",
                                        "https://id.example.org/realms/a"),
                                Map.entry("clientele.sign-in.client", "pages"),
                                Map.entry("clientele.openapi.kept-for", "10s"),
                                Map.entry("clientele.openapi.kept-incomplete-for", "11s"),
                                Map.entry("clientele.openapi.timeout", "12s"),
                                Map.entry("clientele.status.timeout", "13s"),
                                Map.entry("clientele.services.ingestion", "http://a:1")));

        var proxy = config.getConfigMapping(ProxyConfig.class);
        assertThat(proxy.bodyLimit().asLongValue()).isEqualTo(1024);
        assertThat(proxy.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(proxy.answerTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(proxy.streamTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(proxy.connections()).isEqualTo(4);
        assertThat(proxy.retryAfter()).isEqualTo(Duration.ofSeconds(5));
        var rates = config.getConfigMapping(RatesConfig.class);
        assertThat(rates.enabled()).isFalse();
        assertThat(rates.clientPerSecond()).isEqualTo(6);
        assertThat(rates.clientBurst()).isEqualTo(7);
        assertThat(rates.programPerSecond()).isEqualTo(8);
        assertThat(rates.programBurst()).isEqualTo(9);
        var web = config.getConfigMapping(WebConfig.class);
        assertThat(web.tlsBefore()).isTrue();
        assertThat(web.openMetrics()).isTrue();
        assertThat(web.accessLog()).isFalse();
        var signIn = config.getConfigMapping(SignInConfig.class);
        assertThat(signIn.address()).contains(URI.create("https://id.example.org/realms/a"));
        assertThat(signIn.client()).isEqualTo("pages");
        var openApi = config.getConfigMapping(OpenApiConfig.class);
        assertThat(openApi.keptFor()).isEqualTo(Duration.ofSeconds(10));
        assertThat(openApi.keptIncompleteFor()).isEqualTo(Duration.ofSeconds(11));
        assertThat(openApi.timeout()).isEqualTo(Duration.ofSeconds(12));
        assertThat(config.getConfigMapping(StatusConfig.class).timeout())
                .isEqualTo(Duration.ofSeconds(13));
        assertThat(config.getConfigMapping(ServicesConfig.class).addresses())
                .isEqualTo(Map.of("ingestion", URI.create("http://a:1")));
    }

    private static SmallRyeConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withConverter(
                        io.quarkus.runtime.configuration.MemorySize.class,
                        200,
                        new MemorySizeConverter())
                .withMapping(ProxyConfig.class)
                .withMapping(RatesConfig.class)
                .withMapping(WebConfig.class)
                .withMapping(SignInConfig.class)
                .withMapping(OpenApiConfig.class)
                .withMapping(StatusConfig.class)
                .withMapping(ServicesConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
    }
}
