package io.clientele.contracts;

import java.time.Instant;
import java.util.Map;

/**
 * The segments a member is in now, on the compacted topics {@link Topics#MEMBER_SEGMENTS} and
 * {@link Topics#memberSegmentsOf(ProgramId)}: what a subscriber starts from, before it applies
 * changes with a greater sequence.
 *
 * @param program whose member
 * @param member who
 * @param sequence of the member's latest published change
 * @param segments by segment key
 */
public record MemberSegments(
        ProgramId program, MemberId member, long sequence, Map<SegmentKey, Membership> segments) {
    /** Takes a copy. */
    public MemberSegments {
        segments = Map.copyOf(segments);
    }

    /**
     * A present membership.
     *
     * @param since the exact instant it began
     * @param version the segment's version that says so
     */
    public record Membership(Instant since, int version) {}
}
