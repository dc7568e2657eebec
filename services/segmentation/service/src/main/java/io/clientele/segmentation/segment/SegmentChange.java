package io.clientele.segmentation.segment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an edit made of a segment, field by field. Pure functions. */
final class SegmentChange {
    private SegmentChange() {}

    /**
     * The fields that differ, each with what it was and what it is; absent: there was none.
     *
     * @param before null: the segment is new
     */
    static Map<String, Object> of(@Nullable Segment before, Segment after) {
        var changed = new LinkedHashMap<String, Object>();
        var was = before == null ? Map.<String, @Nullable Object>of() : fields(before);
        fields(after)
                .forEach((field, value) -> {
                    var old = was.get(field);
                    if (!Objects.equals(old, value)) {
                        var pair = new LinkedHashMap<String, Object>();
                        if (old != null) {
                            pair.put("before", old);
                        }
                        if (value != null) {
                            pair.put("after", value);
                        }
                        changed.put(field, pair);
                    }
                });
        return changed;
    }

    private static Map<String, @Nullable Object> fields(Segment segment) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("name", segment.name());
        fields.put("description", segment.description());
        fields.put("condition", segment.condition());
        fields.put("strategy", segment.strategy());
        fields.put("owner", segment.owner());
        fields.put("status", segment.status().key());
        fields.put("version", segment.version());
        fields.put("overridden", segment.isOverridden());
        fields.put("set", segment.set());
        return fields;
    }
}
