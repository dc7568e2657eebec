package io.clientele.common.paging;

import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param limit at most so many, 1 to 1,000
 * @param after the key of the last item of the page before, or null for the first page
 */
public record PageRequest(int limit, @Nullable String after) {
    /** Without {@code ?limit=}. */
    public static final int DEFAULT_LIMIT = 50;

    /** More is refused. */
    public static final int MAXIMUM_LIMIT = 1000;

    /**
     * Reads the query parameters.
     *
     * @param limit {@code ?limit=}, or null
     * @param cursor {@code ?cursor=}, or null
     * @throws RequestException if either is not valid
     */
    public static PageRequest of(@Nullable Integer limit, @Nullable String cursor) {
        int wanted = limit == null ? DEFAULT_LIMIT : limit;
        if (wanted < 1 || wanted > MAXIMUM_LIMIT) {
            throw new RequestException(
                    CommonError.REQUEST_INVALID,
                    "limit is from 1 to " + MAXIMUM_LIMIT + ", was " + wanted + ".",
                    List.of(
                            new FieldError(
                                    "limit",
                                    "expected 1 to " + MAXIMUM_LIMIT + ", was " + wanted)));
        }
        return new PageRequest(wanted, cursor == null || cursor.isEmpty() ? null : decode(cursor));
    }

    /** {@link #after()}, if it is not the first page. */
    public Optional<String> position() {
        return Optional.ofNullable(after);
    }

    /** The cursor that continues after {@code key}. Opaque to callers, safe in a URL. */
    public static String cursorAfter(String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RequestException(
                    CommonError.CURSOR_INVALID,
                    "cursor is what the page before gave as \"next\"; this is none.");
        }
    }
}
