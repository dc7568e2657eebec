package io.clientele.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A set of servers that runs. {@link #close} stops them; if this process ends in another way, even
 * by SIGKILL, they stop all the same.
 *
 * <p>A server whose address stands in the environment ({@link ServerKind#environmentKey}) is not
 * started: {@link #environment} passes that address on. Thread-safe.
 */
public final class EmbeddedServers implements AutoCloseable {
    private static final List<String> KAFKA_KEYS =
            List.of(
                    "CLIENTELE_KAFKA_BOOTSTRAP_SERVERS",
                    "CLIENTELE_KAFKA_SECURITY_PROTOCOL",
                    "CLIENTELE_KAFKA_SASL_MECHANISM",
                    "CLIENTELE_KAFKA_SASL_JAAS_CONFIG");

    private final Options options;
    private final Path data;
    private final Secrets secrets;
    private final Map<ServerKind, RunningServer> running;
    private final @Nullable FileChannel lock;
    private final @Nullable Process sweeper;
    private final Thread hook;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedServers(
            Options options,
            Path data,
            Secrets secrets,
            Map<ServerKind, RunningServer> running,
            @Nullable FileChannel lock,
            @Nullable Process sweeper) {
        this.options = options;
        this.data = data;
        this.secrets = secrets;
        this.running = Collections.unmodifiableMap(running);
        this.lock = lock;
        this.sweeper = sweeper;
        this.hook = new Thread(this::stopAll, "embedded-servers-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts the servers, all at once, and returns when each is ready. If one does not start, none
     * is left running.
     *
     * @throws EmbeddedServerException with one sentence for the user
     */
    public static EmbeddedServers start(Options options) {
        boolean ephemeral = options.data().isEmpty();
        Path data =
                options.data()
                        .map(EmbeddedServers::privateFolder)
                        .orElseGet(EmbeddedServers::temporaryFolder);
        FileChannel lock = ephemeral ? null : lock(data);
        Process sweeper = null;
        try {
            Path run = PrivateFiles.folder(data.resolve("run"));
            if (ephemeral) {
                List<String> line = ManagedProcess.shell(ManagedProcess.script(run, "sweep.sh"));
                line.add(data.toString());
                sweeper =
                        new ProcessBuilder(line)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start();
            } else {
                Leftovers.await(run);
            }
            Secrets secrets = Secrets.in(data);
            int base = options.basePort() != 0 ? options.basePort() : Ports.freeBase();
            Map<ServerKind, RunningServer> running =
                    startAll(servers(options, data, run, base, ephemeral, secrets), options);
            return new EmbeddedServers(options, data, secrets, running, lock, sweeper);
        } catch (IOException failed) {
            release(lock, sweeper);
            throw new UncheckedIOException("cannot start the servers in " + data, failed);
        } catch (RuntimeException failed) {
            release(lock, sweeper);
            throw failed;
        }
    }

    private static Path privateFolder(Path data) {
        if (!Files.exists(data)) {
            PrivateFiles.folder(data);
            try {
                Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
            } catch (IOException failed) {
                throw new UncheckedIOException("cannot protect " + data, failed);
            }
        }
        return data;
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("clientele-");
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot create a temporary folder", failed);
        }
    }

    private static FileChannel lock(Path data) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            data.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new EmbeddedServerException(
                        "the data folder "
                                + data
                                + " is in use by a platform that runs: stop it (./clientele down)"
                                + " or name another folder with --data");
            }
            return channel;
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot lock " + data, failed);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static List<Server> servers(
            Options options, Path data, Path run, int base, boolean ephemeral, Secrets secrets) {
        Path logs = PrivateFiles.folder(options.logs().orElse(data.resolve("logs")));
        ServerJars jars = ServerJars.find();
        List<Server> servers = new ArrayList<>();
        for (ServerKind kind : ServerKind.values()) {
            if (options.servers().contains(kind) && !isGiven(options, kind)) {
                Setup setup =
                        new Setup(
                                PrivateFiles.folder(data.resolve(kind.folder())),
                                logs.resolve(kind.folder() + ".log"),
                                run,
                                base + kind.portOffset(),
                                ephemeral,
                                secrets,
                                jars,
                                options);
                servers.add(
                        switch (kind) {
                            case KEYCLOAK -> new KeycloakServer(setup);
                            case KAFKA -> new KafkaServer(setup);
                            case POSTGRES -> new PostgresServer(setup);
                            case MONGODB -> new MongoServer(setup);
                        });
            }
        }
        return servers;
    }

    private static boolean isGiven(Options options, ServerKind kind) {
        return !options.environment().getOrDefault(kind.environmentKey(), "").isBlank();
    }

    private static Map<ServerKind, RunningServer> startAll(List<Server> servers, Options options) {
        long begun = System.nanoTime();
        Map<ServerKind, RunningServer> running =
                Collections.synchronizedMap(new EnumMap<>(ServerKind.class));
        // Every taken port is found before anything starts.
        servers.forEach(server ->
                Arrays.stream(server.ports())
                        .forEach(port -> Ports.requireFree(port, server.kind().title())));
        try (ExecutorService starters =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("server-start-", 0).daemon().factory())) {
            List<CompletableFuture<Void>> starts =
                    servers.stream()
                            .map(server ->
                                    CompletableFuture.runAsync(
                                            () -> {
                                                running.put(
                                                        server.kind(), RunningServer.start(server));
                                                options.listener()
                                                        .ready(
                                                                server.kind(),
                                                                Duration.ofNanos(
                                                                        System.nanoTime() - begun));
                                            },
                                            starters))
                            .toList();
            CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).join();
            Map<ServerKind, RunningServer> ordered = new EnumMap<>(ServerKind.class);
            ordered.putAll(running);
            return ordered;
        } catch (CompletionException failed) {
            running.values().forEach(RunningServer::stop);
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    /**
     * The servers that were started here; those with an address in the environment are not among
     * them.
     */
    public Map<ServerKind, RunningServer> running() {
        return running;
    }

    /**
     * A server started here.
     *
     * @throws IllegalStateException if it was not started here
     */
    public RunningServer require(ServerKind kind) {
        RunningServer server = running.get(kind);
        if (server == null) {
            throw new IllegalStateException(kind.title() + " was not started here");
        }
        return server;
    }

    /**
     * The data folder: secrets, logs, and a folder for each server. Deleted at {@link #close} when
     * ephemeral.
     */
    public Path data() {
        return data;
    }

    /** The secrets of this set. */
    public Secrets secrets() {
        return secrets;
    }

    /** The address of a server, started here or given; empty if neither. */
    public Optional<String> address(ServerKind kind) {
        RunningServer server = running.get(kind);
        return server != null
                ? Optional.of(server.address())
                : Optional.ofNullable(options.environment().get(kind.environmentKey()));
    }

    /**
     * What a service finds in its environment: addresses, logins and passwords, for the servers
     * started here and for those whose address was given. For a given PostgreSQL the passwords come
     * from {@code CLIENTELE_POSTGRES_PASSWORD_<SERVICE>} and {@code
     * CLIENTELE_POSTGRES_OWNER_PASSWORD_<SERVICE>}, else from the same names without the service.
     *
     * @param service such as {@code ingestion}: with {@code _} for {@code -}, the name of its
     *     database, if it has one
     */
    public Map<String, String> environment(String service) {
        Map<String, String> result = new LinkedHashMap<>();
        if (running.containsKey(ServerKind.KAFKA)) {
            result.putAll(kafkaCredentials(KafkaServer.SUPERUSER));
        } else {
            KAFKA_KEYS.forEach(key -> pass(result, key, key));
        }
        if (running.containsKey(ServerKind.POSTGRES)) {
            result.put("CLIENTELE_POSTGRES_URL", require(ServerKind.POSTGRES).address());
            String database = service.replace('-', '_');
            if (options.databases().contains(database)) {
                result.put("CLIENTELE_POSTGRES_PASSWORD", postgresPassword(database));
                result.put(
                        "CLIENTELE_POSTGRES_OWNER_PASSWORD", postgresPassword(database + "_owner"));
            }
        } else {
            String suffix = "_" + service.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            pass(result, "CLIENTELE_POSTGRES_URL", "CLIENTELE_POSTGRES_URL");
            for (String key :
                    List.of("CLIENTELE_POSTGRES_PASSWORD", "CLIENTELE_POSTGRES_OWNER_PASSWORD")) {
                pass(result, key, key);
                pass(result, key, key + suffix);
            }
        }
        address(ServerKind.MONGODB)
                .ifPresent(address -> result.put("CLIENTELE_MONGODB_URL", address));
        address(ServerKind.KEYCLOAK)
                .ifPresent(address -> result.put("CLIENTELE_OIDC_URL", address));
        result.put("CLIENTELE_IDENTITY_KEY", identityKey());
        return result;
    }

    private void pass(Map<String, String> result, String key, String from) {
        String value = options.environment().get(from);
        if (value != null && !value.isBlank()) {
            result.put(key, value);
        }
    }

    /**
     * The key that identities are hashed with: {@code CLIENTELE_IDENTITY_KEY}, else one made at the
     * first start and kept. Base64.
     */
    public String identityKey() {
        String given = options.environment().get("CLIENTELE_IDENTITY_KEY");
        return given != null && !given.isBlank() ? given : secrets.requireKey("identity-key");
    }

    /**
     * The Kafka settings of a principal, as the environment names them: a program reads its own
     * topics only, {@code clientele} may do everything.
     *
     * @throws IllegalStateException if Kafka was not started here or has no such principal
     */
    public Map<String, String> kafkaCredentials(String principal) {
        RunningServer kafka = require(ServerKind.KAFKA);
        String password =
                secrets.find(KafkaServer.secretName(principal))
                        .orElseThrow(() ->
                                new IllegalStateException("Kafka has no principal " + principal));
        Map<String, String> result = new LinkedHashMap<>();
        result.put("CLIENTELE_KAFKA_BOOTSTRAP_SERVERS", kafka.address());
        result.put("CLIENTELE_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        result.put("CLIENTELE_KAFKA_SASL_MECHANISM", KafkaServer.MECHANISM);
        result.put("CLIENTELE_KAFKA_SASL_JAAS_CONFIG", KafkaServer.login(principal, password));
        return result;
    }

    /**
     * The password of a PostgreSQL role: {@code <database>}, {@code <database>_owner} or {@code
     * postgres}.
     *
     * @throws IllegalStateException if there is no such role
     */
    public String postgresPassword(String role) {
        return secrets.find(PostgresServer.secretName(role))
                .orElseThrow(() -> new IllegalStateException("PostgreSQL has no role " + role));
    }

    /**
     * The secret of client {@code <program>-<role>} for the client credentials grant; for a given
     * Keycloak as {@link Secrets#clientSecret} finds it. Empty if it is not known.
     */
    public Optional<String> clientSecret(String program, String role) {
        return running.containsKey(ServerKind.KEYCLOAK)
                ? secrets.find(Secrets.clientName(program, role))
                : Secrets.clientSecret(options.environment(), program, role);
    }

    /**
     * The password of the sample user {@code <program>-<role>}; empty if Keycloak was not started
     * here.
     */
    public Optional<String> userPassword(String program, String role) {
        return running.containsKey(ServerKind.KEYCLOAK)
                ? secrets.find("user." + program + "-" + role)
                : Optional.empty();
    }

    /**
     * Stops all servers at once and returns when they have ended; an ephemeral set is gone then.
     * Does nothing the second time.
     */
    @Override
    public void close() {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // Then the hook finds nothing left to do.
            return;
        }
    }

    private void stopAll() {
        if (closed.compareAndSet(false, true)) {
            running.values().forEach(server -> server.process().requestStop());
            running.values().forEach(RunningServer::stop);
            release(lock, sweeper);
        }
    }

    private static void release(@Nullable FileChannel lock, @Nullable Process sweeper) {
        try {
            if (lock != null) {
                lock.close();
            }
            if (sweeper != null) {
                sweeper.getOutputStream().close();
                sweeper.onExit().join();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot release the data folder", failed);
        }
    }
}
