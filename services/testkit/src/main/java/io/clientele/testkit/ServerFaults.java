package io.clientele.testkit;

import io.clientele.embedded.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Faults of the servers that {@link TestServers} started. */
public final class ServerFaults {
    private ServerFaults() {}

    /** Undoes a fault. */
    public interface Fault extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Stops the server's process (SIGSTOP): connections stay open and nothing answers. Close the
     * result to let it go on.
     *
     * @throws IllegalStateException if the server was not started here
     */
    public static Fault pause(ServerKind kind) {
        long pid =
                TestServers.pid(kind)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        kind.title()
                                                + " was not started here: it cannot be paused"));
        signal("STOP", pid);
        return () -> signal("CONT", pid);
    }

    private static void signal(String name, long pid) {
        try {
            int status =
                    new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + pid)
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        "kill -s " + name + " " + pid + " ended with status " + status);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending a signal", interrupted);
        }
    }
}
