package io.clientele.launcher;

import io.clientele.embedded.ManagedProcess;
import io.clientele.launcher.PlatformState.ProcessIdentity;
import io.clientele.launcher.PlatformState.ProcessState;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that is kept alive: when it ends unasked it is started again, after a growing pause.
 * Thread-safe.
 *
 * <p>{@link #stop} and {@link #start} are the user's wish; {@link #kill} is a fault, which
 * supervision answers.
 */
final class SupervisedProcess {
    private final String name;
    private final int port;
    private final ManagedProcess.Command command;
    private final ScheduledExecutorService scheduler;
    private final Clock clock;
    private final Runnable changed;
    private final Backoff backoff = new Backoff();

    // All guarded by this.
    private @Nullable ManagedProcess process;
    private ProcessIdentity identity = new ProcessIdentity(-1, 0);
    private boolean wanted;
    private boolean retired;
    private int restarts;
    private @Nullable Integer lastExit;
    private @Nullable Long lastExitMillis;
    private long startedNanos;

    /**
     * A process that does not run yet.
     *
     * @param changed called after each start and end, outside any lock, from any thread; must be
     *     quick
     */
    SupervisedProcess(
            String name,
            int port,
            ManagedProcess.Command command,
            ScheduledExecutorService scheduler,
            Clock clock,
            Runnable changed) {
        this.name = name;
        this.port = port;
        this.command = command;
        this.scheduler = scheduler;
        this.clock = clock;
        this.changed = changed;
    }

    /**
     * Starts it and keeps it alive from now on. Does nothing if it runs, or was {@link #retire}d.
     */
    void start() {
        synchronized (this) {
            if (retired || (process != null && process.isAlive())) {
                wanted = !retired;
                return;
            }
            wanted = true;
            launch();
        }
        changed.run();
    }

    private void launch() {
        ManagedProcess started = ManagedProcess.start(command);
        process = started;
        startedNanos = System.nanoTime();
        identity =
                ProcessHandle.of(started.pid())
                        .map(ProcessIdentity::of)
                        .orElse(new ProcessIdentity(-1, 0));
        var _ = started.onExit().thenAccept(status -> ended(started, status));
    }

    private void ended(ManagedProcess which, int status) {
        synchronized (this) {
            if (process != which) {
                return;
            }
            lastExit = status;
            lastExitMillis = clock.millis();
            identity = new ProcessIdentity(-1, 0);
            if (wanted) {
                Duration life = Duration.ofNanos(System.nanoTime() - startedNanos);
                var _ =
                        scheduler.schedule(
                                this::restart,
                                backoff.after(life).toMillis(),
                                TimeUnit.MILLISECONDS);
            }
        }
        changed.run();
    }

    private void restart() {
        synchronized (this) {
            if (!wanted || (process != null && process.isAlive())) {
                return;
            }
            restarts++;
            launch();
        }
        changed.run();
    }

    /**
     * Stops it and leaves it stopped. Returns when it has ended: within its grace period and a few
     * seconds.
     */
    void stop() {
        ManagedProcess running;
        synchronized (this) {
            wanted = false;
            running = process;
        }
        if (running != null) {
            running.stop();
        }
    }

    /** Asks it to stop for good and returns at once; {@link #stop} waits for the end. */
    void retire() {
        ManagedProcess running;
        synchronized (this) {
            wanted = false;
            retired = true;
            running = process;
        }
        if (running != null) {
            running.requestStop();
        }
    }

    /**
     * Ends it by SIGKILL, as a fault would; supervision starts it again. Returns when it has ended.
     */
    void kill() {
        ManagedProcess running;
        synchronized (this) {
            running = process;
        }
        if (running != null) {
            running.kill();
        }
    }

    /** Whether its process runs. */
    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** How many of its processes in a row ended soon after they started. */
    synchronized int quickEnds() {
        return backoff.quickEnds();
    }

    String name() {
        return name;
    }

    ManagedProcess.Command command() {
        return command;
    }

    synchronized ProcessState state() {
        return new ProcessState(name, true, identity, port, restarts, lastExit, lastExitMillis);
    }
}
