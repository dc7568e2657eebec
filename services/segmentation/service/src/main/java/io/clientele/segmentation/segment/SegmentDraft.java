package io.clientele.segmentation.segment;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a segment to be.
 *
 * @param status null: as it is, active if it is new
 */
record SegmentDraft(
        String name,
        @Nullable String description,
        Map<String, Object> condition,
        Map<String, Object> strategy,
        @Nullable String owner,
        @Nullable SegmentStatus status) {}
