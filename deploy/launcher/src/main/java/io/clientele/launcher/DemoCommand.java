package io.clientele.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./clientele demo}: the simulator (deploy/simulator) as a process of its own, against the
 * platform of this one.
 */
final class DemoCommand implements UpCommand.Guest {
    /** What ends within 240 s, built, on 2 cores. */
    static final String DEFAULT_MEMBERS = "2000";

    static final int MOST_MEMBERS = 1_000_000;
    private static final String JAR = "deploy/simulator/target/clientele-simulator.jar";
    private static final String PROGRAM = "demo";

    private final Path root;
    private final int members;
    private final long seed;
    private final boolean exits;
    private final Terminal terminal;

    // Guarded by this.
    private @Nullable Process process;
    private boolean stopped;

    DemoCommand(Path root, int members, long seed, boolean exits, Terminal terminal) {
        this.root = root;
        this.members = members;
        this.seed = seed;
        this.exits = exits;
        this.terminal = terminal;
    }

    /**
     * Checks that the simulator is there.
     *
     * @throws LauncherException saying how to build it
     */
    void requireBuilt() {
        Path jar = root.resolve(JAR);
        if (!Files.isRegularFile(jar)) {
            throw new LauncherException(
                    "The simulator is not built ("
                            + jar
                            + " is missing). Run ./clientele demo, or ./mvnw -Dquick package.");
        }
    }

    @Override
    public int run(Platform platform) {
        ProcessBuilder builder =
                new ProcessBuilder(command(platform)).directory(root.toFile()).inheritIO();
        builder.environment()
                .putAll(platform.clientEnvironment(PROGRAM, List.of("admin", "ingest", "engine")));
        try {
            Process started;
            synchronized (this) {
                if (stopped) {
                    return 1;
                }
                started = builder.start();
                process = started;
            }
            return started.waitFor();
        } catch (IOException failed) {
            throw new LauncherException(
                    "Cannot run the simulator: " + failed.getMessage() + ".", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LauncherException("Interrupted while the demo ran.", interrupted);
        }
    }

    private List<String> command(Platform platform) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dfile.encoding=UTF-8",
                        "-Dstdout.encoding=UTF-8",
                        "-Dstderr.encoding=UTF-8",
                        "-Djava.net.preferIPv4Stack=true",
                        "-Dclientele.terminal=" + terminal.isInteractive(),
                        "-Dclientele.columns=" + terminal.columns(),
                        "-jar",
                        root.resolve(JAR).toString(),
                        "demo",
                        "--gateway",
                        platform.address().toString(),
                        "--members",
                        Integer.toString(members),
                        "--seed",
                        Long.toString(seed)));
        if (exits) {
            command.add("--exit");
        }
        return List.copyOf(command);
    }

    /** Ends the demo: wanted if its members were to live on, else before its end. */
    @Override
    public int stop() {
        Process running;
        synchronized (this) {
            stopped = true;
            running = process;
        }
        if (running != null) {
            ChildProcess.stop(running);
        }
        return exits ? 1 : 0;
    }
}
