package io.clientele.segmentation.persona;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.SegmentKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a segment's members are like, by its present condition.
 *
 * @param at the instant the figures are true of
 * @param size members who satisfy the condition
 * @param others members who do not
 * @param comparisons how many values and numbers were compared; the intervals hold for all at once
 * @param shares values that are more frequent, or less, than among others, the largest difference
 *     first
 * @param numbers numbers that are larger or smaller, the largest difference (in standard
 *     deviations) first
 * @param sentence the most striking of both, in words
 * @param person somebody who never was: the usual values of the segment
 * @param edited what somebody wrote over it; absent if nobody did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Persona(
        SegmentKey segment,
        int version,
        Instant at,
        long size,
        long others,
        int comparisons,
        List<Share> shares,
        List<Mean> numbers,
        String sentence,
        Map<String, Object> person,
        @Nullable Edited edited) {
    Persona {
        shares = List.copyOf(shares);
        numbers = List.copyOf(numbers);
    }

    /**
     * A value of an attribute, or an element of a set.
     *
     * @param share of the members who have a value of the attribute, 0 to 1
     * @param shareOfOthers the same of all others
     * @param difference {@code share - shareOfOthers}, between {@code low} and {@code high}
     * @param support members of the segment who have a value of the attribute
     */
    record Share(
            String attribute,
            String value,
            double share,
            double shareOfOthers,
            double difference,
            double low,
            double high,
            long support) {}

    /**
     * A number.
     *
     * @param difference {@code mean - meanOfOthers}, between {@code low} and {@code high}
     * @param support members of the segment who have a value of the attribute
     */
    record Mean(
            String attribute,
            double median,
            double medianOfOthers,
            double mean,
            double meanOfOthers,
            double difference,
            double low,
            double high,
            long support) {}

    /** What a marketer wrote. */
    record Edited(Map<String, Object> persona, Instant updatedAt, String updatedBy) {}
}
