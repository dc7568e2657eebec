package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as ingestion accepted it: valid against its type's schema, in the program's currency,
 * its member perhaps not yet known. Travels on {@link Topics#MEMBER_EVENTS_RECEIVED}.
 *
 * @param program whose event it is
 * @param source who sent it; with {@code id} it identifies the event in its program
 * @param id the sender's id of the event
 * @param type an event type of the program, such as {@code purchase}
 * @param member the member, if the sender named one; else {@code identity} is set
 * @param identity an identifier of the member; may stand beside {@code member}, which it is then
 *     linked to
 * @param occurredAt when it happened, to the millisecond
 * @param receivedAt when ingestion accepted it; also the Kafka record's timestamp
 * @param properties what the type's schema describes; numbers are exact decimals. Never null;
 *     nested values are JSON types
 * @param replaces the event this one stands in for, if it is a correction
 * @param importId the import it came with, if any
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReceivedEvent(
        ProgramId program,
        String source,
        String id,
        String type,
        @Nullable MemberId member,
        @Nullable Identity identity,
        Instant occurredAt,
        Instant receivedAt,
        Map<String, Object> properties,
        @Nullable EventReference replaces,
        @Nullable String importId) {
    /** Checks that somebody is named and takes a copy of the properties. */
    public ReceivedEvent {
        if (member == null && identity == null) {
            throw new IllegalArgumentException("an event names a member or an identity");
        }
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /** The event's name in its program. */
    public EventReference reference() {
        return new EventReference(source, id);
    }
}
