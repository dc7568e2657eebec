package io.clientele.profile.member;

import io.clientele.contracts.EventReference;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is kept: all that is needed to apply it, to pass it on again and to take it back.
 *
 * @param program whose
 * @param member whose, as resolved
 * @param source with {@code id} its name in the program
 * @param id with {@code source} its name in the program
 * @param type the event's type
 * @param occurredAt when it happened
 * @param receivedAt when ingestion accepted it
 * @param position the record that brought it
 * @param contentHash of what the sender said: the same again is a duplicate, other content under
 *     the same name is refused
 * @param properties as received, JSON
 * @param forwarded as passed on, JSON, without anything personal; null if the same as {@code
 *     properties}
 * @param declared what it says about the member
 * @param amount of a purchase or return
 * @param points what it does to the member's points
 * @param replaces the event it stands in for
 * @param importId the import it came with
 * @param identityKey the keyed hash of the identity it came with
 * @param retraction set once it was taken back
 */
record StoredEvent(
        ProgramId program,
        MemberId member,
        String source,
        String id,
        String type,
        Instant occurredAt,
        Instant receivedAt,
        Position position,
        String contentHash,
        String properties,
        @Nullable String forwarded,
        List<Declared> declared,
        @Nullable BigDecimal amount,
        @Nullable Points points,
        @Nullable EventReference replaces,
        @Nullable String importId,
        @Nullable String identityKey,
        @Nullable Retraction retraction) {
    StoredEvent {
        declared = List.copyOf(declared);
    }

    /**
     * An event taken back.
     *
     * @param by the event that did it
     * @param position of that event
     * @param early true if that event came first: then this one was never applied nor passed on
     */
    record Retraction(EventReference by, Position position, boolean early) {}

    String key() {
        return EventKey.of(program, source, id);
    }

    Moment moment() {
        return new Moment(occurredAt, source, id);
    }

    EventReference reference() {
        return new EventReference(source, id);
    }

    StoredEvent withRetraction(Retraction taken) {
        return new StoredEvent(
                program,
                member,
                source,
                id,
                type,
                occurredAt,
                receivedAt,
                position,
                contentHash,
                properties,
                forwarded,
                declared,
                amount,
                points,
                replaces,
                importId,
                identityKey,
                taken);
    }
}
