package io.clientele.segmentation.override;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.SegmentKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list, and what an upload made of it.
 *
 * @param members how many are on it
 * @param added by the upload
 * @param removed by the upload
 * @param unknown who was named and is no member of the program: not on the list
 * @param of of a snapshot: the segment
 * @param at of a snapshot: the instant whose members these are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ListView(
        SegmentKey key,
        String name,
        @Nullable String description,
        long members,
        @Nullable Integer added,
        @Nullable Integer removed,
        @Nullable List<Unknown> unknown,
        Instant updatedAt,
        String updatedBy,
        @Nullable SegmentKey of,
        @Nullable Instant at) {
    /**
     * Somebody who is not known.
     *
     * @param place the line of a CSV, the header being 1; of JSON the index in {@code members}
     */
    record Unknown(int place, String member) {}

    ListView asSnapshot(SegmentKey segment, Instant instant) {
        return new ListView(
                key,
                name,
                description,
                members,
                added,
                removed,
                unknown,
                updatedAt,
                updatedBy,
                segment,
                instant);
    }
}
