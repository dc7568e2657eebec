package io.clientele.segmentation.membership;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.SegmentKey;
import io.clientele.engine.Explanation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memberships as callers see them. */
public final class MembershipViews {
    private MembershipViews() {}

    /** A member inside a segment. */
    public record Inside(MemberId member, Instant since, int version) {}

    /**
     * A segment that a member is in.
     *
     * @param until when the clock may end it at the earliest; absent: never without a new event
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Current(SegmentKey segment, Instant since, int version, @Nullable Instant until) {}

    /** All segments that a member is in at {@code asOf}. */
    record Segments(MemberId member, List<Current> items, Instant asOf) {}

    /**
     * Why a member is in a segment or is not.
     *
     * @param inside whether it is in the segment, which is so only of an active one
     * @param since since when, if it is in it now
     * @param matches whether it satisfies the condition
     * @param text a paragraph for people
     * @param until when the verdict may change at the earliest with no new event
     * @param root the condition part by part, with values
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Explained(
            MemberId member,
            SegmentKey segment,
            int version,
            boolean inside,
            @Nullable Instant since,
            boolean matches,
            String text,
            @Nullable Instant until,
            Explanation.Part root,
            Instant at,
            Instant asOf) {}
}
