package io.clientele.e2e;

import io.clientele.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Platforms for tests, started from the jars that the build made. */
final class Platforms {
    private Platforms() {}

    static Path root() {
        return Path.of(System.getProperty("clientele.root", "../..")).toAbsolutePath().normalize();
    }

    /** A new folder below the module's target, for data and logs; kept after a failure. */
    static Path folder(String name) {
        try {
            var folder = root().resolve("deploy/e2e/target/platforms").resolve(name);
            delete(folder);
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A platform for one test class. While developing, {@code -Dclientele.attach=FOLDER:PORT} takes
     * one that runs instead.
     */
    static RunningPlatform ephemeral(String name, Map<String, String> environment) {
        var running = System.getProperty("clientele.attach");
        if (running != null) {
            int colon = running.lastIndexOf(':');
            return RunningPlatform.attach(
                    new RunningPlatform.Start(
                            List.of(),
                            Path.of(running.substring(0, colon)),
                            true,
                            Integer.parseInt(running.substring(colon + 1)),
                            environment));
        }
        return RunningPlatform.start(
                new RunningPlatform.Start(
                        RunningPlatform.launcherJar(root()),
                        folder(name),
                        true,
                        Ports.freeBase(),
                        environment));
    }

    static RunningPlatform persistent(Path folder, int port) {
        return RunningPlatform.start(
                new RunningPlatform.Start(
                        RunningPlatform.launcherJar(root()), folder, false, port, Map.of()));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
