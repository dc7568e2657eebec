package io.clientele.launcher;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A platform that another process started, found by the notes in its data folder.
 *
 * @param folder its data folder
 * @param state what its launcher last wrote
 */
record RunningPlatform(DataFolder folder, PlatformState state) {
    /**
     * The one that runs below {@code home}.
     *
     * @param port tells one of several apart; null if the user named none
     * @throws LauncherException if none runs, or several do and no port was named
     */
    static RunningPlatform find(Path home, @Nullable Integer port) {
        List<RunningPlatform> running =
                allBelow(home).stream()
                        .filter(platform -> platform.state.launcher().running().isPresent())
                        .filter(platform -> port == null || platform.state.port() == port)
                        .toList();
        if (running.isEmpty()) {
            throw new LauncherException(
                    "No platform runs"
                            + (port == null ? "" : " at port " + port)
                            + " with the data folder "
                            + home.toAbsolutePath().normalize()
                            + ". Start one with ./clientele up.");
        }
        if (running.size() > 1) {
            throw new LauncherException(
                    "Several platforms run, at the ports "
                            + running.stream()
                                    .map(platform -> Integer.toString(platform.state.port()))
                                    .collect(Collectors.joining(", "))
                            + ". Say which one with --port.");
        }
        return running.getFirst();
    }

    /** All that left notes below {@code home}, running or not. */
    static List<RunningPlatform> allBelow(Path home) {
        return DataFolder.allBelow(home).stream()
                .flatMap(folder ->
                        PlatformState.read(folder.stateFile())
                                .map(state -> new RunningPlatform(folder, state))
                                .stream())
                .toList();
    }

    /** The gateway's address. */
    URI address() {
        return URI.create("http://localhost:" + state.port());
    }

    /** A token of the client {@code <program>-<role>}; variables of this process come first. */
    String token(HttpClient http, String program, String role, Map<String, String> environment) {
        Map<String, String> variables = new LinkedHashMap<>(state.addresses());
        if (state.clientSecretsFile() != null) {
            variables.put("CLIENTELE_SECRETS", state.clientSecretsFile());
        }
        environment.forEach((name, value) -> {
            if (name.startsWith("CLIENTELE_CLIENT_SECRET_")) {
                variables.put(name, value);
            }
        });
        return Tokens.of(http, variables).request(program, role);
    }
}
