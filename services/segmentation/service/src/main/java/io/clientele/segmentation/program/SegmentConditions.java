package io.clientele.segmentation.program;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.InvalidConditionException;
import io.clientele.engine.ProgramModel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads the conditions of segments that refer to each other. */
public final class SegmentConditions {
    private final ProgramModel model;
    private final Map<String, JsonNode> open;
    private final Map<String, Condition> read = new HashMap<>();
    private final Map<String, InvalidConditionException> unfit = new TreeMap<>();

    private SegmentConditions(ProgramModel model, Map<String, JsonNode> conditions) {
        this.model = model;
        this.open = new LinkedHashMap<>(conditions);
    }

    /**
     * Reads each with those it refers to known, whatever their order.
     *
     * @param model the program, without segments
     * @param conditions as JSON, by segment key
     * @throws io.clientele.engine.InvalidConditionException if the program does not (yet) allow
     *     what one says
     */
    public static Map<String, Condition> read(
            ProgramModel model, Map<String, JsonNode> conditions) {
        var all = new SegmentConditions(model, conditions);
        conditions.keySet().forEach(all::read);
        for (var first : all.unfit.values()) {
            throw first;
        }
        return all.read;
    }

    /**
     * Those that the program does not (yet) allow, or that refer to one, each with why.
     *
     * @param model the program, without segments
     * @param conditions as JSON, by segment key
     */
    public static Map<String, InvalidConditionException> unfit(
            ProgramModel model, Map<String, JsonNode> conditions) {
        var all = new SegmentConditions(model, conditions);
        conditions.keySet().forEach(all::read);
        return all.unfit;
    }

    private void read(String key) {
        var json = open.remove(key);
        if (json == null) {
            return;
        }
        json.findValuesAsText("segment").forEach(this::read);
        try {
            read.put(key, Conditions.read(json, model.withSegments(read)));
        } catch (InvalidConditionException e) {
            unfit.put(key, e);
        }
    }
}
