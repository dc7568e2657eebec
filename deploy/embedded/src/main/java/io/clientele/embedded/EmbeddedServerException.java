package io.clientele.embedded;

import org.jspecify.annotations.Nullable;

/**
 * A server could not be started or did not stay up. The message is one sentence for the user: what,
 * where, and the remedy.
 */
public final class EmbeddedServerException extends RuntimeException {
    public EmbeddedServerException(String message) {
        super(message);
    }

    public EmbeddedServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
