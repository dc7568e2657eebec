package io.clientele.simulator.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What the platform said.
 *
 * @param request method and path, for messages
 * @param retryAfterSeconds of the header, 0 if there is none
 */
public record Answer(String request, int status, String body, int retryAfterSeconds) {
    /** The body as JSON. */
    public JsonNode json() {
        return Json.tree(body);
    }

    /** Whether the same request may succeed later. */
    public boolean isPassing() {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /**
     * This answer, if it has one of these statuses.
     *
     * @throws PlatformException saying what was asked and what came
     */
    public Answer require(int... statuses) {
        for (int expected : statuses) {
            if (status == expected) {
                return this;
            }
        }
        throw new PlatformException(
                request + " answered " + status + ": " + problem().orElse(shortened()));
    }

    /** The detail of a problem document, with the first fields it names. */
    private Optional<String> problem() {
        if (!body.startsWith("{")) {
            return Optional.empty();
        }
        JsonNode problem = json();
        StringBuilder text = new StringBuilder(problem.path("detail").asText());
        for (JsonNode error : problem.path("errors")) {
            text.append(' ')
                    .append(error.path("pointer").asText())
                    .append(": ")
                    .append(error.path("detail").asText())
                    .append(';');
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
    }

    private String shortened() {
        return body.substring(0, Math.min(300, body.length()));
    }
}
