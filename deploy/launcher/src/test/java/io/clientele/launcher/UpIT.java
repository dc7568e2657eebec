package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.embedded.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.StreamSupport;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher as a real process, with stand-ins for the services and no servers: what it does with
 * processes, ports and folders. The real services behind it are tested in deploy/e2e.
 */
class UpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As if every server were somebody else's. */
    private static final Map<String, String> GIVEN_SERVERS =
            Map.of(
                    "CLIENTELE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                    "CLIENTELE_POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1",
                    "CLIENTELE_MONGODB_URL", "mongodb://127.0.0.1:1",
                    "CLIENTELE_OIDC_URL", "http://127.0.0.1:1/realms/clientele");

    @TempDir Path folder;

    private final List<Launch> launches = new ArrayList<>();
    private Path root;
    private Path data;
    private int port;

    /** A command of the launcher that runs or has run. */
    private record Launch(Process process, Path output) {
        String said() {
            try {
                return Files.readString(output);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        int awaitEnd() throws InterruptedException {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(said()).isTrue();
            return process.exitValue();
        }
    }

    @BeforeEach
    void makeProject() throws IOException {
        root = Files.createDirectories(folder.resolve("project"));
        data = folder.resolve("data");
        port = Ports.freeBase();
        Files.createDirectories(root.resolve(".mvn"));
        for (Service service : Service.values()) {
            fakeJar(service.runner(root));
        }
        // The servers' jars are looked for even if none is started.
        Path servers = root.resolve("deploy/embedded/servers/target");
        Files.createDirectories(servers.resolve("classes"));
        Files.writeString(servers.resolve("servers.classpath"), "none");
        Files.writeString(servers.resolve("keycloak.path"), "none");
    }

    @AfterEach
    void endEverything() throws InterruptedException {
        for (Launch launch : launches) {
            launch.process().destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void stopsEverythingOnASignal(String signal) throws Exception {
        Launch up = up(Map.of());
        List<Long> pids = pids();

        signal(signal, up.process().pid());

        assertThat(up.awaitEnd()).as(up.said()).isZero();
        assertThat(up.said()).contains("Clientele runs at http://localhost:" + port, "Stopped (");
        assertThat(pids).hasSize(Service.values().length).noneMatch(UpIT::isAlive);
        assertThat(data.resolve("run/platform.json")).doesNotExist();
        assertThat(root.resolve("target/running")).isEmptyDirectory();
    }

    @Test
    void stopsServersThatAreBeingStartedBeforeItSaysSo() throws Exception {
        Files.writeString(
                folder.resolve("KafkaProgram.java"),
                """
                package io.clientele.embedded.servers;
                class KafkaProgram {
                    public static void main(String[] arguments) throws Exception {
                        var never = new java.util.concurrent.CountDownLatch(1);
                        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                            try {
                                never.await(2, java.util.concurrent.TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }));
                        System.out.println("never ready");
                        never.await();
                    }
                }
                """);
        assertThat(
                        ToolProvider.getSystemJavaCompiler()
                                .run(
                                        null,
                                        null,
                                        null,
                                        "-d",
                                        root.resolve("deploy/embedded/servers/target/classes")
                                                .toString(),
                                        folder.resolve("KafkaProgram.java").toString()))
                .isZero();
        Launch up =
                start(
                        Map.of("CLIENTELE_KAFKA_BOOTSTRAP_SERVERS", ""),
                        "up",
                        "--port",
                        "" + port,
                        "--data",
                        data.toString());
        Path log = data.resolve("logs/kafka.log");
        await(() -> Files.exists(log) && log.toFile().length() > 0);
        Path pidFile = data.resolve("servers/run/kafka.pid");
        long kafka = Long.parseLong(Files.readString(pidFile).strip());

        signal("TERM", up.process().pid());

        assertThat(up.awaitEnd()).as(up.said()).isEqualTo(1);
        assertThat(isAlive(kafka)).isFalse();
        assertThat(up.said()).contains("Stopped (").doesNotContain("clientele: ");
        assertThat(data.resolve("run/platform.json")).doesNotExist();
    }

    @Test
    void saysWhatRunsAndStopsItOnDown() throws Exception {
        Launch up = up(Map.of());
        List<Long> pids = pids();

        Launch status = run(Map.of(), "status", "--data", data.toString());
        Launch down = run(Map.of(), "down", "--data", data.toString());
        Launch after = run(Map.of(), "status", "--data", data.toString());
        Launch again = run(Map.of(), "down", "--data", data.toString());

        assertThat(status.awaitEnd()).as(status.said()).isZero();
        assertThat(status.said())
                .containsPattern("ingestion +ready +" + pids.get(0) + " +" + (port + 1) + " ")
                .containsPattern("gateway +ready +" + pids.getLast() + " +" + port + " ")
                .contains("No figures: There is no secret of a client demo-admin.");
        assertThat(down.awaitEnd()).isZero();
        assertThat(down.said())
                .contains("Stopping the platform at http://localhost:" + port, "Stopped.");
        assertThat(up.awaitEnd()).isZero();
        assertThat(pids).noneMatch(UpIT::isAlive);
        assertThat(after.awaitEnd()).isEqualTo(1);
        assertThat(after.said()).contains("No platform runs with the data folder " + data);
        assertThat(again.awaitEnd()).isZero();
        assertThat(again.said()).contains("Nothing runs with the data folder " + data);
    }

    @Test
    void startsAKilledServiceAgain() throws Exception {
        up(Map.of());
        long before = pids().get(1);

        ProcessHandle.of(before).orElseThrow().destroyForcibly();
        await(() -> process("profile").path("restarts").asInt() == 1);
        await(() -> process("profile").path("identity").path("pid").asLong() > 0);

        JsonNode profile = process("profile");
        assertThat(profile.path("lastExit").asInt()).isEqualTo(137);
        assertThat(profile.path("identity").path("pid").asLong()).isNotEqualTo(before);
        assertThat(process("gateway").path("restarts").asInt()).isZero();
    }

    @Test
    void leavesNothingBehindWhenKilledAndStartsAgain() throws Exception {
        Launch up = up(Map.of());
        List<Long> pids = pids();

        up.process().destroyForcibly();

        await(() -> pids.stream().noneMatch(UpIT::isAlive));
        up(Map.of());
        assertThat(pids()).hasSize(Service.values().length).doesNotContainAnyElementsOf(pids);
    }

    @Test
    void refusesASecondPlatformOnTheSameFolder() throws Exception {
        Launch first = up(Map.of());

        Launch second =
                start(Map.of(), "up", "--port", "" + Ports.freeBase(), "--data", data.toString());

        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.said())
                .isEqualTo(
                        "clientele: A platform already runs with the data folder "
                                + data
                                + " (process "
                                + first.process().pid()
                                + ", port "
                                + port
                                + "). Stop it with ./clientele down, or start this one with another"
                                + " folder (--data DIR) and other ports (--port).\n");
    }

    @Test
    void namesATakenPortAndStartsNothing() throws Exception {
        try (var _ = new ServerSocket(port + 3, 1, InetAddress.getLoopbackAddress())) {
            Launch up = start(Map.of(), "up", "--port", "" + port, "--data", data.toString());

            assertThat(up.awaitEnd()).isEqualTo(1);
            assertThat(up.said())
                    .startsWith(
                            "clientele: Port "
                                    + (port + 3)
                                    + " (wanted by segmentation) is in use by another program.")
                    .contains("--port");
            assertThat(data.resolve("logs")).isEmptyDirectory();
        }
    }

    @Test
    void givesUpOnAServiceThatCannotLiveAndSaysWhatItsLogSays() throws Exception {
        Launch up =
                start(
                        Map.of("FAKE_FAILS", "" + (port + 2)),
                        "up",
                        "--port",
                        "" + port,
                        "--data",
                        data.toString());

        assertThat(up.awaitEnd()).as(up.said()).isEqualTo(1);
        assertThat(up.said())
                .contains(
                        "clientele: profile ended 4 times while starting. Its log is "
                                + data.resolve("logs/profile.log")
                                + "; it says: ERROR the database says no");
        assertThat(data.resolve("run/platform.json")).doesNotExist();
    }

    @Test
    void keepsNothingButLogsOfAnEphemeralPlatform() throws Exception {
        Launch up =
                start(
                        Map.of(),
                        "up",
                        "--ephemeral",
                        "--port",
                        "" + port,
                        "--data",
                        data.toString());
        await(() -> up.said().contains("Clientele runs at") || !up.process().isAlive());
        Path place = data.resolve("ephemeral/" + port);
        assertThat(place.resolve("services/profile")).isDirectory();

        Launch down = run(Map.of(), "down", "--data", data.toString(), "--port", "" + port);

        assertThat(down.awaitEnd()).isZero();
        assertThat(up.awaitEnd()).isZero();
        assertThat(place.resolve("services")).doesNotExist();
        assertThat(place.resolve("logs/profile.log")).exists();
        assertThat(data.resolve("servers")).doesNotExist();
    }

    private Launch up(Map<String, String> environment) {
        Launch up = start(environment, "up", "--port", "" + port, "--data", data.toString());
        await(() -> up.said().contains("Clientele runs at") || !up.process().isAlive());
        assertThat(up.process().isAlive()).as(up.said()).isTrue();
        return up;
    }

    private Launch run(Map<String, String> environment, String... arguments)
            throws InterruptedException {
        Launch launch = start(environment, arguments);
        launch.awaitEnd();
        return launch;
    }

    private Launch start(Map<String, String> environment, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Dclientele.root=" + root,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        command.addAll(0, withDefaultSignals());
        try {
            Path output = Files.createTempFile(folder, "output", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().remove("CLIENTELE_SECRETS");
            builder.environment().putAll(GIVEN_SERVERS);
            builder.environment().putAll(environment);
            Launch launch = new Launch(builder.start(), output);
            launches.add(launch);
            return launch;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<Long> pids() {
        return StreamSupport.stream(state().path("processes").spliterator(), false)
                .map(process -> process.path("identity").path("pid").asLong())
                .toList();
    }

    private JsonNode process(String name) {
        for (JsonNode process : state().path("processes")) {
            if (process.path("name").asText().equals(name)) {
                return process;
            }
        }
        throw new AssertionError("no process " + name + " in " + state());
    }

    private JsonNode state() {
        try {
            return JSON.readTree(data.resolve("run/platform.json").toFile());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /**
     * What to put before a command so that it heeds INT and HUP even if the tests themselves were
     * started in the background, whose children inherit that they are ignored.
     */
    private static List<String> withDefaultSignals() {
        var prefix = List.of("env", "--default-signal=INT,HUP");
        try {
            var trial = new ArrayList<>(prefix);
            trial.add("true");
            return new ProcessBuilder(trial).start().waitFor() == 0 ? prefix : List.of();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
                .isZero();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time ran out").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static void fakeJar(Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
        String entry = FakeService.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in = UpIT.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            if (in == null) {
                throw new IOException(entry + " is missing");
            }
            in.transferTo(out);
            out.closeEntry();
        }
    }
}
