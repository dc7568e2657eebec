package io.clientele.simulator.world;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as {@code POST /v1/events} takes it.
 *
 * @param id with {@code source} unique: the same event of the same world has the same
 * @param identity linked to the member by this event, or null
 */
@JsonPropertyOrder({"id", "type", "source", "member", "identity", "occurredAt", "properties"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SimulatedEvent(
        String id,
        String type,
        String source,
        String member,
        @Nullable Identity identity,
        Instant occurredAt,
        Map<String, Object> properties) {
    /** The source of everything simulated. */
    public static final String SOURCE = "simulator";

    public SimulatedEvent {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /** What a member is known by, such as {@code email}. */
    public record Identity(String type, String value) {}
}
