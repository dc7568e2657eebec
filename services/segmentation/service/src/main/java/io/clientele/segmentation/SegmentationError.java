package io.clientele.segmentation;

import io.clientele.common.problem.ErrorCategory;
import io.clientele.common.problem.ErrorCode;

/** Errors of this service. */
public enum SegmentationError implements ErrorCode {
    /** A segment's body does not fit; {@code errors} names the places. */
    SEGMENT_INVALID(ErrorCategory.UNPROCESSABLE),
    /** A condition does not fit the program; {@code errors} names the places. */
    CONDITION_INVALID(ErrorCategory.UNPROCESSABLE),
    /** No such segment, or another program's. */
    SEGMENT_NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** No such member, or another program's. */
    MEMBER_NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** Other segments refer to it. */
    SEGMENT_IN_USE(ErrorCategory.CONFLICT),
    /** The key has a segment already. */
    SEGMENT_EXISTS(ErrorCategory.CONFLICT),
    /** It is archived. */
    SEGMENT_ARCHIVED(ErrorCategory.CONFLICT),
    /** It is a list, which has no condition of its own. */
    SEGMENT_IS_LIST(ErrorCategory.CONFLICT),
    /** It is a rule, whose members are not named. */
    SEGMENT_IS_RULE(ErrorCategory.CONFLICT),
    /** It is a class of a segment set, and is changed there. */
    SEGMENT_IN_SET(ErrorCategory.CONFLICT),
    /** No such segment set, or another program's. */
    SEGMENT_SET_NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** A key that a route of this service has. */
    SEGMENT_KEY_RESERVED(ErrorCategory.UNPROCESSABLE),
    /** A position that no feed gave. */
    POSITION_INVALID(ErrorCategory.INVALID),
    /** An interval or days that do not fit. */
    PERIOD_INVALID(ErrorCategory.INVALID),
    /** An instant that is none, or lies in the future. */
    INSTANT_INVALID(ErrorCategory.INVALID),
    /** A partition is being restored or moved: an answer would lack members. */
    SHARDS_NOT_READY(ErrorCategory.OVERLOADED),
    /** Profile, which has the stored events, does not answer. */
    FACTS_NOT_AVAILABLE(ErrorCategory.OVERLOADED),
    /** The program's settings have not reached this service yet. */
    PROGRAM_NOT_READY(ErrorCategory.OVERLOADED);

    private final ErrorCategory category;

    SegmentationError(ErrorCategory category) {
        this.category = category;
    }

    @Override
    public ErrorCategory category() {
        return category;
    }
}
