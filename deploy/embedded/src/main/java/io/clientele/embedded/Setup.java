package io.clientele.embedded;

import java.nio.file.Path;

/**
 * What one server needs to know to start.
 *
 * @param home the server's own folder; exists
 * @param log the server's log file
 * @param run the folder of pid files
 * @param port the first port
 */
record Setup(
        Path home,
        Path log,
        Path run,
        int port,
        boolean ephemeral,
        Secrets secrets,
        ServerJars jars,
        Options options) {
    void step(ServerKind server, String what) {
        options.listener().step(server, what);
    }
}
