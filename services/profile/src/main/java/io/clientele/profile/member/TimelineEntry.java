package io.clientele.profile.member;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.EventReference;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of a member as callers see it.
 *
 * @param source with {@code id} its name
 * @param id with {@code source} its name
 * @param type the event's type
 * @param occurredAt when it happened
 * @param receivedAt when it was accepted
 * @param properties as sent; without what is personal for those who may not see it
 * @param replaces the event it stands in for
 * @param retractedBy the event that took it back; it counts no more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TimelineEntry(
        String source,
        String id,
        String type,
        Instant occurredAt,
        Instant receivedAt,
        Map<String, Object> properties,
        @Nullable EventReference replaces,
        @Nullable EventReference retractedBy) {
    static TimelineEntry of(StoredEvent event, boolean personal) {
        var open = event.forwarded();
        var retraction = event.retraction();
        return new TimelineEntry(
                event.source(),
                event.id(),
                event.type(),
                event.occurredAt(),
                event.receivedAt(),
                Declarations.parse(personal || open == null ? event.properties() : open),
                event.replaces(),
                retraction == null ? null : retraction.by());
    }
}
