package io.clientele.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import org.junit.jupiter.api.Test;

class EntityTagsTest {
    @Test
    void acceptsThePresentTagAndTheStar() {
        assertThatCode(() -> EntityTags.check("\"v3\"", 3)).doesNotThrowAnyException();
        assertThatCode(() -> EntityTags.check("*", 3)).doesNotThrowAnyException();
    }

    @Test
    void refusesAnEditWithoutATag() {
        assertThatThrownBy(() -> EntityTags.check(null, 3))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e -> assertThat(e.code()).isEqualTo(CommonError.IF_MATCH_MISSING));
    }

    @Test
    void refusesAnEditOfAnOlderState() {
        assertThatThrownBy(() -> EntityTags.check("\"v2\"", 3))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e -> assertThat(e.code()).isEqualTo(CommonError.IF_MATCH_STALE))
                .hasMessage("The present ETag is \"v3\", If-Match was \"v2\".");
    }
}
