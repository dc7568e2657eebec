package io.clientele.launcher;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code ./clientele status}. */
final class StatusCommand {
    private final Path home;
    private final @Nullable Integer port;
    private final Terminal terminal;

    StatusCommand(Path home, @Nullable Integer port, Terminal terminal) {
        this.home = home;
        this.port = port;
        this.terminal = terminal;
    }

    int run() {
        RunningPlatform platform = RunningPlatform.find(home, port);
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            StatusReport report = new StatusReport(platform, http, Clock.systemUTC());
            report.lines(System.getenv()).forEach(terminal::result);
            return report.isHealthy() ? 0 : 1;
        }
    }
}
