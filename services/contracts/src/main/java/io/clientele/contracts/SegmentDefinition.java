package io.clientele.contracts;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One version of a segment taking effect, on {@link Topics#SEGMENT_DEFINITIONS}, in every
 * partition.
 *
 * @param program whose
 * @param segment which
 * @param version grows by one with every change of the condition
 * @param revision grows with every record of the segment, changes of status included; a reader
 *     ignores an older one
 * @param active true: memberships are kept and published; false: nobody is in it
 * @param condition the condition's JSON, valid when it was written
 * @param effectiveAt from when on
 */
public record SegmentDefinition(
        ProgramId program,
        SegmentKey segment,
        int version,
        long revision,
        boolean active,
        Map<String, Object> condition,
        Instant effectiveAt) {
    /** Takes a copy. */
    public SegmentDefinition {
        condition = Collections.unmodifiableMap(new LinkedHashMap<>(condition));
    }
}
