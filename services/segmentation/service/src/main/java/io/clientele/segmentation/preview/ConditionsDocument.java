package io.clientele.segmentation.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.Snapshot;
import io.clientele.segmentation.program.SegmentConditions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Conditions with those of all segments they refer to, so that each partition means the same by
 * them, whatever definitions have reached it.
 */
public record ConditionsDocument(List<JsonNode> conditions, Map<String, JsonNode> segments) {
    /** Copies. */
    public ConditionsDocument {
        conditions = List.copyOf(conditions);
        segments = Map.copyOf(segments);
    }

    /**
     * @param conditions as they were written, valid in {@code model}
     */
    public static ConditionsDocument of(List<JsonNode> conditions, ProgramModel model) {
        var segments = new LinkedHashMap<String, JsonNode>();
        conditions.forEach(condition -> refer(condition, model, segments));
        return new ConditionsDocument(conditions, segments);
    }

    private static void refer(
            JsonNode condition, ProgramModel model, Map<String, JsonNode> segments) {
        for (var key : condition.findValuesAsText("segment")) {
            var other = model.segments().get(key);
            if (other != null && !segments.containsKey(key)) {
                var json = Conditions.write(other);
                segments.put(key, json);
                refer(json, model, segments);
            }
        }
    }

    /** Members that know the segments, and what they are asked about. */
    public record Read(Snapshot members, List<Condition> conditions) {}

    /** Reads them for members of the program. */
    public Read read(Snapshot members) {
        var model = members.model();
        var known = SegmentConditions.read(model.withSegments(Map.of()), segments);
        var full = model.withSegments(known);
        return new Read(
                members.withSegments(known),
                conditions.stream().map(json -> Conditions.read(json, full)).toList());
    }
}
