package io.clientele.common.problem;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An error that a retry may fix: a store, a broker, a service is slow or away. */
public final class TransientException extends RuntimeException {
    private final transient ErrorCode code;
    private final Duration retryAfter;

    /**
     * @param code what it is; its category is {@link ErrorCategory#OVERLOADED}
     * @param detail who did not answer
     * @param cause what was caught, if anything
     */
    public TransientException(ErrorCode code, String detail, @Nullable Throwable cause) {
        this(code, detail, Duration.ofSeconds(2), cause);
    }

    /**
     * @param code what it is; its category is {@link ErrorCategory#OVERLOADED}
     * @param detail who did not answer
     * @param retryAfter when to try again; whole seconds, at least one
     * @param cause what was caught, if anything
     */
    public TransientException(
            ErrorCode code, String detail, Duration retryAfter, @Nullable Throwable cause) {
        super(detail, cause);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** What it is. */
    public ErrorCode code() {
        return code;
    }

    /** When to try again. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Its message, never null. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
