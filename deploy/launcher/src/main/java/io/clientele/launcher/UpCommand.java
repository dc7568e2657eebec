package io.clientele.launcher;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** {@code ./clientele up}, alone or with a program that uses the platform. */
final class UpCommand {
    /** The status of a process that Ctrl-C ended. */
    private static final int INTERRUPTED = 130;

    private static final Duration SIGNAL_PATIENCE = Duration.ofSeconds(5);

    /** What runs on the platform once it is ready. */
    interface Guest {
        /** Runs to its end and returns its exit status; the platform then stops. */
        int run(Platform platform);

        /**
         * Ends it; called from another thread at Ctrl-C or SIGTERM, perhaps before {@link #run}.
         *
         * @return the exit status of the whole
         */
        int stop();
    }

    private final PlatformOptions options;
    private final Terminal terminal;
    private final @Nullable Guest guest;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean running;

    UpCommand(PlatformOptions options, Terminal terminal) {
        this(options, terminal, null);
    }

    /** The platform with a guest; null for none. */
    UpCommand(PlatformOptions options, Terminal terminal, @Nullable Guest guest) {
        this.options = options;
        this.terminal = terminal;
        this.guest = guest;
    }

    /**
     * Starts the platform and returns only if that fails, or when the guest has ended, with its
     * status. Ctrl-C, SIGTERM and the end of the terminal stop it and end the process: with status
     * 0 (or what the guest says), or 1 if it had not started yet.
     */
    int run() {
        long startNanos = System.nanoTime();
        try (Platform platform = Platform.prepare(options);
                RunningMarker marker = RunningMarker.create(options.root(), options)) {
            // Not a shutdown hook: hooks run all at once, and the servers must outlive the
            // services.
            for (String signal : List.of("INT", "TERM", "HUP")) {
                Signal.handle(new Signal(signal), received -> stop(platform, marker));
            }
            try {
                if (guest == null) {
                    platform.run(terminal);
                } else {
                    platform.run(terminal, () -> announceEarly(platform, startNanos));
                }
            } catch (RuntimeException failed) {
                if (stopping.get()) {
                    waitForTheEnd();
                }
                throw failed;
            }
            running = true;
            if (guest != null) {
                return host(guest, platform);
            }
            announce(platform, Duration.ofNanos(System.nanoTime() - startNanos));
            waitForTheEnd();
            return 0;
        }
    }

    private int host(Guest present, Platform platform) {
        int status = present.run(platform);
        if (status == INTERRUPTED) {
            // Ctrl-C reached the guest first; the signal's thread is about to take over.
            awaitSignal();
        }
        if (!stopping.compareAndSet(false, true)) {
            waitForTheEnd();
        }
        terminal.note("Stopping ...");
        return status;
    }

    private void awaitSignal() {
        long deadline = System.nanoTime() + SIGNAL_PATIENCE.toNanos();
        while (!stopping.get() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private void stop(Platform platform, RunningMarker marker) {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        int status = running ? 0 : 1;
        if (guest != null) {
            int told = guest.stop();
            status = running ? told : 1;
        }
        long startNanos = System.nanoTime();
        try {
            terminal.note("");
            terminal.note("Stopping ...");
            platform.close();
            marker.close();
            terminal.note(
                    "Stopped ("
                            + Terminal.readable(Duration.ofNanos(System.nanoTime() - startNanos))
                            + ")."
                            + (options.ephemeral()
                                    ? ""
                                    : " The data stays in " + options.home() + "."));
        } catch (RuntimeException failed) {
            terminal.note("clientele: while stopping: " + failed.getMessage());
            status = 1;
        }
        System.exit(status);
    }

    private void announceEarly(Platform platform, long startNanos) {
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        terminal.result(
                "Clientele is at "
                        + platform.address()
                        + " (after "
                        + Terminal.readable(took)
                        + "); its services are about to be ready");
        for (String line : platform.signIn()) {
            terminal.result("  Sign in  " + line);
        }
    }

    private void announce(Platform platform, Duration took) {
        URI address = platform.address();
        terminal.result("");
        terminal.result(
                "Clientele runs at " + address + " (up in " + Terminal.readable(took) + ")");
        String port =
                options.port() == PlatformPorts.DEFAULT_BASE ? "" : " --port " + options.port();
        terminal.result("  API      " + address + "/docs");
        terminal.result("  Token    ./clientele token --program demo --role admin" + port);
        for (String line : platform.signIn()) {
            terminal.result("  Sign in  " + line);
        }
        terminal.result(
                "  Data     " + (options.ephemeral() ? "none is kept" : options.home().toString()));
        terminal.result("  Logs     " + platform.logs());
        terminal.result("  Stop     Ctrl-C, or ./clientele down" + port);
    }

    private static void waitForTheEnd() {
        CountDownLatch never = new CountDownLatch(1);
        while (never.getCount() > 0) {
            try {
                never.await();
            } catch (InterruptedException interrupted) {
                // Nobody interrupts this thread; the signal's thread ends the process.
                continue;
            }
        }
    }
}
