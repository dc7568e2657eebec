package io.clientele.gateway.route;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table.
 *
 * @param method HTTP method, in capitals
 * @param path which paths
 * @param service who answers: a name of {@link ServicesConfig}, or {@link #GATEWAY}
 * @param roles any one of them lets a token through
 * @param body how large a request's body may be
 * @param isAnswerStreamed true: the answer may pause for as long as it likes
 * @param does what it is for, in a few words
 */
public record Route(
        String method,
        PathTemplate path,
        String service,
        Set<String> roles,
        BodyRule body,
        boolean isAnswerStreamed,
        String does) {
    /** The service name of the gateway's own routes. */
    public static final String GATEWAY = "gateway";

    /** Takes a copy. */
    public Route {
        roles = Set.copyOf(roles);
    }

    /** How large a body may be. */
    public enum BodyRule {
        /** Up to the gateway's limit. */
        LIMITED,
        /** NDJSON as long as it moves, anything else up to the limit. */
        STREAMED_NDJSON,
        /** As long as it moves. */
        STREAMED
    }

    /** True if a body of this content type has no size limit. */
    public boolean isBodyStreamed(@Nullable String contentType) {
        return switch (body) {
            case LIMITED -> false;
            case STREAMED -> true;
            case STREAMED_NDJSON ->
                    contentType != null
                            && contentType
                                    .split(";", 2)[0]
                                    .strip()
                                    .equalsIgnoreCase("application/x-ndjson");
        };
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
