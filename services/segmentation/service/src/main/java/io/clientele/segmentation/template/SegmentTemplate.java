package io.clientele.segmentation.template;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A segment to begin with.
 *
 * @param key what the segment may be called
 * @param model the way to segment: {@code demographic}, {@code value}, {@code rfm} and so on
 * @param set templates of one set are exclusive: every member is in at most one
 * @param attributes what a program has to declare before
 * @param condition as in a segment
 * @param strategy how to care for its members
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SegmentTemplate(
        String key,
        String model,
        @Nullable String set,
        String name,
        String description,
        List<Attribute> attributes,
        Map<String, Object> condition,
        Map<String, Object> strategy) {
    SegmentTemplate {
        attributes = List.copyOf(attributes);
    }

    /** An attribute with its type as {@code PUT /v1/attributes/{name}} takes it. */
    record Attribute(String name, String type) {}
}
