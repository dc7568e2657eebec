package io.clientele.launcher;

/**
 * A command cannot be carried out; the message is complete for the person who typed it: what was
 * wanted, what stands in the way, and what helps. It is printed without a stack trace.
 */
public final class LauncherException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An obstacle that has no other exception as its cause. */
    public LauncherException(String message) {
        super(message);
    }

    /** An obstacle found through {@code cause}, which is kept for the log. */
    public LauncherException(String message, Throwable cause) {
        super(message, cause);
    }
}
