package io.clientele.gateway;

import io.clientele.common.problem.ErrorCategory;
import io.clientele.common.problem.ErrorCode;

/** Errors of the gateway itself, beside those every service can answer with. */
public enum GatewayError implements ErrorCode {
    /** The path is not written as paths here are: dot segments, empty segments, backslashes. */
    PATH_INVALID(ErrorCategory.INVALID),
    /** More requests than the client or its program may send. */
    RATE_EXCEEDED(ErrorCategory.TOO_MANY),
    /** The caller stopped sending in the middle of the body. */
    BODY_STALLED(ErrorCategory.INVALID),
    /** Keycloak's keys are not there yet: no token can be verified. */
    KEYS_UNAVAILABLE(ErrorCategory.OVERLOADED),
    /** A service takes no connections. Nothing was done. */
    SERVICE_UNAVAILABLE(ErrorCategory.OVERLOADED),
    /** A service gave no answer in time. Whether it did anything is not known. */
    SERVICE_TIMED_OUT(ErrorCategory.TIMED_OUT),
    /** A service broke off before it answered. Whether it did anything is not known. */
    SERVICE_BROKE_OFF(ErrorCategory.BAD_GATEWAY),
    /** A service answered with an error that is no problem document. */
    SERVICE_ANSWER_INVALID(ErrorCategory.BAD_GATEWAY);

    private final ErrorCategory category;

    GatewayError(ErrorCategory category) {
        this.category = category;
    }

    @Override
    public ErrorCategory category() {
        return category;
    }
}
