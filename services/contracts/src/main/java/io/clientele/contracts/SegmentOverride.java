package io.clientele.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A member put into a segment or out of it by hand, or let go again, on {@link
 * Topics#SEGMENT_OVERRIDES}.
 *
 * @param program whose
 * @param segment which
 * @param member who
 * @param included true: inside, whatever the condition says; false: outside; null: as the condition
 *     says
 * @param at from when on
 * @param id of this change; the same again changes nothing, and of two of one instant the one with
 *     the greater id counts
 * @param cause {@link MembershipCause#OVERRIDE}, or {@link MembershipCause#IMPORT} of a list
 */
public record SegmentOverride(
        ProgramId program,
        SegmentKey segment,
        MemberId member,
        @Nullable Boolean included,
        Instant at,
        String id,
        MembershipCause cause) {}
