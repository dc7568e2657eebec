package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What travels on {@link Topics#MEMBER_EVENTS}: everything about a member in one order, in one
 * partition. Holds no personal attribute and no identity. Ordered within a partition by
 * application, not by {@code occurredAt}: a reader sorts by (occurredAt, source, id).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "record")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MemberRecord.EventApplied.class, name = "event"),
    @JsonSubTypes.Type(value = MemberRecord.Changed.class, name = "changed"),
    @JsonSubTypes.Type(value = MemberRecord.Watermark.class, name = "watermark")
})
public sealed interface MemberRecord {
    /** CloudEvents type of every record of this topic that is about a member. */
    String TYPE_PREFIX = "io.clientele.member.";

    /**
     * One event of a member, with the attribute changes it declared: one record, so that what
     * changes at one instant is seen at once. Each event appears once, but for a reader that reads
     * again after its own crash. {@code event.retracted} is such an event too: its properties
     * {@code source} and {@code id} name the event taken back.
     *
     * @param program whose member
     * @param member who
     * @param kind what the member is after this event
     * @param source the event's source
     * @param id the event's id
     * @param type the event's type
     * @param occurredAt when it happened
     * @param receivedAt when ingestion accepted it
     * @param properties as received, without personal attributes
     * @param changes what the event declared about the member, in no order; also what retracting it
     *     takes back
     * @param replaces the event this one stands in for; a reader drops that one
     * @param importId the import it came with, if any
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EventApplied(
            ProgramId program,
            MemberId member,
            MemberKind kind,
            String source,
            String id,
            String type,
            Instant occurredAt,
            Instant receivedAt,
            Map<String, Object> properties,
            List<AttributeChange> changes,
            @Nullable EventReference replaces,
            @Nullable String importId)
            implements MemberRecord {
        /** Takes copies. */
        public EventApplied {
            properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
            changes = List.copyOf(changes);
        }

        /** The event's name in its program. */
        public EventReference reference() {
            return new EventReference(source, id);
        }
    }

    /**
     * Attributes of a member changed by something other than an event.
     *
     * @param program whose member
     * @param member who
     * @param kind what the member is now
     * @param changes what changed
     * @param receivedAt when the change was accepted
     * @param causeId what caused it, for the membership changes that follow
     */
    record Changed(
            ProgramId program,
            MemberId member,
            MemberKind kind,
            List<AttributeChange> changes,
            Instant receivedAt,
            String causeId)
            implements MemberRecord {
        /** Takes a copy. */
        public Changed {
            changes = List.copyOf(changes);
        }
    }

    /**
     * Everything that ingestion accepted up to {@code receivedThrough} and that belongs in this
     * partition stands before this record. Written to every partition at most every two seconds
     * while profile has caught up; its absence says that profile lags, and readers that tell time
     * by this topic stop their clocks.
     *
     * @param receivedThrough the instant up to which nothing is missing
     */
    record Watermark(Instant receivedThrough) implements MemberRecord {}
}
