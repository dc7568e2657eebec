package io.clientele.segmentation.program;

import io.clientele.contracts.SegmentKey;
import java.util.List;
import java.util.Map;

/**
 * What is set by hand, in the engine's words: a member's attribute {@code override.<segment>} is
 * true while it is included, false while it is excluded. So an override is a fact of the member's
 * history like any other: late ones, past instants, explanations and counts need nothing of their
 * own.
 */
public final class OverrideConditions {
    private OverrideConditions() {}

    /** The attribute that says it of a segment. */
    public static String attribute(SegmentKey segment) {
        return "override." + segment;
    }

    /** Who is included, and who satisfies the condition and is not excluded. */
    public static Map<String, Object> over(SegmentKey segment, Map<String, Object> condition) {
        var name = attribute(segment);
        var isExcluded = Map.of("attribute", name, "equals", false);
        return Map.of(
                "any",
                List.of(
                        Map.of("attribute", name, "equals", true),
                        Map.of("all", List.of(condition, Map.of("not", isExcluded)))));
    }
}
