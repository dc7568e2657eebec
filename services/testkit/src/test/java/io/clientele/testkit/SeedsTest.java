package io.clientele.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SeedsTest {
    private @Nullable String before;

    @BeforeEach
    void remember() {
        before = System.clearProperty("test.seed");
    }

    @AfterEach
    void restore() {
        if (before != null) {
            System.setProperty("test.seed", before);
        } else {
            System.clearProperty("test.seed");
        }
    }

    @Test
    void everyCaseHasItsOwnSeedThatStaysInOneRun() {
        assertThat(Seeds.of(1)).isEqualTo(Seeds.of(1)).isNotEqualTo(Seeds.of(2)).isNotNegative();
    }

    @Test
    void aFixedSeedReplaysEveryCase() {
        System.setProperty("test.seed", "4711");

        assertThat(Seeds.of(1)).isEqualTo(4711);
        assertThat(Seeds.of(2)).isEqualTo(4711);
        assertThat(Seeds.describe(Seeds.of(3)))
                .isEqualTo("seed 4711 (replay with -Dtest.seed=4711)");
    }
}
