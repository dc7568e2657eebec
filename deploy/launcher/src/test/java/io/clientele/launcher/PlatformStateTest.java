package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.launcher.PlatformState.ProcessIdentity;
import io.clientele.launcher.PlatformState.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformStateTest {
    private static final ProcessIdentity SELF = ProcessIdentity.of(ProcessHandle.current());

    @TempDir Path home;

    @Test
    void comesBackAsItWasWritten() {
        var state = state(SELF, 8080);

        state.write(home.resolve("platform.json"));

        assertThat(PlatformState.read(home.resolve("platform.json"))).contains(state);
    }

    @Test
    void isAbsentWithoutAFileOrWithASpoiltOne() throws IOException {
        Files.writeString(home.resolve("spoilt.json"), "{\"launcher\":");

        assertThat(PlatformState.read(home.resolve("none.json"))).isEmpty();
        assertThat(PlatformState.read(home.resolve("spoilt.json"))).isEmpty();
    }

    @Test
    void recognisesARunningProcess() {
        assertThat(SELF.running()).map(ProcessHandle::pid).contains(ProcessHandle.current().pid());
    }

    @Test
    void doesNotTakeALaterProcessOfTheSameIdForTheOneNoted() {
        var earlier = new ProcessIdentity(SELF.pid(), SELF.startedMillis() - 60_000);

        assertThat(earlier.running()).isEmpty();
        assertThat(new ProcessIdentity(-1, 0).running()).isEmpty();
    }

    @Test
    void findsTheOneThatRuns() throws IOException {
        write("", state(SELF, 8080));

        assertThat(RunningPlatform.find(home, null).address()).hasToString("http://localhost:8080");
    }

    @Test
    void doesNotFindOneWhoseLauncherHasEnded() throws IOException {
        write("", state(new ProcessIdentity(SELF.pid(), 1), 8080));

        assertThatThrownBy(() -> RunningPlatform.find(home, null))
                .hasMessage(
                        "No platform runs with the data folder "
                                + home
                                + ". Start one with ./clientele up.");
    }

    @Test
    void asksForThePortIfSeveralRun() throws IOException {
        write("", state(SELF, 8080));
        write("ephemeral/9000", state(SELF, 9000));

        assertThatThrownBy(() -> RunningPlatform.find(home, null))
                .hasMessage(
                        "Several platforms run, at the ports 8080, 9000. Say which one with"
                                + " --port.");
        assertThat(RunningPlatform.find(home, 9000).state().port()).isEqualTo(9000);
    }

    private void write(String below, PlatformState state) throws IOException {
        Path run = Files.createDirectories(home.resolve(below).resolve("run"));
        state.write(run.resolve("platform.json"));
    }

    private static PlatformState state(ProcessIdentity launcher, int port) {
        return new PlatformState(
                launcher,
                1_700_000_000_000L,
                port,
                false,
                Map.of("CLIENTELE_OIDC_URL", "http://localhost:8090/realms/clientele"),
                "/secrets",
                null,
                List.of(
                        new ProcessState("Kafka", false, SELF, port + 11, 0, null, null),
                        new ProcessState(
                                "profile",
                                true,
                                new ProcessIdentity(-1, 0),
                                port + 2,
                                3,
                                137,
                                5L)));
    }
}
