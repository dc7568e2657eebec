package io.clientele.segmentation.set;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.SegmentKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A segment set as callers see it.
 *
 * @param classes in order, the last of those that satisfy no condition
 * @param size of all classes together: everybody
 * @param asOf the instant that sizes are true of
 * @param applied of an edit that not every partition has yet: how many have it
 * @param partitions and how many there are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SegmentSetView(
        String key,
        String name,
        @Nullable String description,
        List<ClassView> classes,
        ClassView otherwise,
        long size,
        Instant asOf,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        @Nullable Integer applied,
        @Nullable Integer partitions) {
    /** A class with how many are in it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ClassView(
            SegmentKey segment,
            String name,
            @Nullable Map<String, Object> condition,
            Map<String, Object> strategy,
            long size) {}
}
