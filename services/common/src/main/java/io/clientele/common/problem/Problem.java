package io.clientele.common.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as callers see it: {@code application/problem+json}, RFC 9457.
 *
 * @param type {@code about:blank}: the code says all a type would
 * @param title the same for all errors of a status
 * @param status the HTTP status
 * @param code stable; for programs
 * @param detail for people: what was expected, what came, what to do
 * @param instance the request's id, to quote
 * @param errors the places in the input, if any
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String code,
        @Nullable String detail,
        @Nullable String instance,
        List<FieldError> errors) {
    /** The content type of this. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Takes a copy. */
    public Problem {
        errors = List.copyOf(errors);
    }

    /** The problem of {@code code}. */
    public static Problem of(
            ErrorCode code,
            @Nullable String detail,
            @Nullable String instance,
            List<FieldError> errors) {
        var category = code.category();
        return new Problem(
                "about:blank",
                category.title(),
                category.status(),
                code.code(),
                detail,
                instance,
                errors);
    }
}
