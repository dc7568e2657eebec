package io.clientele.launcher;

import java.net.http.HttpClient;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code ./clientele token}. */
final class TokenCommand {
    private final Path home;
    private final @Nullable Integer port;
    private final Terminal terminal;

    TokenCommand(Path home, @Nullable Integer port, Terminal terminal) {
        this.home = home;
        this.port = port;
        this.terminal = terminal;
    }

    int run(String program, String role) {
        RunningPlatform platform = RunningPlatform.find(home, port);
        try (HttpClient http = HttpClient.newHttpClient()) {
            terminal.result(platform.token(http, program, role, System.getenv()));
        }
        return 0;
    }
}
