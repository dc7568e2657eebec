package io.clientele.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void doublesUpToFiveSecondsAndStartsOverWhenReset() {
        var backoff = Backoff.standard();
        assertThat(Stream.generate(backoff::advance).limit(8).map(Duration::toMillis))
                .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
        backoff.reset();
        assertThat(backoff.advance()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void endsAPauseEarlyWhenCancelled() {
        assertThat(Backoff.standard().sleep(() -> true)).isFalse();
    }
}
