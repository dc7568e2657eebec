package io.clientele.segmentation.segment;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a segment stands. Only in an active segment is anybody. */
public enum SegmentStatus {
    /** Being written: can be previewed and referred to. */
    @JsonProperty("draft")
    DRAFT,
    /** Kept live and published. */
    @JsonProperty("active")
    ACTIVE,
    /** Stopped for now: its members left it with cause {@code definition}. */
    @JsonProperty("paused")
    PAUSED,
    /** Stopped for good: not listed, cannot be referred to by others. */
    @JsonProperty("archived")
    ARCHIVED;

    /** As in JSON and in the database. */
    public String key() {
        return switch (this) {
            case DRAFT -> "draft";
            case ACTIVE -> "active";
            case PAUSED -> "paused";
            case ARCHIVED -> "archived";
        };
    }
}
