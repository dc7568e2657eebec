package io.clientele.reporting;

import io.clientele.common.problem.ErrorCategory;
import io.clientele.common.problem.ErrorCode;

/** Errors of this service. */
public enum ReportingError implements ErrorCode {
    /** A period or interval that is none; {@code errors} names the parameters. */
    PERIOD_INVALID(ErrorCategory.INVALID),
    /** A topic that live streams do not have. */
    LIVE_TOPIC_INVALID(ErrorCategory.INVALID),
    /** No such segment, or another program's. */
    SEGMENT_NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** No campaign of that key has contacted anybody, or it is another program's. */
    CAMPAIGN_NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** The program's settings have not reached this service yet. */
    PROGRAM_NOT_READY(ErrorCategory.OVERLOADED);

    private final ErrorCategory category;

    ReportingError(ErrorCategory category) {
        this.category = category;
    }

    @Override
    public ErrorCategory category() {
        return category;
    }
}
