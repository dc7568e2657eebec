package io.clientele.segmentation.segment;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.program.OverrideConditions;
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
 * @param isOverridden whether members were ever set in or out by hand
 * @param set the segment set that it is a class of
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
        String updatedBy,
        SegmentKind kind,
        boolean isOverridden,
        @Nullable String set) {
    /** Takes copies. */
    public Segment {
        condition = Collections.unmodifiableMap(new LinkedHashMap<>(condition));
        strategy = Collections.unmodifiableMap(new LinkedHashMap<>(strategy));
    }

    /** The condition with what was set by hand put over it: who is in the segment. */
    public Map<String, Object> effectiveCondition() {
        return isOverridden ? OverrideConditions.over(key, condition) : condition;
    }
}
