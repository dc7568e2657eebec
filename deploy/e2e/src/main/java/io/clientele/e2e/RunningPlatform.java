package io.clientele.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import io.clientele.embedded.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * A platform of real processes, started as a user starts it and ended with SIGTERM. Everything
 * about it is learnt from outside: the note the launcher keeps in {@code run/platform.json}, the
 * gateway, and the secrets file. Not thread-safe, but the clients it gives are.
 */
public final class RunningPlatform implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(240);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);
    private static final int SERVICES = 6;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * How to start.
     *
     * @param command the launcher, without its arguments
     * @param data the data folder
     * @param ephemeral as the launcher's option
     * @param port the gateway's port, first of the set
     * @param environment added to this process's
     */
    public record Start(
            List<String> command,
            Path data,
            boolean ephemeral,
            int port,
            Map<String, String> environment) {
        /** Takes copies. */
        public Start {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    private final Start start;
    private final ProcessHandle launcher;
    private final boolean isOwn;
    private final HttpClient http;
    private final Clock clock;
    private final Duration startTime;
    private @Nullable AccessTokens tokens;

    private RunningPlatform(
            Start start,
            ProcessHandle launcher,
            boolean isOwn,
            HttpClient http,
            Clock clock,
            Duration startTime) {
        this.start = start;
        this.launcher = launcher;
        this.isOwn = isOwn;
        this.http = http;
        this.clock = clock;
        this.startTime = startTime;
    }

    /** The launcher as {@code ./clientele} runs it, from jars that are built already. */
    public static List<String> launcherJar(Path root) {
        var jar = root.resolve("deploy/launcher/target/clientele-launcher.jar");
        if (!Files.isRegularFile(jar)) {
            throw new PlatformException(
                    "The launcher is not built: " + jar + " is missing; run ./mvnw package first.");
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dfile.encoding=UTF-8",
                "-Djava.net.preferIPv4Stack=true",
                "-Dclientele.root=" + root,
                "-Dclientele.terminal=false",
                "-jar",
                jar.toString());
    }

    /** Starts and returns when everything is healthy. */
    public static RunningPlatform start(Start start) {
        var clock = Clock.systemUTC();
        var http = client();
        long begin = System.nanoTime();
        var process = launch(start);
        while (!allReady(http, start.port())) {
            if (ended(process, PAUSE)) {
                http.close();
                throw new PlatformException(
                        "The platform ended while starting, status "
                                + process.exitValue()
                                + "; the end of "
                                + outputOf(start)
                                + ":\n"
                                + endOf(outputOf(start)));
            }
            if (System.nanoTime() - begin > START_LIMIT.toNanos()) {
                process.destroy();
                ended(process, STOP_LIMIT);
                http.close();
                throw new PlatformException(
                        "The platform was not healthy after "
                                + START_LIMIT.toSeconds()
                                + " s; the end of "
                                + outputOf(start)
                                + ":\n"
                                + endOf(outputOf(start)));
            }
        }
        var took = Duration.ofNanos(System.nanoTime() - begin);
        return new RunningPlatform(start, process.toHandle(), true, http, clock, took);
    }

    /**
     * One that runs already, with the folder and port it was started with; closing leaves it be.
     */
    public static RunningPlatform attach(Start start) {
        return new RunningPlatform(
                start, ProcessHandle.current(), false, client(), Clock.systemUTC(), Duration.ZERO);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static Process launch(Start start) {
        var command = new ArrayList<>(start.command());
        command.add("up");
        command.addAll(List.of("--port", Integer.toString(start.port())));
        command.addAll(List.of("--data", start.data().toString()));
        if (start.ephemeral()) {
            command.add("--ephemeral");
        }
        try {
            Files.createDirectories(start.data());
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(outputOf(start).toFile()));
            builder.environment().putAll(start.environment());
            return builder.start();
        } catch (IOException e) {
            throw new PlatformException("The launcher cannot be started: " + command, e);
        }
    }

    private static Path outputOf(Start start) {
        return start.data().resolve("launcher-output.log");
    }

    private static String endOf(Path file) {
        try {
            var text = Files.readString(file, StandardCharsets.UTF_8);
            return text.substring(Math.max(0, text.length() - 4000));
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }

    /** Whether gateway and services, on the ports next to it, all say that they can serve. */
    private static boolean allReady(HttpClient http, int port) {
        for (int each = port; each < port + SERVICES; each++) {
            if (!answersOk(http, URI.create("http://127.0.0.1:" + each + "/q/health/ready"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean answersOk(HttpClient http, URI uri) {
        var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted", e);
        }
    }

    private static boolean ended(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted", e);
        }
    }

    /** From the launcher's start until everything was healthy. */
    public Duration startTime() {
        return startTime;
    }

    /** The launcher's process. */
    public ProcessHandle launcher() {
        return launcher;
    }

    /** What the launcher printed. */
    public String output() {
        return endOf(outputOf(start));
    }

    /** The folder of this platform's data, logs and notes. */
    public Path folder() {
        return start.ephemeral()
                ? start.data().resolve("ephemeral").resolve(Integer.toString(start.port()))
                : start.data();
    }

    /** The launcher's note on what runs. */
    public JsonNode state() {
        try {
            return PlatformJson.tree(
                    Files.readString(
                            folder().resolve("run/platform.json"), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process of a server or service, by the name {@code status} shows. */
    public ProcessHandle process(String name) {
        return find(name)
                .flatMap(ProcessHandle::of)
                .orElseThrow(() -> new PlatformException(name + " does not run: " + state()));
    }

    private Optional<Long> find(String name) {
        for (var process : state().path("processes")) {
            if (process.path("name").asText().equals(name)) {
                long pid = process.path("identity").path("pid").asLong(-1);
                return pid > 0 ? Optional.of(pid) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Ends a process with SIGKILL; the launcher starts it again. */
    public void kill(String name) {
        var process = process(name);
        process.destroyForcibly();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** True once another process of this name than {@code before} serves and all is healthy. */
    public boolean isBack(String name, ProcessHandle before) {
        return find(name).filter(pid -> pid != before.pid()).isPresent() && isHealthy();
    }

    /** Whether the gateway and everything behind it are ready. */
    public boolean isHealthy() {
        return allReady(http, start.port());
    }

    /** What one more instance prints. */
    public Path outputOfAnother(String service, String instance) {
        return folderOfAnother(service, instance).resolve("output.log");
    }

    /**
     * Starts one more instance of a service that keeps its tables in PostgreSQL, beside the one
     * that the launcher watches. The caller ends it.
     *
     * @param jar the service as it was built
     * @param instance its name among the instances
     * @param port where it listens
     */
    public Process another(String service, Path jar, String instance, int port) {
        var folder = folderOfAnother(service, instance);
        try {
            Files.createDirectories(folder);
            var builder =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:+UseSerialGC",
                                    "-Xmx384m",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "--sun-misc-unsafe-memory-access=allow",
                                    "-Djava.net.preferIPv4Stack=true",
                                    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                    "-jar",
                                    jar.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(outputOfAnother(service, instance).toFile());
            var variables = builder.environment();
            state().path("addresses")
                    .properties()
                    .forEach(each -> variables.put(each.getKey(), each.getValue().asText()));
            var kafka = kafka("clientele");
            variables.put(
                    "CLIENTELE_KAFKA_SECURITY_PROTOCOL",
                    String.valueOf(kafka.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG)));
            variables.put(
                    "CLIENTELE_KAFKA_SASL_MECHANISM",
                    String.valueOf(kafka.get(SaslConfigs.SASL_MECHANISM)));
            variables.put(
                    "CLIENTELE_KAFKA_SASL_JAAS_CONFIG",
                    String.valueOf(kafka.get(SaslConfigs.SASL_JAAS_CONFIG)));
            variables.put("CLIENTELE_POSTGRES_PASSWORD", secret("postgres." + service));
            variables.put(
                    "CLIENTELE_POSTGRES_OWNER_PASSWORD", secret("postgres." + service + "_owner"));
            variables.put("CLIENTELE_PARTITIONS", "8");
            variables.put("CLIENTELE_INSTANCE", instance);
            variables.put("CLIENTELE_DATA", folder.toString());
            variables.put("QUARKUS_HTTP_HOST", "127.0.0.1");
            variables.put("QUARKUS_HTTP_PORT", Integer.toString(port));
            return builder.start();
        } catch (IOException e) {
            throw new PlatformException("Another " + service + " cannot be started.", e);
        }
    }

    private String secret(String name) {
        return secrets()
                .find(name)
                .orElseThrow(() -> new PlatformException("There is no secret " + name));
    }

    /** A client of the gateway. */
    public PlatformClient client(String program, String role) {
        return new PlatformClient(http, gateway(), tokens(), program, role);
    }

    /** An access token, for another program to call with. */
    public String token(String program, String role) {
        return tokens().of(program, role);
    }

    private Path folderOfAnother(String service, String instance) {
        return start.data().resolve(service + "-" + instance);
    }

    private synchronized AccessTokens tokens() {
        if (tokens == null) {
            tokens = makeTokens();
        }
        return tokens;
    }

    /** The gateway's address. */
    public URI gateway() {
        return URI.create("http://localhost:" + start.port());
    }

    private AccessTokens makeTokens() {
        // Another file than that of the servers if Keycloak was given by its address.
        var secrets = Secrets.of(Path.of(state().path("clientSecretsFile").asText()));
        return new AccessTokens(
                http,
                state().path("addresses").path("CLIENTELE_OIDC_URL").asText(),
                (program, role) ->
                        secrets.find(Secrets.clientName(program, role))
                                .orElseThrow(() ->
                                        new PlatformException(
                                                "There is no client " + program + "-" + role)),
                clock);
    }

    private Secrets secrets() {
        return Secrets.of(Path.of(state().path("secretsFile").asText()));
    }

    /**
     * Kafka's address with the credentials of a principal.
     *
     * @param principal a program's name, or {@code clientele} for the services' own
     */
    public Map<String, Object> kafka(String principal) {
        var password =
                secrets()
                        .find("kafka." + principal)
                        .orElseThrow(
                                () -> new PlatformException("no Kafka principal " + principal));
        var settings = new HashMap<String, Object>();
        settings.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                state().path("addresses").path("CLIENTELE_KAFKA_BOOTSTRAP_SERVERS").asText());
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_PLAINTEXT");
        settings.put(SaslConfigs.SASL_MECHANISM, "SCRAM-SHA-256");
        settings.put(
                SaslConfigs.SASL_JAAS_CONFIG,
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                        + principal
                        + "\" password=\""
                        + password
                        + "\";");
        return settings;
    }

    /** Reads the program's topic of membership changes with the program's own principal. */
    public MembershipFeed memberships(
            String program, boolean fromBeginning, Consumer<MembershipFeed.Seen> listener) {
        return MembershipFeed.start(
                kafka(program),
                Topics.segmentMembershipsOf(new ProgramId(program)),
                fromBeginning,
                clock,
                listener);
    }

    /** Ends the platform with SIGTERM. Returns when the launcher has ended. */
    @Override
    public void close() {
        http.shutdownNow();
        if (!isOwn) {
            return;
        }
        launcher.destroy();
        try {
            launcher.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted while the platform stops", e);
        } catch (ExecutionException | TimeoutException e) {
            launcher.destroyForcibly();
            throw new PlatformException(
                    "The launcher did not end within " + STOP_LIMIT.toSeconds() + " s of SIGTERM.",
                    e);
        }
    }
}
