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
        @Nullable SegmentStatus status,
        Nature nature) {
    /** What it is beside its texts and its condition. */
    record Nature(SegmentKind kind, boolean isOverridden, @Nullable String set) {
        /** A rule of its own. */
        static final Nature PLAIN = new Nature(SegmentKind.RULE, false, null);

        static Nature of(Segment segment) {
            return new Nature(segment.kind(), segment.isOverridden(), segment.set());
        }
    }

    SegmentDraft with(Nature other) {
        return new SegmentDraft(name, description, condition, strategy, owner, status, other);
    }

    /** The segment as it is. */
    static SegmentDraft of(Segment segment) {
        return new SegmentDraft(
                segment.name(),
                segment.description(),
                segment.condition(),
                segment.strategy(),
                segment.owner(),
                segment.status(),
                Nature.of(segment));
    }

    SegmentDraft with(SegmentStatus other) {
        return new SegmentDraft(name, description, condition, strategy, owner, other, nature);
    }

    SegmentDraft withCondition(Map<String, Object> other) {
        return new SegmentDraft(name, description, other, strategy, owner, status, nature);
    }
}
