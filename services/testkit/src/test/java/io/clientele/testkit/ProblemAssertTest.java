package io.clientele.testkit;

import static io.clientele.testkit.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProblemAssertTest {
    private static final String BODY =
            """
            {"status": 422, "code": "segment.invalid", "detail": "unknown attribute contry",
             "errors": [{"pointer": "/condition/all/0/attribute", "detail": "…"}]}\
            """;

    @Test
    void acceptsWhatTheProblemSays() {
        assertThatProblem(BODY)
                .hasStatus(422)
                .hasCode("segment.invalid")
                .hasDetail("contry")
                .hasErrorsAt("/condition/all/0/attribute");
    }

    @Test
    void refusesEverythingElse() {
        assertThatThrownBy(() -> assertThatProblem(BODY).hasStatus(400))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThatProblem(BODY).hasCode("other"))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThatProblem(BODY).hasErrorsAt("/other"))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThatProblem("<html>")).isInstanceOf(AssertionError.class);
    }
}
