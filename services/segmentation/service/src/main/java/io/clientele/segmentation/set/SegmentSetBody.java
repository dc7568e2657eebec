package io.clientele.segmentation.set;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A segment set as a caller wants it.
 *
 * @param name null: the key
 * @param classes in order: a member is in the first whose condition it satisfies
 * @param otherwise who is in none of them
 */
record SegmentSetBody(
        @Nullable String name,
        @Nullable String description,
        @Nullable List<@Nullable ClassBody> classes,
        @Nullable ClassBody otherwise) {
    /**
     * A class.
     *
     * @param segment the key of its segment
     * @param name null: the key
     * @param condition none for {@code otherwise}
     * @param strategy null: empty
     */
    record ClassBody(
            @Nullable String segment,
            @Nullable String name,
            @Nullable Map<String, Object> condition,
            @Nullable Map<String, Object> strategy) {}
}
