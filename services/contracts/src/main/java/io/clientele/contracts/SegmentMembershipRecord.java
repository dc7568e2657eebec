package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What travels on {@link Topics#SEGMENT_MEMBERSHIPS}: {@link Changed}, which each program's own
 * topic carries too, and {@link Corrected}, which stays inside and serves history.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "record")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SegmentMembershipRecord.Changed.class, name = "changed"),
    @JsonSubTypes.Type(value = SegmentMembershipRecord.Corrected.class, name = "corrected")
})
public sealed interface SegmentMembershipRecord {
    /** Whose member. */
    ProgramId program();

    /** Who. */
    MemberId member();

    /** Which segment. */
    SegmentKey segment();

    /**
     * A member entered or left a segment. Applying a member's changes in the order of {@code
     * sequence} gives the present truth.
     *
     * @param id {@code program:member:sequence}: the same change has the same id however often it
     *     is delivered
     * @param program whose member
     * @param member who
     * @param segment which
     * @param version the segment's version that says so
     * @param change entered or left
     * @param at the exact instant since when it is true
     * @param recordedAt when it was published
     * @param late true if an event that arrived after the fact changed the present
     * @param cause why
     * @param causeId the event ({@code source/id}), the import, the segment version; absent where
     *     the clock is the cause
     * @param sequence grows by one with every published change of the member
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Changed(
            String id,
            ProgramId program,
            MemberId member,
            SegmentKey segment,
            int version,
            MembershipChange change,
            Instant at,
            Instant recordedAt,
            boolean late,
            MembershipCause cause,
            @Nullable String causeId,
            long sequence)
            implements SegmentMembershipRecord {}

    /**
     * A late event changed a member's past in a segment. From {@code from} on, the history is what
     * {@code intervals} says, up to the present; {@link Changed} tells whatever the present owes to
     * it.
     *
     * @param program whose member
     * @param member who
     * @param segment which
     * @param version the segment's version that says so
     * @param from what was recorded before this instant stays
     * @param intervals the member's memberships from there on, ascending and disjoint; the last may
     *     be open
     * @param recordedAt when it was found out
     * @param cause why
     * @param causeId the event, the import, the edit or the segment version
     */
    record Corrected(
            ProgramId program,
            MemberId member,
            SegmentKey segment,
            int version,
            Instant from,
            List<Interval> intervals,
            Instant recordedAt,
            MembershipCause cause,
            String causeId)
            implements SegmentMembershipRecord {
        /** Takes a copy. */
        public Corrected {
            intervals = List.copyOf(intervals);
        }
    }

    /**
     * A stay in a segment: {@code since <= t < until}.
     *
     * @param since first instant inside
     * @param until first instant outside, or null while it lasts
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Interval(Instant since, @Nullable Instant until) {}
}
