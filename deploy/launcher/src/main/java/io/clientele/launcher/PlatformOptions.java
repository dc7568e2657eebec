package io.clientele.launcher;

import io.clientele.embedded.ProjectRoot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Which platform to start.
 *
 * @param root the project's folder, with everything built
 * @param home the data folder; for an ephemeral platform only its logs and notes stay below it
 * @param port the first port of the set
 * @param ephemeral whether all data goes when it stops
 * @param environment the variables of docs/operations.md: addresses of servers not to be started,
 *     passwords, options; also given to every service
 * @param readyWithin how long everything together may take to become ready
 */
public record PlatformOptions(
        Path root,
        Path home,
        int port,
        boolean ephemeral,
        Map<String, String> environment,
        Duration readyWithin) {
    /** What {@code ./clientele up} allows a start, with room for a slow machine. */
    public static final Duration DEFAULT_READY_WITHIN = Duration.ofMinutes(5);

    public PlatformOptions {
        root = root.toAbsolutePath().normalize();
        home = home.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
    }

    /** An ephemeral platform of this project, with the variables of this process. */
    public static PlatformOptions ephemeral(int port) {
        Path root = ProjectRoot.find();
        return new PlatformOptions(
                root, defaultHome(root), port, true, System.getenv(), DEFAULT_READY_WITHIN);
    }

    /** A platform of this project that keeps its data in {@code home}. */
    public static PlatformOptions lasting(Path home, int port) {
        return new PlatformOptions(
                ProjectRoot.find(), home, port, false, System.getenv(), DEFAULT_READY_WITHIN);
    }

    /** The data folder unless the user names one. */
    static Path defaultHome(Path root) {
        return root.resolve(".clientele");
    }

    /** The same with other variables in place of all. */
    public PlatformOptions withEnvironment(Map<String, String> variables) {
        return new PlatformOptions(root, home, port, ephemeral, variables, readyWithin);
    }

    /** The same with another data folder. */
    public PlatformOptions withHome(Path folder) {
        return new PlatformOptions(root, folder, port, ephemeral, environment, readyWithin);
    }
}
