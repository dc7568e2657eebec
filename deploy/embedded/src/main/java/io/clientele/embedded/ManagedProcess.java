package io.clientele.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process that cannot outlive this one. It runs below a small shell script that holds the end of
 * a pipe: when this process ends, even by SIGKILL, the pipe ends and the script stops the process.
 * Thread-safe.
 */
public final class ManagedProcess implements AutoCloseable {
    /**
     * What to run.
     *
     * @param name names the pid file {@code <run>/<name>.pid}
     * @param command program and arguments; no secrets, as every user of the machine can read them
     * @param environment added to the environment of this process
     * @param workingFolder must exist
     * @param log standard output and error are appended here
     * @param run folder of the pid files and of the script; must exist
     * @param stopSignal {@code TERM}, {@code INT} or {@code KILL}
     * @param grace how long the process may take to stop before SIGKILL; whole seconds
     */
    public record Command(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path workingFolder,
            Path log,
            Path run,
            String stopSignal,
            Duration grace) {
        public Command {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    private final Command command;
    private final Process guard;
    private final long pid;

    private ManagedProcess(Command command, Process guard, long pid) {
        this.command = command;
        this.guard = guard;
        this.pid = pid;
    }

    /**
     * Starts the process. Returns when it exists, not when it is ready.
     *
     * @throws EmbeddedServerException if it cannot be started
     */
    public static ManagedProcess start(Command command) {
        try {
            Path pidFile = pidFile(command.run(), command.name());
            Files.deleteIfExists(pidFile);
            Files.createDirectories(command.log().toAbsolutePath().getParent());
            List<String> line = shell(script(command.run(), "guard.sh"));
            line.add(pidFile.toString());
            line.add(command.stopSignal());
            line.add(Long.toString(command.grace().toSeconds()));
            line.addAll(command.command());
            ProcessBuilder builder =
                    new ProcessBuilder(line)
                            .directory(command.workingFolder().toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(command.log().toFile()));
            builder.environment().putAll(command.environment());
            Process guard = builder.start();
            long pid = awaitPid(guard, pidFile);
            return new ManagedProcess(command, guard, pid);
        } catch (IOException failed) {
            throw new EmbeddedServerException(
                    "cannot start " + command.name() + ": " + failed.getMessage(), failed);
        }
    }

    /** Where the process id stands while the process lives. */
    public static Path pidFile(Path run, String name) {
        return run.resolve(name + ".pid");
    }

    /**
     * The command line of a script, in a session of its own where the system can: what is sent to
     * the group of processes of a terminal or a job then reaches this process only, and the script
     * still stops what it guards.
     */
    static List<String> shell(Path script) {
        List<String> line = new ArrayList<>();
        for (String folder : List.of("/usr/bin", "/bin")) {
            Path setsid = Path.of(folder, "setsid");
            if (line.isEmpty() && Files.isExecutable(setsid)) {
                line.add(setsid.toString());
            }
        }
        line.add("/bin/sh");
        line.add(script.toString());
        return line;
    }

    /** Copies a script of this package next to the pid files. */
    static Path script(Path run, String name) throws IOException {
        Path script = run.resolve(name);
        if (Files.exists(script)) {
            // A running shell reads its script bit by bit: never write it again.
            return script;
        }
        try (InputStream source = ManagedProcess.class.getResourceAsStream(name)) {
            if (source == null) {
                throw new IOException(name + " is missing from the class path");
            }
            Path next = Files.createTempFile(run, name, ".next");
            Files.write(next, source.readAllBytes());
            Files.move(
                    next,
                    script,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return script;
    }

    private static long awaitPid(Process guard, Path pidFile) throws IOException {
        try {
            // -1: a process that ended at once, its script has already taken the file away.
            while (!Files.exists(pidFile)) {
                if (guard.waitFor(5, TimeUnit.MILLISECONDS)) {
                    return -1;
                }
            }
            String text =
                    Files.exists(pidFile)
                            ? Files.readString(pidFile, StandardCharsets.US_ASCII).strip()
                            : "";
            return text.isEmpty() ? -1 : Long.parseLong(text);
        } catch (NoSuchFileException gone) {
            return -1;
        } catch (InterruptedException interrupted) {
            guard.destroy();
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("interrupted while starting a process", interrupted);
        }
    }

    /** The name given. */
    public String name() {
        return command.name();
    }

    /** The process id of the process itself; -1 if it ended at once. */
    public long pid() {
        return pid;
    }

    /** The log file. */
    public Path log() {
        return command.log();
    }

    /** Whether the process has not ended. */
    public boolean isAlive() {
        return guard.isAlive();
    }

    /** The exit status; above 128 after a signal; empty while it runs. */
    public OptionalInt exitCode() {
        return guard.isAlive() ? OptionalInt.empty() : OptionalInt.of(guard.exitValue());
    }

    /** Completes with the exit status when the process has ended. */
    public CompletableFuture<Integer> onExit() {
        return guard.onExit().thenApply(Process::exitValue);
    }

    /** Waits up to {@code limit} for the end; returns whether it has ended. */
    public boolean awaitExit(Duration limit) {
        try {
            return guard.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException(
                    "interrupted while waiting for " + command.name(), interrupted);
        }
    }

    /** Asks the process to stop and returns at once. */
    public void requestStop() {
        try {
            guard.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // The pipe is closed, which is what was wanted.
            return;
        }
    }

    /**
     * Stops the process: the signal, then SIGKILL after the grace period. Returns when it has
     * ended. Does nothing if it has.
     */
    public void stop() {
        requestStop();
        if (!awaitExit(command.grace().plusSeconds(5))) {
            kill();
        }
    }

    /** SIGKILL, for tests of faults. Returns when the process has ended. */
    public void kill() {
        if (pid > 0 && guard.isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        if (!awaitExit(Duration.ofSeconds(20))) {
            throw new EmbeddedServerException(
                    "process " + pid + " (" + command.name() + ") does not end, even by SIGKILL");
        }
    }

    @Override
    public void close() {
        stop();
    }
}
