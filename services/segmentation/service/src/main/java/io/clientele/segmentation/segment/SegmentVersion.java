package io.clientele.segmentation.segment;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A condition that a segment had. Never changes.
 *
 * @param effectiveAt from when on memberships follow it, by the shards' clock
 */
public record SegmentVersion(
        int version,
        Map<String, Object> condition,
        Instant effectiveAt,
        Instant createdAt,
        String createdBy) {
    /** Takes a copy. */
    public SegmentVersion {
        condition = Collections.unmodifiableMap(new LinkedHashMap<>(condition));
    }
}
