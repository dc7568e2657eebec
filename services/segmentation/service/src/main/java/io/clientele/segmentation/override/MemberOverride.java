package io.clientele.segmentation.override;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.clientele.contracts.MemberId;
import java.time.Instant;
import java.util.Locale;

/**
 * A member that was put into a segment or out of it by hand.
 *
 * @param since from when on
 * @param createdAt when it was said
 * @param createdBy by whom
 */
record MemberOverride(
        MemberId member,
        @JsonProperty("override") Direction direction,
        Instant since,
        Instant createdAt,
        String createdBy) {
    /** Into the segment, or out of it. */
    enum Direction {
        INCLUDE,
        EXCLUDE;

        /** The word in JSON. */
        @JsonValue
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
