package io.clientele.testkit;

import io.clientele.embedded.Ports;
import io.clientele.embedded.ServerKind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The packaged service of the module under test in a process of its own, with a heap of 256 MB and
 * Kafka, PostgreSQL and Keycloak of {@link TestServers}, for tests that kill it. Each start has the
 * same port, the same log, and a fresh folder {@code CLIENTELE_DATA}. Not thread-safe.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(90);

    private final String database;
    private final int port = Ports.freeBase();
    private final Map<String, String> environment = new HashMap<>();
    private final List<Process> started = new ArrayList<>();

    /**
     * Names a service; {@link #start} starts it.
     *
     * @param database as {@link TestServers#environment} takes it
     */
    public ServiceProcess(String database) {
        this.database = database;
    }

    /** Sets what the service finds in its environment from the next start on. */
    public ServiceProcess with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Where it listens, on 127.0.0.1; those up to {@link Ports#RANGE} above it are free. */
    public int port() {
        return port;
    }

    /** What it printed, of all starts. */
    public Path log() {
        return Path.of("target", "killed-" + database + ".log");
    }

    /** Starts it, and waits until it is ready. */
    public void start() throws IOException {
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar").toString());
        for (var kind : List.of(ServerKind.KAFKA, ServerKind.POSTGRES, ServerKind.KEYCLOAK)) {
            builder.environment().putAll(TestServers.environment(kind, database));
        }
        var state = Files.createDirectories(Path.of("target", "state"));
        builder.environment()
                .put(
                        "CLIENTELE_DATA",
                        Files.createTempDirectory(state, "killed-").toAbsolutePath().toString());
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().putAll(environment);
        var process =
                builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                        .start();
        started.add(process);
        Awaitility.await("the service, see " + log())
                .atMost(LONGEST_START)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .failFast("the service has ended, see " + log(), () -> !process.isAlive())
                .until(this::isReady);
    }

    /** Ends it by SIGKILL, and waits until it has ended. */
    public void kill() throws InterruptedException {
        started.getLast().destroyForcibly().waitFor();
    }

    /** Asks it to end; says whether it has within {@code atMost}. */
    public boolean stop(Duration atMost) throws InterruptedException {
        started.getLast().destroy();
        return started.getLast().waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends all that was started, by SIGKILL. */
    @Override
    public void close() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    private boolean isReady() throws IOException {
        var address = URI.create("http://127.0.0.1:" + port + "/q/health/ready");
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(5_000);
        try {
            return connection.getResponseCode() == 200;
        } finally {
            connection.disconnect();
        }
    }
}
