package io.clientele.simulator.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * What is shown to the person who watches. Results go to standard output; what changes while it is
 * watched goes to standard error: on a terminal it is rewritten in place, elsewhere its first line
 * appears now and then. Thread-safe.
 */
public final class Screen {
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final String CLEAR_BELOW = "\033[J";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final int columns;

    // Guarded by this.
    private int shown;
    private long saidNanos = Long.MIN_VALUE;

    /**
     * A screen of its own streams.
     *
     * @param interactive whether a person watches {@code err} on a terminal
     * @param columns its width in characters
     */
    public Screen(PrintStream out, PrintStream err, boolean interactive, int columns) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
        this.columns = columns;
    }

    /** The streams of this process; system properties say whether they are a terminal. */
    public static Screen ofThisProcess() {
        return new Screen(
                System.out,
                System.err,
                Boolean.getBoolean("clientele.terminal"),
                Integer.getInteger("clientele.columns", 80));
    }

    /** A line of the result. */
    public synchronized void result(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    /** A line about the way there. */
    public synchronized void note(String line) {
        clear();
        err.println(line);
        err.flush();
    }

    /** Shows lines in place of those shown before. */
    synchronized void show(List<String> lines) {
        if (!interactive) {
            long now = System.nanoTime();
            if (saidNanos == Long.MIN_VALUE || now - saidNanos > QUIET.toNanos()) {
                saidNanos = now;
                err.println(lines.getFirst());
                err.flush();
            }
            return;
        }
        StringBuilder text = new StringBuilder();
        if (shown > 0) {
            text.append("\033[").append(shown).append("A\r");
        }
        for (String line : lines) {
            String fitting = line.length() < columns ? line : line.substring(0, columns - 1);
            text.append(fitting).append("\033[K\n");
        }
        text.append(CLEAR_BELOW);
        err.print(text);
        err.flush();
        shown = lines.size();
    }

    private void clear() {
        if (shown > 0) {
            err.print("\033[" + shown + "A\r" + CLEAR_BELOW);
            err.flush();
            shown = 0;
        }
        saidNanos = Long.MIN_VALUE;
    }

    /** Whether a person watches on a terminal. */
    boolean isInteractive() {
        return interactive;
    }

    /** A bar of 30 characters. */
    static String bar(long done, long maximum) {
        int full = maximum <= 0 ? 30 : (int) Math.min(30, 30 * done / maximum);
        return "█".repeat(full) + "░".repeat(30 - full);
    }
}
