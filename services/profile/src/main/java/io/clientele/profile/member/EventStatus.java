package io.clientele.profile.member;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.MemberId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of an event.
 *
 * @param source with {@code id} its name
 * @param id with {@code source} its name
 * @param status what became of it
 * @param member whose it is, once applied
 * @param type its type, once applied
 * @param occurredAt when it happened, once applied
 * @param receivedAt when it was accepted, once applied
 * @param importId the import it came with
 * @param retractedBy the event that took it back
 * @param lastDuplicateAt when it last came again, without effect
 * @param lastRefusal why it, or another of its name, was refused last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventStatus(
        String source,
        String id,
        Status status,
        @Nullable MemberId member,
        @Nullable String type,
        @Nullable Instant occurredAt,
        @Nullable Instant receivedAt,
        @Nullable String importId,
        @Nullable EventReference retractedBy,
        @Nullable Instant lastDuplicateAt,
        @Nullable RefusalView lastRefusal) {
    /** What can become of an event. */
    public enum Status {
        /** It is part of its member. */
        @JsonProperty("applied")
        APPLIED,
        /** It was, or would have been, until another took it back. */
        @JsonProperty("retracted")
        RETRACTED,
        /** It went to the dead letters. */
        @JsonProperty("refused")
        REFUSED
    }

    /**
     * Why an event was refused.
     *
     * @param reason a stable code
     * @param detail what was expected and what came
     * @param at when
     */
    public record RefusalView(String reason, String detail, Instant at) {}
}
