package io.clientele.segmentation.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.common.problem.RequestException;
import org.junit.jupiter.api.Test;

class FeedPositionTest {
    @Test
    void readsWhatItWrote() {
        var position = FeedPosition.beginning(3).after(1, 41).after(2, 7);
        assertThat(position.offsets()).containsExactly(0L, 42L, 8L);
        assertThat(FeedPosition.parse(position.text(), 3)).isEqualTo(position);
        assertThat(position.text()).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void beginsWithTheOldestWithoutAPosition() {
        assertThat(FeedPosition.parse(null, 2).offsets()).containsExactly(0L, 0L);
    }

    @Test
    void refusesWhatNoFeedGave() {
        assertThatThrownBy(() -> FeedPosition.parse("x", 2)).isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> FeedPosition.parse(FeedPosition.beginning(3).text(), 2))
                .isInstanceOf(RequestException.class);
    }
}
