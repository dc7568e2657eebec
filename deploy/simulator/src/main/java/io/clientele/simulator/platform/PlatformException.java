package io.clientele.simulator.platform;

/**
 * The platform cannot be reached or does not do as asked; the message is complete for the person
 * who started the simulator and is printed without a stack trace.
 */
public final class PlatformException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure that has no other exception as its cause. */
    public PlatformException(String message) {
        super(message);
    }

    /** A failure found through {@code cause}. */
    public PlatformException(String message, Throwable cause) {
        super(message, cause);
    }
}
