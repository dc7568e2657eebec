package io.clientele.segmentation.segment;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A segment as it is now.
 *
 * @param condition as it was written
 * @param strategy how to treat its members: free JSON that marketers and agents read
 * @param owner who answers for it
 * @param version grows by one with every change of the condition
 * @param revision grows by one with every change
 */
public record Segment(
        ProgramId program,
        SegmentKey key,
        String name,
        @Nullable String description,
        Map<String, Object> condition,
        Map<String, Object> strategy,
        @Nullable String owner,
        SegmentStatus status,
        int version,
        long revision,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy) {
    /** Takes copies. */
    public Segment {
        condition = Collections.unmodifiableMap(new LinkedHashMap<>(condition));
        strategy = Collections.unmodifiableMap(new LinkedHashMap<>(strategy));
    }
}
