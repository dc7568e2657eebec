package io.clientele.common.problem;

/** Errors that every service can answer with. */
public enum CommonError implements ErrorCode {
    /** The request's form is wrong. */
    REQUEST_INVALID(ErrorCategory.INVALID),
    /** A body that is no JSON. */
    JSON_INVALID(ErrorCategory.INVALID),
    /** JSON whose values do not fit; {@code errors} names the places. */
    BODY_INVALID(ErrorCategory.UNPROCESSABLE),
    /** No token, or one that is not valid. */
    TOKEN_MISSING_OR_INVALID(ErrorCategory.UNAUTHENTICATED),
    /** The token has none of the roles the route asks for. */
    ROLE_MISSING(ErrorCategory.FORBIDDEN),
    /** The token names no program. */
    PROGRAM_MISSING(ErrorCategory.FORBIDDEN),
    /** No such route or thing. */
    NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** Another method is meant. */
    METHOD_NOT_ALLOWED(ErrorCategory.METHOD_NOT_ALLOWED),
    /** A content type not read here. */
    MEDIA_TYPE_UNSUPPORTED(ErrorCategory.UNSUPPORTED_MEDIA_TYPE),
    /** A body over the limit. */
    BODY_TOO_LARGE(ErrorCategory.TOO_LARGE),
    /** A cursor that no page gave. */
    CURSOR_INVALID(ErrorCategory.INVALID),
    /** An edit without {@code If-Match}. */
    IF_MATCH_MISSING(ErrorCategory.PRECONDITION_REQUIRED),
    /** An edit of an older state. */
    IF_MATCH_STALE(ErrorCategory.STALE),
    /** A store, a broker or a service is away. */
    UNAVAILABLE(ErrorCategory.OVERLOADED),
    /** Our bug; quote the id. */
    INTERNAL(ErrorCategory.INTERNAL);

    private final ErrorCategory category;

    CommonError(ErrorCategory category) {
        this.category = category;
    }

    @Override
    public ErrorCategory category() {
        return category;
    }
}
