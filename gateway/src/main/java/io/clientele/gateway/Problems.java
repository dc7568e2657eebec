package io.clientele.gateway;

import io.clientele.common.http.RequestIds;
import io.clientele.common.json.Json;
import io.clientele.common.problem.ErrorCategory;
import io.clientele.common.problem.ErrorCode;
import io.clientele.common.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;

/** The gateway's own errors, written straight to the answer. */
public final class Problems {
    private Problems() {}

    /** The body of a problem of this request. */
    public static Buffer body(RoutingContext routing, ErrorCode code, String detail) {
        return Buffer.buffer(
                Json.bytes(Problem.of(code, detail, RequestIds.of(routing), List.of())));
    }

    /** Answers with a problem and ends the answer, unless its head is already out. */
    public static void send(RoutingContext routing, ErrorCode code, String detail) {
        send(routing, code, detail, Duration.ofSeconds(2));
    }

    /**
     * As {@link #send(RoutingContext, ErrorCode, String)}.
     *
     * @param retryAfter what {@code Retry-After} says for errors that pass by themselves
     */
    public static void send(
            RoutingContext routing, ErrorCode code, String detail, Duration retryAfter) {
        var response = routing.response();
        if (response.headWritten()) {
            response.reset();
            return;
        }
        if (isRetryable(code.category())) {
            response.putHeader(HttpHeaders.RETRY_AFTER, seconds(retryAfter));
        }
        if (code.category() == ErrorCategory.UNAUTHENTICATED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        response.setStatusCode(code.category().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        routing.end(body(routing, code, detail));
    }

    /** True if the same request may succeed a little later. */
    public static boolean isRetryable(ErrorCategory category) {
        return category == ErrorCategory.TOO_MANY
                || category == ErrorCategory.OVERLOADED
                || category == ErrorCategory.BAD_GATEWAY
                || category == ErrorCategory.TIMED_OUT;
    }

    /** What {@code Retry-After} says: whole seconds, rounded up, at least one. */
    public static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
    }
}
