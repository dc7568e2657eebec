package io.clientele.launcher;

import io.clientele.embedded.EmbeddedServers;
import io.clientele.embedded.ManagedProcess;
import io.clientele.embedded.Secrets;
import io.clientele.launcher.HealthCheck.Answer;
import io.clientele.launcher.PlatformPorts.Slot;
import io.clientele.launcher.PlatformState.ProcessIdentity;
import io.clientele.launcher.PlatformState.ProcessState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything of Clientele on this machine: the servers that are not given by address, the services,
 * the gateway, each in a process of its own that cannot outlive this one.
 *
 * <p>A service that ends unasked is started again ({@link Backoff}). Closing stops the gateway
 * first and the servers last. Thread-safe; {@link #start} runs on the caller's thread and is ended
 * by {@link #close} from another.
 */
public final class Platform implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SERVICE_GRACE = Duration.ofSeconds(20);
    private static final int HOPELESS_STARTS = 4;

    private final PlatformOptions options;
    private final PlatformPorts ports;
    private final DataFolder folder;
    private final Clock clock = Clock.systemUTC();
    private final long startedMillis = clock.millis();
    private final HttpClient http;
    private final ScheduledExecutorService scheduler;
    private final CountDownLatch stopWanted = new CountDownLatch(1);
    private final Object stateLock = new Object();

    // Written once, under this.
    private volatile Map<Service, SupervisedProcess> services = Map.of();

    // Guarded by this.
    private @Nullable PlatformServers servers;
    private boolean closed;
    // At zero while no servers are being started.
    private CountDownLatch starting = new CountDownLatch(0);
    // Guarded by stateLock: no note is written once the platform is closed.
    private boolean noted;

    private Platform(PlatformOptions options) {
        this.options = options;
        this.ports = new PlatformPorts(options.port());
        this.folder = DataFolder.below(options.home(), options.ephemeral(), options.port());
        this.http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
        this.scheduler =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("supervisor").factory());
    }

    /**
     * Starts everything and returns when all of it is ready.
     *
     * @throws LauncherException in one sentence, with nothing left running
     */
    public static Platform start(PlatformOptions options, Progress progress) {
        Platform platform = prepare(options);
        platform.run(progress);
        return platform;
    }

    /**
     * Takes the data folder and checks that the ports are free and everything is built, but starts
     * nothing. What an earlier run left behind is ended first.
     *
     * @throws LauncherException saying what stands in the way
     */
    static Platform prepare(PlatformOptions options) {
        Platform platform = new Platform(options);
        platform.requireBuilt();
        platform.folder.lock();
        try {
            PlatformState.read(platform.folder.stateFile()).ifPresent(Leftovers::end);
            platform.ports.requireFree(platform.wantedPorts());
            platform.folder.rotateLogs();
            if (options.ephemeral()) {
                platform.folder.deleteData();
            }
            return platform;
        } catch (RuntimeException failed) {
            platform.folder.close();
            throw failed;
        }
    }

    private void requireBuilt() {
        for (Service service : Service.values()) {
            Path runner = service.runner(options.root());
            if (!Files.isRegularFile(runner)) {
                throw new LauncherException(
                        service.key()
                                + " is not built ("
                                + runner
                                + " is missing). Run ./clientele up, or ./mvnw -Dquick package.");
            }
        }
    }

    private Set<Slot> wantedPorts() {
        Set<Slot> wanted = EnumSet.noneOf(Slot.class);
        for (Service service : Service.values()) {
            wanted.add(service.slot());
        }
        wanted.addAll(PlatformServers.wantedPorts(options.environment()));
        return wanted;
    }

    /**
     * Starts everything; what {@link #prepare} left to do.
     *
     * @throws LauncherException in one sentence, with nothing left running
     */
    void run(Progress progress) {
        run(progress, () -> {});
    }

    /**
     * The same.
     *
     * @param gatewayAnswers called once, as soon as the gateway does, ready or not
     */
    void run(Progress progress, Runnable gatewayAnswers) {
        CountDownLatch ended = new CountDownLatch(1);
        synchronized (this) {
            if (closed) {
                throw new LauncherException("Stopped while starting.");
            }
            starting = ended;
        }
        try {
            PlatformServers started;
            try {
                synchronized (stateLock) {
                    noted = true;
                }
                writeState();
                started = startServers(progress);
            } finally {
                ended.countDown();
            }
            started.watch(scheduler, clock, this::writeState);
            services.values().forEach(SupervisedProcess::start);
            awaitReady(progress, gatewayAnswers);
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private PlatformServers startServers(Progress progress) {
        PlatformServers started =
                PlatformServers.start(options, folder, progress, () -> stopWanted.getCount() == 0);
        synchronized (this) {
            if (closed) {
                started.close();
                throw new LauncherException("Stopped while starting.");
            }
            servers = started;
            Map<Service, SupervisedProcess> supervised = new EnumMap<>(Service.class);
            for (Service service : Service.values()) {
                supervised.put(service, supervise(service, environmentOf(service, started)));
            }
            services = supervised;
        }
        return started;
    }

    private Map<String, String> environmentOf(Service service, PlatformServers started) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("CLIENTELE_PARTITIONS", "8");
        variables.put("CLIENTELE_PROGRAMS", String.join(",", PlatformServers.PROGRAMS));
        variables.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        variables.putAll(options.environment());
        for (Service other : Service.values()) {
            if (other != Service.GATEWAY) {
                variables.put("CLIENTELE_" + other.name() + "_URL", address(other).toString());
            }
        }
        if (service == Service.SEGMENTATION) {
            // It asks profile for stored events when it verifies on its schedule.
            for (String program : PlatformServers.PROGRAMS) {
                variables.putAll(clientEnvironment(program, List.of("marketer")));
            }
        }
        variables.putAll(started.environment(service.key()));
        variables.put("QUARKUS_HTTP_PORT", Integer.toString(ports.of(service.slot())));
        variables.put("CLIENTELE_DATA", folder.services().resolve(service.key()).toString());
        return variables;
    }

    private SupervisedProcess supervise(Service service, Map<String, String> environment) {
        Path local = folder.services().resolve(service.key());
        try {
            Files.createDirectories(local);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        String log = service.key() + ".log";
        ManagedProcess.Command command =
                new ManagedProcess.Command(
                        service.key(),
                        JavaCommand.of(service, options.root(), options.environment()),
                        environment,
                        local,
                        folder.logs().resolve(log),
                        folder.run(),
                        "TERM",
                        SERVICE_GRACE);
        return new SupervisedProcess(
                service.key(),
                ports.of(service.slot()),
                command,
                scheduler,
                clock,
                this::writeState);
    }

    private void awaitReady(Progress progress, Runnable gatewayAnswers) {
        HealthCheck health = new HealthCheck(http);
        long deadline = System.nanoTime() + options.readyWithin().toNanos();
        Set<Service> waiting = EnumSet.allOf(Service.class);
        boolean answers = false;
        try (Progress.Step step = progress.step("Starting services", waiting.size(), "")) {
            while (!waiting.isEmpty()) {
                if (!answers && health.ask(ports.base()) != Answer.NO_ANSWER) {
                    answers = true;
                    gatewayAnswers.run();
                }
                waiting.removeIf(service -> health.ask(ports.of(service.slot())) == Answer.READY);
                step.advanceTo(Service.values().length - waiting.size());
                if (waiting.isEmpty()) {
                    break;
                }
                for (Service service : waiting) {
                    requireHope(service);
                }
                if (System.nanoTime() > deadline) {
                    throw notReady(waiting, health);
                }
                pauseOrStop();
            }
            step.finish(Service.values().length + " ready");
        }
    }

    private void requireHope(Service service) {
        SupervisedProcess process = process(service);
        if (process.quickEnds() >= HOPELESS_STARTS) {
            throw new LauncherException(
                    service.key()
                            + " ended "
                            + process.quickEnds()
                            + " times while starting. Its log is "
                            + process.command().log()
                            + LogTail.lastError(process.command().log()));
        }
    }

    private LauncherException notReady(Set<Service> waiting, HealthCheck health) {
        StringBuilder message = new StringBuilder();
        for (Service service : waiting) {
            Path log = process(service).command().log();
            message.append(message.isEmpty() ? "" : "\n")
                    .append(service.key())
                    .append(
                            health.ask(ports.of(service.slot())) == Answer.NOT_READY
                                    ? " runs but is not ready"
                                    : " does not answer")
                    .append(" after ")
                    .append(Terminal.readable(options.readyWithin()))
                    .append(". Its log is ")
                    .append(log)
                    .append(LogTail.lastError(log));
        }
        return new LauncherException(message.toString());
    }

    private void pauseOrStop() {
        try {
            if (stopWanted.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LauncherException("Stopped while starting.");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LauncherException("Interrupted while starting.", interrupted);
        }
    }

    /** The gateway's address, such as {@code http://localhost:8080}. */
    public URI address() {
        return URI.create("http://localhost:" + ports.base());
    }

    /** The address of one service behind the gateway. */
    public URI address(Service service) {
        return URI.create("http://127.0.0.1:" + ports.of(service.slot()));
    }

    /** The ports in use. */
    public PlatformPorts ports() {
        return ports;
    }

    /** The folder of this platform's logs, one file per process. */
    public Path logs() {
        return folder.logs();
    }

    /** The servers behind the services, started here or given by address. */
    public EmbeddedServers servers() {
        return requireServers().embedded();
    }

    /** How a person signs in, in a few lines for people. */
    List<String> signIn() {
        return requireServers().signIn();
    }

    /**
     * An access token of the client {@code <program>-<role>}.
     *
     * @throws LauncherException if the program or the role has no client, or Keycloak does not
     *     answer
     */
    public String token(String program, String role) {
        Map<String, String> variables = new LinkedHashMap<>(options.environment());
        variables.putAll(requireServers().tokenEnvironment());
        return Tokens.of(http, variables).request(program, role);
    }

    /**
     * What a program of a user needs to get tokens of these clients, as environment variables:
     * {@code CLIENTELE_OIDC_URL} and one {@code CLIENTELE_CLIENT_SECRET_…} each.
     */
    Map<String, String> clientEnvironment(String program, List<String> roles) {
        Map<String, String> variables = new LinkedHashMap<>(options.environment());
        variables.putAll(requireServers().tokenEnvironment());
        Map<String, String> client = new LinkedHashMap<>();
        client.put("CLIENTELE_OIDC_URL", variables.getOrDefault("CLIENTELE_OIDC_URL", ""));
        for (String role : roles) {
            Secrets.clientSecret(variables, program, role)
                    .ifPresent(secret -> client.put(Secrets.clientVariable(program, role), secret));
        }
        return client;
    }

    /**
     * Ends a service by SIGKILL; supervision starts it again. Returns when the process has ended.
     */
    public void kill(Service service) {
        process(service).kill();
    }

    /** Stops a service as at a clean stop, until {@link #resume}. */
    public void stop(Service service) {
        process(service).stop();
    }

    /** Starts a stopped service; returns when its process exists, not when it is ready. */
    public void resume(Service service) {
        process(service).start();
    }

    /** Whether the service is ready to serve now. */
    public boolean isReady(Service service) {
        return new HealthCheck(http).ask(ports.of(service.slot())) == Answer.READY;
    }

    /** The service's process id now; -1 while it does not run. */
    public long pid(Service service) {
        return process(service).state().identity().pid();
    }

    /** How often the service ended unasked and was started again. */
    public int restarts(Service service) {
        return process(service).state().restarts();
    }

    private SupervisedProcess process(Service service) {
        SupervisedProcess process = services.get(service);
        if (process == null) {
            throw new IllegalStateException(service.key() + " was never started");
        }
        return process;
    }

    private synchronized PlatformServers requireServers() {
        if (servers == null) {
            throw new IllegalStateException("the servers were never started");
        }
        return servers;
    }

    private void writeState() {
        PlatformServers known;
        synchronized (this) {
            known = servers;
        }
        synchronized (stateLock) {
            if (!noted) {
                return;
            }
            List<ProcessState> processes = new ArrayList<>();
            if (known != null) {
                processes.addAll(known.states());
            }
            services.values().forEach(process -> processes.add(process.state()));
            new PlatformState(
                            ProcessIdentity.of(ProcessHandle.current()),
                            startedMillis,
                            ports.base(),
                            options.ephemeral(),
                            known == null ? Map.of() : known.publicAddresses(),
                            known == null ? null : known.secretsFile(),
                            known == null ? null : known.clientSecretsFile().orElse(null),
                            processes)
                    .write(folder.stateFile());
        }
    }

    /**
     * Stops everything, gateway first, servers last, by force what does not end. Servers that are
     * being started are waited for: they give up and stop. Takes 5 to 60 s.
     */
    @Override
    public void close() {
        stopWanted.countDown();
        CountDownLatch startEnds;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            startEnds = starting;
        }
        awaitUninterruptibly(startEnds);
        PlatformServers running;
        synchronized (this) {
            running = servers;
        }
        List<Service> order = List.copyOf(services.keySet()).reversed();
        for (Service service : order) {
            process(service).retire();
            if (service == Service.GATEWAY) {
                // Nothing comes in any more before those behind it stop.
                process(service).stop();
            }
        }
        for (Service service : order) {
            process(service).stop();
        }
        scheduler.shutdownNow();
        if (running != null) {
            running.close();
        }
        synchronized (stateLock) {
            noted = false;
            try {
                Files.deleteIfExists(folder.stateFile());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        if (options.ephemeral()) {
            folder.deleteData();
        }
        http.close();
        folder.close();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException stopped) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
