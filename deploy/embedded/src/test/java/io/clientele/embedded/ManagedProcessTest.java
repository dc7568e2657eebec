package io.clientele.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ManagedProcessTest {
    @TempDir Path folder;

    @Test
    void appendsOutputToTheLogAndPassesTheExitCodeOn() throws IOException {
        Files.writeString(folder.resolve("log"), "before\n");

        try (ManagedProcess process = start("echo out; echo \"$GREETING\" >&2; exit 7", "TERM")) {
            assertThat(process.awaitExit(Duration.ofSeconds(10))).isTrue();
            assertThat(process.exitCode()).hasValue(7);
        }

        assertThat(folder.resolve("log")).hasContent("before\nout\nhello\n");
        assertThat(ManagedProcess.pidFile(folder, "process")).doesNotExist();
    }

    @Test
    void pidIsThatOfTheProcessItself() throws Exception {
        try (ManagedProcess process = start("echo $$; exec sleep 60", "TERM")) {
            awaitLog("\n");
            assertThat(folder.resolve("log")).hasContent(process.pid() + "\n");
            assertThat(ManagedProcess.pidFile(folder, "process")).hasContent(process.pid() + "\n");
        }
    }

    @Test
    void stopSendsTheSignalAndWaitsForTheEnd() throws Exception {
        ManagedProcess process =
                start(
                        "trap 'echo stopping; exit 3' TERM; echo up; while :; do sleep 0.1; done",
                        "TERM",
                        Duration.ofSeconds(10));
        awaitLog("up");

        process.stop();

        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitCode()).hasValue(3);
        assertThat(folder.resolve("log")).content().endsWith("stopping\n");
    }

    @Test
    void stopKillsWhatIgnoresTheSignal() throws Exception {
        ManagedProcess process =
                start("trap '' TERM; echo up; while :; do sleep 0.1; done", "TERM");
        awaitLog("up");

        process.stop();

        assertThat(process.exitCode()).hasValue(128 + 9);
    }

    @Test
    void killEndsTheProcessAtOnce() throws Exception {
        ManagedProcess process = start("echo up; exec sleep 60", "TERM");
        awaitLog("up");

        process.kill();

        assertThat(process.exitCode()).hasValue(128 + 9);
        assertThat(ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void processEndsWhenItsGuardIsTold() throws Exception {
        try (ManagedProcess process = start("echo up; exec sleep 60", "TERM")) {
            awaitLog("up");
            ProcessHandle guard =
                    ProcessHandle.of(process.pid()).orElseThrow().parent().orElseThrow();

            guard.destroy();

            assertThat(process.awaitExit(Duration.ofSeconds(10))).isTrue();
            assertThat(process.exitCode()).hasValue(128 + 15);
        }
    }

    @Test
    void processEndsWhenItsGuardIsKilledAndThenTheStarterEnds() throws Exception {
        ManagedProcess process = start("echo up; exec sleep 60", "TERM");
        awaitLog("up");
        ProcessHandle server = ProcessHandle.of(process.pid()).orElseThrow();
        server.parent().orElseThrow().destroyForcibly();
        assertThat(process.awaitExit(Duration.ofSeconds(10))).isTrue();

        process.requestStop();

        server.onExit().get(10, TimeUnit.SECONDS);
        assertThat(server.isAlive()).isFalse();
    }

    private ManagedProcess start(String script, String signal) {
        return start(script, signal, Duration.ofSeconds(1));
    }

    private ManagedProcess start(String script, String signal, Duration grace) {
        return ManagedProcess.start(
                new ManagedProcess.Command(
                        "process",
                        List.of("/bin/sh", "-c", script),
                        Map.of("GREETING", "hello"),
                        folder,
                        folder.resolve("log"),
                        folder,
                        signal,
                        grace));
    }

    private void awaitLog(String text) throws IOException {
        while (!Files.exists(folder.resolve("log"))
                || !Files.readString(folder.resolve("log")).contains(text)) {
            Thread.onSpinWait();
        }
    }
}
