package io.clientele.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveSegmentsTest {
    private final World world = World.create(1, World.DEFAULT_AT, 10, 20);
    private final LiveSegments segments = new LiveSegments(world, world.model());

    @Test
    void haveTwoHundredLeavesOfWhichFortyDependOnAPurchase() {
        assertThat(segments.onPurchases()).hasSize(40).doesNotHaveDuplicates();
        assertThat(segments.onAttributes()).hasSize(160).doesNotHaveDuplicates();
    }

    @Test
    void areTenOrAThousand() {
        assertThat(segments.few()).hasSize(10);
        assertThat(segments.overAllLeaves()).hasSize(1_000);
        assertThat(segments.fewAmongUntouched()).hasSize(1_000).containsAll(segments.few());
        assertThat(segments.overSharedLeaves()).hasSize(1_000).containsAll(segments.few());
    }
}
