package io.clientele.embedded;

import java.time.Duration;

/** Hears what a start is doing, to show it. Called from several threads at once; must not block. */
public interface StartListener {
    /** Hears nothing. */
    StartListener SILENT = new StartListener() {};

    /**
     * A server goes about something that takes seconds, such as {@code building Keycloak, once}.
     */
    default void step(ServerKind server, String what) {}

    /** A server is ready for use, {@code elapsed} after the start began. */
    default void ready(ServerKind server, Duration elapsed) {}

    /**
     * True: the start is to be given up. Asked a few times a second for each server that is not
     * ready; the start then fails, with nothing left running.
     */
    default boolean isStopWanted() {
        return false;
    }
}
