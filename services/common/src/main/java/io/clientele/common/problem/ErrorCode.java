package io.clientele.common.problem;

import java.util.Locale;

/**
 * A stable name of an error; each service has one enum of them. Names are API: never renamed, never
 * reused.
 */
public interface ErrorCode {
    /** The constant's name, such as {@code EVENT_INVALID}. */
    String name();

    /** What kind it is. */
    ErrorCategory category();

    /** As callers see it, such as {@code event-invalid}. */
    default String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
