package io.clientele.segmentation.segment;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a segment says who is in it. */
public enum SegmentKind {
    /** By a condition. */
    RULE,
    /** By name. */
    LIST;

    /** The word in JSON. */
    @JsonValue
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
