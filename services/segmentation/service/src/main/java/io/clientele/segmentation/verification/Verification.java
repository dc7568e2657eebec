package io.clientele.segmentation.verification;

import io.clientele.contracts.MemberId;
import java.time.Instant;
import java.util.List;

/**
 * What came of comparing a segment's memberships with those made again from the stored events.
 *
 * @param asOf the instant that memberships were compared at
 * @param version of the segment
 * @param members how many were compared
 * @param differences how many of them differ
 * @param examples the first of those
 * @param elapsedMs how long it took
 */
record Verification(
        Instant asOf,
        int version,
        int members,
        int differences,
        List<Difference> examples,
        long elapsedMs,
        String actor) {
    Verification {
        examples = List.copyOf(examples);
    }

    /**
     * A member that differs.
     *
     * @param stated what the shard says
     * @param verified what the stored events say
     */
    record Difference(MemberId member, Side stated, Side verified) {}

    /**
     * One side.
     *
     * @param isInside whether the member is in the segment
     * @param events how many are counted
     * @param eventSum a sum over them; equal if they are the same
     */
    record Side(boolean isInside, int events, long eventSum) {}
}
