package io.clientele.common.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestTest {
    @Test
    void defaultsToTheFirstFifty() {
        assertThat(PageRequest.of(null, null)).isEqualTo(new PageRequest(50, null));
    }

    @Test
    void readsBackItsOwnCursor() {
        assertThat(PageRequest.of(7, PageRequest.cursorAfter("m-ä/1")))
                .isEqualTo(new PageRequest(7, "m-ä/1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1001})
    void refusesALimitOutOfBounds(int limit) {
        assertThatThrownBy(() -> PageRequest.of(limit, null))
                .isInstanceOf(RequestException.class)
                .hasMessage("limit is from 1 to 1000, was " + limit + ".");
    }

    @Test
    void refusesACursorThatNoPageGave() {
        assertThatThrownBy(() -> PageRequest.of(null, "%%"))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e -> assertThat(e.code()).isEqualTo(CommonError.CURSOR_INVALID));
    }
}
