package io.clientele.segmentation.segment;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.engine.Conditions;
import io.clientele.engine.InvalidConditionException;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.SegmentationError;
import java.util.Map;

/** What the engine says of a condition, as callers see it. */
public final class SegmentConditionProblems {
    private SegmentConditionProblems() {}

    /**
     * A condition as it was written, which fits the program.
     *
     * @param at where it stands in the body, such as {@code /condition}
     * @throws RequestException 422 if it does not fit
     */
    public static JsonNode check(Map<String, Object> condition, ProgramModel model, String at) {
        JsonNode json = Json.mapper().valueToTree(condition);
        try {
            var unused = Conditions.read(json, model);
            return json;
        } catch (InvalidConditionException e) {
            throw of(e, at);
        }
    }

    /**
     * 422 with every place.
     *
     * @param at where the condition stands in the body, such as {@code /condition}
     */
    public static RequestException of(InvalidConditionException e, String at) {
        return new RequestException(
                SegmentationError.CONDITION_INVALID,
                "The condition does not fit the program; errors names the places.",
                e.problems().stream()
                        .map(problem -> new FieldError(at + problem.pointer(), problem.detail()))
                        .toList());
    }
}
