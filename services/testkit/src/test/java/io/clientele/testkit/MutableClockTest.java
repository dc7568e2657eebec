package io.clientele.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class MutableClockTest {
    @Test
    void standsStillUntilMoved() {
        MutableClock clock = MutableClock.at("2026-11-01T00:00:00Z");
        Clock bangkok = clock.withZone(ZoneId.of("Asia/Bangkok"));

        clock.advance(Duration.ofHours(5));

        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-01T05:00:00Z"));
        assertThat(bangkok.instant()).isEqualTo(clock.instant());
        assertThat(bangkok.getZone()).isEqualTo(ZoneId.of("Asia/Bangkok"));
    }
}
