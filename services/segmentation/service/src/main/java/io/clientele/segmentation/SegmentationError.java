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
    /** A key that a route of this service has. */
    SEGMENT_KEY_RESERVED(ErrorCategory.UNPROCESSABLE),
    /** A position that no feed gave. */
    POSITION_INVALID(ErrorCategory.INVALID),
    /** An instant that is none, or lies in the future. */
    INSTANT_INVALID(ErrorCategory.INVALID),
    /** A partition is being restored or moved: an answer would lack members. */
    SHARDS_NOT_READY(ErrorCategory.OVERLOADED),
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
