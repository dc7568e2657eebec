package io.clientele.common.problem;

/** What kind of error a code is. The only place where kinds become HTTP statuses. */
public enum ErrorCategory {
    /** The request's form is wrong: no JSON, a bad parameter. */
    INVALID(400, "The request is not valid"),
    /** Read, but what it asks for cannot be: the errors name the places. */
    UNPROCESSABLE(422, "The request cannot be carried out"),
    /** No valid token. */
    UNAUTHENTICATED(401, "A valid token is needed"),
    /** The token lacks the role or the program. */
    FORBIDDEN(403, "Not allowed"),
    /** Absent, or somebody else's: the two look alike. */
    NOT_FOUND(404, "Not found"),
    /** The path is right, the method is not. */
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    /** Clashes with the present state. */
    CONFLICT(409, "In conflict with the present state"),
    /** {@code If-Match} names an older state. */
    STALE(412, "Changed in the meantime"),
    /** More than the limit. */
    TOO_LARGE(413, "Too large"),
    /** A content type that is not read here. */
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported"),
    /** An edit needs {@code If-Match}. */
    PRECONDITION_REQUIRED(428, "If-Match is needed"),
    /** Too many requests of this client. */
    TOO_MANY(429, "Too many requests"),
    /** Our bug. */
    INTERNAL(500, "Something went wrong on our side"),
    /** A server behind us answered nonsense. */
    BAD_GATEWAY(502, "A service behind gave no valid answer"),
    /** A store, a broker or a service is slow or away: try again. */
    OVERLOADED(503, "Try again later"),
    /** A server behind us gave no answer in time. */
    TIMED_OUT(504, "A service behind gave no answer in time");

    private final int status;
    private final String title;

    ErrorCategory(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** A sentence that is the same for all errors of this category. */
    public String title() {
        return title;
    }

    /** The category whose status this is, or the nearest of its hundred. */
    public static ErrorCategory ofStatus(int status) {
        for (var category : values()) {
            if (category.status == status) {
                return category;
            }
        }
        return status >= 500 ? INTERNAL : INVALID;
    }
}
