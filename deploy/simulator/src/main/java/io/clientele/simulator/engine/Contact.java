package io.clientele.simulator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code GET /v1/feeds/contacts}, as far as an engine needs it.
 *
 * @param position what to ask the feed for next, to go on after this line
 * @param contact its id
 * @param sendAt not to be sent before
 * @param notAfter not to be sent from then on, or null
 */
public record Contact(
        String position,
        String contact,
        String member,
        String campaign,
        String channel,
        Instant sendAt,
        @Nullable Instant notAfter) {
    /** From the feed's JSON. */
    static Contact of(JsonNode line) {
        JsonNode position = line.path("position");
        Instant decided = instant(line, "decidedAt", Instant.EPOCH);
        Instant notBefore = instant(line, "notBefore", decided);
        return new Contact(
                (position.isMissingNode() ? line.path("sequence") : position).asText(),
                line.path("contact").asText(),
                line.path("member").asText(),
                line.path("campaign").asText(),
                line.path("channel").asText(),
                decided.isAfter(notBefore) ? decided : notBefore,
                line.hasNonNull("notAfter") ? Instant.parse(line.path("notAfter").asText()) : null);
    }

    private static Instant instant(JsonNode line, String name, Instant otherwise) {
        return line.hasNonNull(name) ? Instant.parse(line.path(name).asText()) : otherwise;
    }
}
