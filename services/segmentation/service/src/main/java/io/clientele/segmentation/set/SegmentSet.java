package io.clientele.segmentation.set;

import java.time.Instant;

/**
 * A segment set as it is kept.
 *
 * @param revision grows by one with every change
 */
record SegmentSet(
        String key,
        SegmentSetBody body,
        long revision,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy) {}
