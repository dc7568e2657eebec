package io.clientele.common.http;

import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import org.jspecify.annotations.Nullable;

/** Strong entity tags over a version number: {@code "v7"}. */
public final class EntityTags {
    private EntityTags() {}

    /** The tag of a version. */
    public static String of(long version) {
        return "\"v" + version + "\"";
    }

    /**
     * Checks that an edit knows what it edits.
     *
     * @param ifMatch the request's {@code If-Match}, or null
     * @param version the present version
     * @throws RequestException 428 if there is none, 412 if it names another version
     */
    public static void check(@Nullable String ifMatch, long version) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw new RequestException(
                    CommonError.IF_MATCH_MISSING,
                    "An edit needs the header If-Match with the ETag that was read, or * for any.");
        }
        var wanted = ifMatch.strip();
        if (!wanted.equals("*") && !wanted.equals(of(version))) {
            throw new RequestException(
                    CommonError.IF_MATCH_STALE,
                    "The present ETag is " + of(version) + ", If-Match was " + wanted + ".");
        }
    }
}
