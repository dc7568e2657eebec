package io.clientele.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private final ManualTime time = new ManualTime();

    @Test
    void letsABurstThroughThenSaysHowLongToWait() {
        var limits = limits(Map.of("clientBurst", "3", "clientPerSecond", "2"));

        assertThat(limits.take("demo", "a")).isZero();
        assertThat(limits.take("demo", "a")).isZero();
        assertThat(limits.take("demo", "a")).isZero();
        assertThat(limits.take("demo", "a")).isEqualTo(Duration.ofMillis(500));
        time.advance(Duration.ofMillis(499));
        assertThat(limits.take("demo", "a")).isEqualTo(Duration.ofMillis(1));
        time.advance(Duration.ofMillis(1));
        assertThat(limits.take("demo", "a")).isZero();
    }

    @Test
    void clientsDoNotShareTheirRate() {
        var limits = limits(Map.of("clientBurst", "1", "clientPerSecond", "1"));

        assertThat(limits.take("demo", "a")).isZero();
        assertThat(limits.take("demo", "b")).isZero();
        assertThat(limits.take("other", "a")).isZero();
        assertThat(limits.take("demo", "a")).isPositive();
    }

    @Test
    void clientsOfAProgramShareItsRate() {
        var limits = limits(Map.of("programBurst", "2", "programPerSecond", "1"));

        assertThat(limits.take("demo", "a")).isZero();
        assertThat(limits.take("demo", "b")).isZero();
        assertThat(limits.take("demo", "c")).isEqualTo(Duration.ofSeconds(1));
        assertThat(limits.take("other", "a")).isZero();
    }

    @Test
    void refusedByTheProgramCostsTheClientNothing() {
        var limits =
                limits(
                        Map.of(
                                "clientBurst", "2",
                                "clientPerSecond", "1",
                                "programBurst", "1",
                                "programPerSecond", "1000"));

        assertThat(limits.take("demo", "a")).isZero();
        assertThat(limits.take("demo", "a")).isEqualTo(Duration.ofMillis(1));
        time.advance(Duration.ofMillis(1));
        assertThat(limits.take("demo", "a")).isZero();
    }

    @Test
    void switchedOffLetsEverythingThrough() {
        var limits = limits(Map.of("enabled", "false", "clientBurst", "1"));

        assertThat(limits.take("demo", "a")).isZero();
        assertThat(limits.take("demo", "a")).isZero();
    }

    private RateLimits limits(Map<String, String> values) {
        var config =
                new SmallRyeConfigBuilder()
                        .withMapping(RatesConfig.class)
                        .withSources(new PropertiesConfigSource(prefixed(values), "test", 100))
                        .build()
                        .getConfigMapping(RatesConfig.class);
        return new RateLimits(config, time);
    }

    private static Map<String, String> prefixed(Map<String, String> values) {
        var result = new HashMap<String, String>();
        values.forEach((name, value) ->
                result.put(
                        "clientele.rates."
                                + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
                        value));
        return result;
    }

    private static final class ManualTime implements TimeMeter {
        private long nanos = 1;

        void advance(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
