package io.clientele.segmentation.preview;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to count.
 *
 * @param condition as in a segment
 * @param at null: the shards' present
 * @param comparedWith a segment's key: say also who would enter it and who would leave
 * @param sample how many members to name, 0 to 100
 */
record PreviewRequest(
        @Nullable Map<String, Object> condition,
        @Nullable Instant at,
        @Nullable String comparedWith,
        @Nullable Integer sample) {}
