package io.clientele.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code ./clientele down}. */
final class DownCommand {
    /** The launcher's own bounds add up to less. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Path home;
    private final @Nullable Integer port;
    private final Terminal terminal;

    DownCommand(Path home, @Nullable Integer port, Terminal terminal) {
        this.home = home;
        this.port = port;
        this.terminal = terminal;
    }

    /**
     * Stops all platforms below the folder, or the one of the port. Nothing to stop is done, too.
     */
    int run() {
        int stopped = 0;
        for (RunningPlatform platform : RunningPlatform.allBelow(home)) {
            if (port == null || platform.state().port() == port) {
                stopped += stop(platform) ? 1 : 0;
            }
        }
        if (stopped == 0) {
            terminal.note(
                    "Nothing runs with the data folder " + home.toAbsolutePath().normalize() + ".");
        }
        return 0;
    }

    private boolean stop(RunningPlatform platform) {
        Optional<ProcessHandle> launcher = platform.state().launcher().running();
        if (launcher.isPresent()) {
            terminal.note("Stopping the platform at " + platform.address() + " ...");
            launcher.get().destroy();
            if (!Leftovers.awaitEnd(List.of(launcher.get()), PATIENCE)) {
                terminal.note(
                        "It did not end within "
                                + Terminal.readable(PATIENCE)
                                + "; ending it by force.");
                launcher.get().destroyForcibly();
                Leftovers.awaitEnd(List.of(launcher.get()), PATIENCE);
            }
        }
        List<String> ended = Leftovers.end(platform.state());
        if (!ended.isEmpty()) {
            terminal.note("Ended what was left: " + String.join(", ", ended) + ".");
        }
        if (launcher.isPresent()) {
            terminal.note("Stopped.");
        }
        return launcher.isPresent() || !ended.isEmpty();
    }
}
