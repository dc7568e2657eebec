package io.clientele.launcher;

import io.clientele.embedded.EmbeddedServers;
import io.clientele.embedded.Options;
import io.clientele.embedded.RunningServer;
import io.clientele.embedded.Secrets;
import io.clientele.embedded.ServerKind;
import io.clientele.embedded.StartListener;
import io.clientele.launcher.PlatformPorts.Slot;
import io.clientele.launcher.PlatformState.ProcessIdentity;
import io.clientele.launcher.PlatformState.ProcessState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a platform: those started here, which are started again when they end unasked, and
 * those given by address. Thread-safe.
 */
final class PlatformServers implements AutoCloseable {
    /** The programs that exist from the start. */
    static final List<String> PROGRAMS = List.of("demo", "other");

    private static final String SAMPLE_USER = "admin";

    private final EmbeddedServers servers;
    private final boolean ephemeral;
    private final Map<String, String> environment;
    private final Map<ServerKind, Watched> watched = new EnumMap<>(ServerKind.class);
    private volatile boolean closed;

    private PlatformServers(
            EmbeddedServers servers, boolean ephemeral, Map<String, String> environment) {
        this.environment = environment;
        this.servers = servers;
        this.ephemeral = ephemeral;
    }

    /** What is known of one server besides its process. Guarded by this. */
    private static final class Watched {
        private final Backoff backoff = new Backoff();
        private int restarts;
        private @Nullable Integer lastExit;
        private @Nullable Long lastExitMillis;
        private long startedNanos = System.nanoTime();
    }

    /** The ports of the servers that are not given by address. */
    static Set<Slot> wantedPorts(Map<String, String> environment) {
        Set<Slot> wanted = EnumSet.noneOf(Slot.class);
        for (ServerKind kind : ServerKind.values()) {
            if (environment.getOrDefault(kind.environmentKey(), "").isBlank()) {
                switch (kind) {
                    case KEYCLOAK -> wanted.add(Slot.KEYCLOAK);
                    case KAFKA -> wanted.addAll(Set.of(Slot.KAFKA, Slot.KAFKA_CONTROLLER));
                    case POSTGRES -> wanted.add(Slot.POSTGRESQL);
                    case MONGODB -> wanted.add(Slot.MONGODB);
                }
            }
        }
        return wanted;
    }

    /**
     * Starts the servers of a platform and returns when they are ready.
     *
     * @param stopWanted asked from any thread; true gives the start up
     * @throws io.clientele.embedded.EmbeddedServerException in one sentence, with none left running
     */
    static PlatformServers start(
            PlatformOptions options,
            DataFolder folder,
            Progress progress,
            BooleanSupplier stopWanted) {
        Options wanted =
                (options.ephemeral()
                                ? Options.ephemeral().basePort(options.port())
                                : Options.persistent(folder.servers(), options.port()))
                        .logs(folder.logs())
                        .programs(PROGRAMS)
                        .environment(options.environment());
        return start(wanted, options.ephemeral(), progress, stopWanted);
    }

    /** A Keycloak on a free port for the tests of all modules, unless the environment names one. */
    static PlatformServers keycloakForTests(
            Path root, Map<String, String> environment, Progress progress) {
        Options wanted =
                Options.ephemeral()
                        .servers(EnumSet.of(ServerKind.KEYCLOAK))
                        .logs(root.resolve("target").resolve("test-logs"))
                        .programs(PROGRAMS)
                        .environment(environment);
        return start(wanted, true, progress, () -> false);
    }

    private static PlatformServers start(
            Options options, boolean ephemeral, Progress progress, BooleanSupplier stopWanted) {
        int count = wantedServers(options);
        try (Progress.Step step = progress.step("Starting servers", count, "")) {
            AtomicInteger ready = new AtomicInteger();
            StartListener listener =
                    new StartListener() {
                        @Override
                        public void step(ServerKind server, String what) {
                            step.note(what);
                        }

                        @Override
                        public void ready(ServerKind server, Duration elapsed) {
                            step.advanceTo(ready.incrementAndGet());
                            step.note(server.title() + " is ready");
                        }

                        @Override
                        public boolean isStopWanted() {
                            return stopWanted.getAsBoolean();
                        }
                    };
            EmbeddedServers servers = EmbeddedServers.start(options.listener(listener));
            step.finish(count + " ready");
            return new PlatformServers(servers, ephemeral, options.environment());
        }
    }

    private static int wantedServers(Options options) {
        return (int)
                options.servers().stream()
                        .filter(kind ->
                                options.environment()
                                        .getOrDefault(kind.environmentKey(), "")
                                        .isBlank())
                        .count();
    }

    /**
     * From now on starts a server again that ends unasked. The memory store of an ephemeral
     * platform is left down, as it would come back empty.
     *
     * @param changed called after each end and start, from any thread; must be quick
     */
    void watch(ScheduledExecutorService scheduler, Clock clock, Runnable changed) {
        servers.running().keySet().forEach(kind -> watched.put(kind, new Watched()));
        servers.running().values().forEach(server -> watch(server, scheduler, clock, changed));
    }

    private void watch(
            RunningServer server,
            ScheduledExecutorService scheduler,
            Clock clock,
            Runnable changed) {
        var _ =
                server.process()
                        .onExit()
                        .thenAccept(status -> {
                            if (closed) {
                                return;
                            }
                            Duration pause = noteEnd(server.kind(), status, clock);
                            changed.run();
                            if (!(ephemeral && server.kind() == ServerKind.MONGODB)) {
                                var _ =
                                        scheduler.schedule(
                                                () -> restart(server, scheduler, clock, changed),
                                                pause.toMillis(),
                                                TimeUnit.MILLISECONDS);
                            }
                        });
    }

    private Duration noteEnd(ServerKind kind, int status, Clock clock) {
        Watched known = requireWatched(kind);
        synchronized (known) {
            known.lastExit = status;
            known.lastExitMillis = clock.millis();
            return known.backoff.after(Duration.ofNanos(System.nanoTime() - known.startedNanos));
        }
    }

    private void restart(
            RunningServer server,
            ScheduledExecutorService scheduler,
            Clock clock,
            Runnable changed) {
        // Waits until the server is ready, so not on the supervisor's one thread.
        Thread.ofPlatform()
                .daemon()
                .name("restart-" + server.kind())
                .start(() -> {
                    if (closed) {
                        return;
                    }
                    Watched known = requireWatched(server.kind());
                    synchronized (known) {
                        known.restarts++;
                        known.startedNanos = System.nanoTime();
                    }
                    try {
                        server.restart();
                    } finally {
                        watch(server, scheduler, clock, changed);
                        changed.run();
                    }
                });
    }

    private Watched requireWatched(ServerKind kind) {
        Watched known = watched.get(kind);
        if (known == null) {
            throw new IllegalStateException(kind.title() + " is not watched");
        }
        return known;
    }

    /** What a service finds in its environment; see {@link EmbeddedServers#environment}. Secret. */
    Map<String, String> environment(String service) {
        return servers.environment(service);
    }

    /**
     * What a client of Keycloak finds in its environment: its address and where the clients'
     * secrets are.
     */
    Map<String, String> tokenEnvironment() {
        Map<String, String> variables = new LinkedHashMap<>();
        servers.address(ServerKind.KEYCLOAK)
                .ifPresent(address -> variables.put("CLIENTELE_OIDC_URL", address));
        clientSecretsFile().ifPresent(file -> variables.put(Secrets.ENVIRONMENT_KEY, file));
        return variables;
    }

    /** The servers, started here or given, for tests that go around the gateway. */
    EmbeddedServers embedded() {
        return servers;
    }

    /** Addresses without secrets, for other commands. */
    Map<String, String> publicAddresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        servers.running()
                .forEach((kind, server) -> addresses.put(kind.environmentKey(), server.address()));
        servers.address(ServerKind.KEYCLOAK)
                .ifPresent(address -> addresses.put("CLIENTELE_OIDC_URL", address));
        return addresses;
    }

    /** Where the secrets of the servers started here are. */
    String secretsFile() {
        return servers.secrets().file().toString();
    }

    /**
     * Where the secrets of Keycloak's clients are; empty if Keycloak was given without such a file.
     */
    Optional<String> clientSecretsFile() {
        return servers.running().containsKey(ServerKind.KEYCLOAK)
                ? Optional.of(secretsFile())
                : Optional.ofNullable(environment.get(Secrets.ENVIRONMENT_KEY));
    }

    /** How a person signs in, in a few lines; none if Keycloak was given by address. */
    List<String> signIn() {
        List<String> lines = new ArrayList<>();
        String program = PROGRAMS.getFirst();
        servers.address(ServerKind.KEYCLOAK)
                .ifPresent(address ->
                        servers.userPassword(program, SAMPLE_USER)
                                .ifPresent(password -> {
                                    lines.add(
                                            address
                                                    + "/account as "
                                                    + program
                                                    + "-"
                                                    + SAMPLE_USER
                                                    + " with "
                                                    + password);
                                    lines.add(
                                            "the other sample users (PROGRAM-ROLE) are in "
                                                    + servers.secrets().file());
                                }));
        return lines;
    }

    /** The servers started here, in the order of their ports. */
    List<ProcessState> states() {
        List<ProcessState> states = new ArrayList<>();
        servers.running()
                .forEach((kind, server) -> {
                    Watched known = requireWatched(kind);
                    ProcessIdentity identity =
                            Optional.of(server.pid())
                                    .filter(pid -> server.isAlive() && pid > 0)
                                    .flatMap(ProcessHandle::of)
                                    .map(ProcessIdentity::of)
                                    .orElse(new ProcessIdentity(-1, 0));
                    synchronized (known) {
                        states.add(
                                new ProcessState(
                                        title(kind),
                                        false,
                                        identity,
                                        server.port(),
                                        known.restarts,
                                        known.lastExit,
                                        known.lastExitMillis));
                    }
                });
        return states;
    }

    private static String title(ServerKind kind) {
        return switch (kind) {
            case KEYCLOAK -> "Keycloak";
            case KAFKA -> "Kafka";
            case POSTGRES -> "PostgreSQL";
            case MONGODB -> "MongoDB-compatible";
        };
    }

    /** Stops those started here. */
    @Override
    public void close() {
        closed = true;
        servers.close();
    }
}
