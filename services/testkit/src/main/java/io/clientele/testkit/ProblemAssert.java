package io.clientele.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions on a body of {@code application/problem+json}. */
public final class ProblemAssert extends AbstractAssert<ProblemAssert, JsonNode> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ProblemAssert(JsonNode body) {
        super(body, ProblemAssert.class);
        as("problem %s", body);
    }

    /** Reads the body; fails if it is no JSON object. */
    public static ProblemAssert assertThatProblem(String body) {
        try {
            JsonNode node = JSON.readTree(body);
            Assertions.assertThat(node.isObject()).as("a JSON object: %s", body).isTrue();
            return new ProblemAssert(node);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("a problem must be JSON, was: " + body, notJson);
        }
    }

    public ProblemAssert hasStatus(int status) {
        Assertions.assertThat(actual.path("status").asInt())
                .as("status of %s", actual)
                .isEqualTo(status);
        return this;
    }

    public ProblemAssert hasCode(String code) {
        Assertions.assertThat(actual.path("code").asText())
                .as("code of %s", actual)
                .isEqualTo(code);
        return this;
    }

    public ProblemAssert hasDetail(String part) {
        Assertions.assertThat(actual.path("detail").asText())
                .as("detail of %s", actual)
                .contains(part);
        return this;
    }

    /** Exactly these places have errors, in any order. */
    public ProblemAssert hasErrorsAt(String... pointers) {
        List<String> found = new ArrayList<>();
        actual.path("errors").forEach(error -> found.add(error.path("pointer").asText()));
        Assertions.assertThat(found).as("errors of %s", actual).containsExactlyInAnyOrder(pointers);
        return this;
    }
}
