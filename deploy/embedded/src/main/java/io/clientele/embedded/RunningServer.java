package io.clientele.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A server that was started, with what tests of faults do to it. Thread-safe. */
public final class RunningServer {
    private static final Duration POLL = Duration.ofMillis(50);
    private final Server server;
    private volatile ManagedProcess process;

    private RunningServer(Server server, ManagedProcess process) {
        this.server = server;
        this.process = process;
    }

    static RunningServer start(Server server) {
        for (int port : server.ports()) {
            Ports.requireFree(port, server.kind().title());
        }
        server.prepare();
        if (isStopWanted(server)) {
            throw givenUp(server);
        }
        return new RunningServer(server, launch(server));
    }

    private static boolean isStopWanted(Server server) {
        return server.setup().options().listener().isStopWanted();
    }

    private static EmbeddedServerException givenUp(Server server) {
        return new EmbeddedServerException(server.kind().title() + " was stopped while it started");
    }

    private static ManagedProcess launch(Server server) {
        long begun = System.nanoTime();
        ManagedProcess process = ManagedProcess.start(server.command());
        while (!server.isReady(process)) {
            if (process.awaitExit(POLL)) {
                throw new EmbeddedServerException(
                        server.kind().title()
                                + " ended while it started; its log "
                                + process.log()
                                + " ends with:\n"
                                + tail(process.log()));
            }
            if (isStopWanted(server)) {
                process.stop();
                throw givenUp(server);
            }
            if (System.nanoTime() - begun > server.startLimit().toNanos()) {
                process.stop();
                throw new EmbeddedServerException(
                        server.kind().title()
                                + " was not ready after "
                                + server.startLimit().toSeconds()
                                + " s; its log "
                                + process.log()
                                + " ends with:\n"
                                + tail(process.log()));
            }
        }
        server.afterReady();
        return process;
    }

    private static String tail(Path log) {
        try {
            return Machine.lastLines(Files.readString(log), 12);
        } catch (IOException unreadable) {
            return "(unreadable: " + unreadable.getMessage() + ")";
        }
    }

    public ServerKind kind() {
        return server.kind();
    }

    /** How clients reach it, as the value of {@link ServerKind#environmentKey}. */
    public String address() {
        return server.address();
    }

    /** The port of {@link #address}. */
    public int port() {
        return server.ports()[0];
    }

    /** The process id of the server itself. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The process, for instance to hear of its end. Another one after {@link #restart}. */
    public ManagedProcess process() {
        return process;
    }

    /** SIGKILL. Returns when it has ended. */
    public void kill() {
        process.kill();
    }

    /** Stops it in good order. Returns when it has ended. */
    public void stop() {
        process.stop();
    }

    /**
     * Stops it if it runs, then starts it again on the same port and data. Returns when it is
     * ready.
     *
     * @throws EmbeddedServerException if it does not start
     */
    public synchronized void restart() {
        process.stop();
        server.prepare();
        process = launch(server);
    }
}
