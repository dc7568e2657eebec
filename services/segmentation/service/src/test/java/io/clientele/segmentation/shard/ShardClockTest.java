package io.clientele.segmentation.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShardClockTest {
    private final ShardClock clock = new ShardClock();

    @Test
    void holdsAtTheLatestInstantHeardOfWhileBehind() {
        clock.hear(7_000, 100_000);
        clock.hear(6_000, 100_000);
        assertThat(clock.advance(100_000)).isTrue();
        assertThat(clock.now()).isEqualTo(7_000);
        assertThat(clock.advance(200_000)).isFalse();
        assertThat(clock.now()).isEqualTo(7_000);
    }

    @Test
    void runsBehindTheWallWhileTheWatermarkIsYounger() {
        clock.watermark(99_000, 100_000);
        clock.advance(100_000);
        assertThat(clock.now()).isEqualTo(99_750);
        clock.advance(103_999);
        assertThat(clock.now()).isEqualTo(103_749);
        assertThat(clock.advance(104_000)).isFalse();
        assertThat(clock.now()).isEqualTo(103_749);
    }

    @Test
    void neverGoesBack() {
        clock.watermark(99_999, 100_000);
        clock.advance(100_000);
        assertThat(clock.advance(50_000)).isFalse();
        assertThat(clock.now()).isEqualTo(99_750);
    }

    @Test
    void doesNotBelieveAnInstantThatIsStillToCome() {
        clock.hear(500_000, 100_000);
        clock.advance(100_000);
        assertThat(clock.now()).isEqualTo(100_000);
    }

    @Test
    void holdsAfterARestartUntilItHearsFromNow() {
        clock.watermark(99_900, 100_000);
        clock.advance(100_000);
        var restarted = new ShardClock();
        restarted.restore(clock.encode());
        assertThat(restarted.now()).isEqualTo(99_750);
        restarted.advance(101_000);
        assertThat(restarted.isFresh(101_000)).isFalse();
        assertThat(restarted.now()).isEqualTo(99_900);
        restarted.watermark(100_500, 101_000);
        restarted.advance(101_000);
        assertThat(restarted.now()).isEqualTo(100_750);
    }
}
