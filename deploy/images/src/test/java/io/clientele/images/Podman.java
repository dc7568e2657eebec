package io.clientele.images;

import io.clientele.images.Tools.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Podman with images and settings of its own below a folder, so that nothing else on the machine is
 * seen or touched. Works inside a container too: runc, modest limits, no network of its own.
 */
final class Podman implements AutoCloseable {
    private static final String SETTINGS =
            """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            [network]
            network_backend = "netavark"
            """;

    private final Path folder;
    private final Path running;
    private final Map<String, String> environment;

    private Podman(Path folder, Path running, Path settings) {
        this.folder = folder;
        this.running = running;
        this.environment =
                Map.of("CONTAINERS_CONF", settings.toString(), "TMPDIR", folder.toString());
    }

    /**
     * Podman, if it and runc are on this machine and it can work here.
     *
     * @param folder where its images go
     * @param why is told why not
     */
    static Optional<Podman> find(Path folder, List<String> why) {
        for (String program : List.of("podman", "runc")) {
            if (Tools.onPath(program).isEmpty()) {
                why.add("there is no " + program + " on PATH");
                return Optional.empty();
            }
        }
        try {
            Files.createDirectories(folder);
            Path settings = Files.writeString(folder.resolve("containers.conf"), SETTINGS);
            // Podman takes at most 50 characters for this one.
            Path running = Files.createTempDirectory("podman");
            Podman podman = new Podman(folder, running, settings);
            Outcome info = podman.attempt(60, "info");
            if (info.status() != 0) {
                why.add("podman info says: " + info.output().strip());
                return Optional.empty();
            }
            // A run that was killed may have left something.
            podman.clear();
            return Optional.of(podman);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Runs a command and returns what it printed.
     *
     * @throws AssertionError with the output if it failed
     */
    String run(int seconds, String... arguments) {
        Outcome outcome = attempt(seconds, arguments);
        if (outcome.status() != 0) {
            throw new AssertionError(
                    "podman " + String.join(" ", arguments) + "\n" + outcome.output());
        }
        return outcome.output();
    }

    Outcome attempt(int seconds, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "podman",
                                "--root",
                                folder.resolve("storage").toString(),
                                "--runroot",
                                running.toString()));
        command.addAll(List.of(arguments));
        return Tools.run(folder, environment, seconds, command);
    }

    private void clear() {
        attempt(60, "pod", "rm", "--all", "--force", "--time", "5");
        attempt(60, "volume", "rm", "--all", "--force");
        attempt(60, "rmi", "--all", "--force");
    }

    /** Ends its containers and deletes its volumes and images. */
    @Override
    public void close() {
        clear();
        Tools.run(Tools.TARGET, Map.of(), 20, List.of("rm", "-rf", running.toString()));
    }
}
