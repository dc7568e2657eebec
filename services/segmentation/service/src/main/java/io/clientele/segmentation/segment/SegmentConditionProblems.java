package io.clientele.segmentation.segment;

import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.engine.InvalidConditionException;
import io.clientele.segmentation.SegmentationError;

/** What the engine says of a condition, as callers see it. */
public final class SegmentConditionProblems {
    private SegmentConditionProblems() {}

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
