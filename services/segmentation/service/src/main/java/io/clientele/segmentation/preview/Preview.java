package io.clientele.segmentation.preview;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.MemberId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a condition counts.
 *
 * @param count members who satisfy it
 * @param population members the program knew at {@code at}: everybody whose first event was not
 *     later
 * @param at the instant of the question
 * @param asOf the same: the figures are true of it
 * @param parts the outermost parts and every leaf
 * @param sample some of those who satisfy it
 * @param entered members who satisfy it and not the segment it was compared with
 * @param left members of that segment who do not satisfy it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Preview(
        long count,
        long population,
        Instant at,
        Instant asOf,
        List<Part> parts,
        List<Sampled> sample,
        long elapsedMs,
        @Nullable Long entered,
        @Nullable Long left) {
    Preview {
        parts = List.copyOf(parts);
        sample = List.copyOf(sample);
    }

    /**
     * @param pointer the part's place in the condition, a JSON Pointer
     * @param count members who satisfy the part
     * @param without members who would satisfy the whole without it
     * @param unset members for whom it has no value to compare
     */
    record Part(String pointer, long count, long without, long unset) {}

    /** A member who satisfies the condition. */
    record Sampled(MemberId member) {}
}
