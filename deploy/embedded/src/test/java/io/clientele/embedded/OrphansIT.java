package io.clientele.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left when servers end, in good order or not. */
@Timeout(180)
class OrphansIT {
    @Test
    void ephemeralServersLeaveNothingBehind() throws Exception {
        // given
        EmbeddedServers servers =
                EmbeddedServers.start(
                        Options.ephemeral().environment(TestEnvironment.withoutAddresses()));
        List<ProcessHandle> processes =
                servers.running().values().stream()
                        .map(server -> ProcessHandle.of(server.pid()).orElseThrow())
                        .toList();
        assertThat(processes).hasSize(4);
        assertThat(servers.data()).isDirectory();

        // when
        servers.close();

        // then
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(servers.data()).doesNotExist();
    }

    @Test
    void aStartThatIsGivenUpLeavesNothingRunning(@TempDir Path folder) throws Exception {
        // given
        Path data = folder.resolve("data");
        Path pidFile = ManagedProcess.pidFile(data.resolve("run"), ServerKind.KAFKA.folder());
        List<ProcessHandle> seen = new CopyOnWriteArrayList<>();
        StartListener givesUp =
                new StartListener() {
                    @Override
                    public boolean isStopWanted() {
                        try {
                            if (seen.isEmpty() && Files.exists(pidFile)) {
                                String pid = Files.readString(pidFile).strip();
                                if (!pid.isEmpty()) {
                                    seen.add(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
                                }
                            }
                        } catch (IOException failed) {
                            throw new UncheckedIOException(failed);
                        }
                        return !seen.isEmpty();
                    }
                };
        Options options =
                Options.persistent(data, Ports.freeBase())
                        .servers(EnumSet.of(ServerKind.KAFKA, ServerKind.MONGODB))
                        .environment(TestEnvironment.withoutAddresses())
                        .listener(givesUp);

        // when
        assertThatThrownBy(() -> EmbeddedServers.start(options))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageEndingWith(" was stopped while it started");

        // then
        assertThat(seen).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        try (Stream<Path> files = Files.list(data.resolve("run"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".pid"))).isEmpty();
        }
    }

    @Test
    void sigkillOfTheParentOfEphemeralServersLeavesNoTemporaryFolder() throws Exception {
        // given
        Parent parent = Parent.start();
        assertThat(parent.servers()).hasSize(2);

        // when
        List<ProcessHandle> below = parent.sigkill();

        // then
        awaitEnd(below);
        assertThat(parent.data()).doesNotExist();
    }

    @Test
    void sigkillOfTheParentLeavesNoProcessAndTheSameDataStartsAgain(@TempDir Path folder)
            throws Exception {
        // given
        String base = Integer.toString(Ports.freeBase());
        String data = folder.resolve("data").toString();
        Parent parent = Parent.start(data, base);
        assertThat(parent.servers()).hasSize(4).allMatch(ProcessHandle::isAlive);

        // when
        List<ProcessHandle> below = parent.sigkill();
        // At once, while the servers are still stopping.
        Parent again = Parent.start(data, base);

        // then
        awaitEnd(below);
        assertThat(again.servers()).hasSize(4).allMatch(ProcessHandle::isAlive);

        // when
        again.process().destroy();

        // then
        assertThat(again.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(again.servers()).noneMatch(ProcessHandle::isAlive);
    }

    private static void awaitEnd(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    private record Parent(Process process, Path data, List<ProcessHandle> servers) {
        /** Returns every process that was below it. */
        List<ProcessHandle> sigkill() throws InterruptedException {
            List<ProcessHandle> below = process.descendants().toList();
            assertThat(below).containsAll(servers);
            process.destroyForcibly().waitFor();
            return below;
        }

        static Parent start(String... arguments) throws IOException {
            Path errors = Files.createTempFile("clientele-parent-", ".log");
            List<String> line =
                    new ArrayList<>(
                            List.of(
                                    ServerJars.java(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-Dclientele.root=" + ProjectRoot.find(),
                                    EmbeddedParent.class.getName()));
            line.addAll(List.of(arguments));
            Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
            List<ProcessHandle> servers = new ArrayList<>();
            try (BufferedReader reader = process.inputReader()) {
                String first = reader.readLine();
                assertThat(first).as(Files.readString(errors)).isNotNull();
                for (String next = reader.readLine();
                        next != null && !next.equals("running");
                        next = reader.readLine()) {
                    servers.add(ProcessHandle.of(Long.parseLong(next)).orElseThrow());
                }
                Files.delete(errors);
                return new Parent(process, Path.of(first), servers);
            }
        }
    }
}
