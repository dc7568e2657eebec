package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff();

    @Test
    void startsAgainAtOnceThenEverMoreSlowly() {
        assertThat(pauses(5))
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4));
    }

    @Test
    void neverWaitsLongerThanTheLimit() {
        assertThat(pauses(40)[39]).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void forgetsQuickEndsAfterASteadyLife() {
        pauses(6);

        assertThat(backoff.after(Backoff.STEADY)).isEqualTo(Duration.ZERO);
        assertThat(backoff.quickEnds()).isEqualTo(1);
    }

    private Duration[] pauses(int count) {
        Duration[] pauses = new Duration[count];
        for (int index = 0; index < count; index++) {
            pauses[index] = backoff.after(Duration.ofSeconds(1));
        }
        return pauses;
    }
}
