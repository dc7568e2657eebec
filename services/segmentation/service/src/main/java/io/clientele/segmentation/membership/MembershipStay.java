package io.clientele.segmentation.membership;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.SegmentKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stay in a segment as history has it: {@code since <= t < until}.
 *
 * @param until absent while it lasts
 * @param cause why it began, or why it had to be written anew
 * @param recordedAt when that was found out
 * @param untilRecordedAt when its end was found out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MembershipStay(
        SegmentKey segment,
        int version,
        Instant since,
        @Nullable Instant until,
        String cause,
        @Nullable String causeId,
        Instant recordedAt,
        @Nullable Instant untilRecordedAt) {}
