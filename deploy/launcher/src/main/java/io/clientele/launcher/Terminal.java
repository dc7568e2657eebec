package io.clientele.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher says to the person in front of it. Results go to standard output, so that they
 * can be piped; everything about the way there (progress, notes, errors) goes to standard error.
 *
 * <p>On a terminal a step is a progress bar; elsewhere it is one plain line when it begins, one
 * when it ends, and one for each tenth in between if it takes longer than {@value #QUIET_SECONDS}
 * s.
 */
public final class Terminal implements Progress {
    private static final int QUIET_SECONDS = 10;
    private static final int UPDATE_MILLIS = 200;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final int columns;

    /**
     * A terminal of its own streams.
     *
     * @param interactive whether a person watches {@code err}, so that a line may be rewritten
     * @param columns the width of a line in characters
     */
    Terminal(PrintStream out, PrintStream err, boolean interactive, int columns) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
        this.columns = columns;
    }

    /**
     * The streams of this process; the script says in system properties whether they are a
     * terminal, and how wide.
     */
    static Terminal ofThisProcess() {
        return new Terminal(
                System.out,
                System.err,
                Boolean.getBoolean("clientele.terminal"),
                Integer.getInteger("clientele.columns", 80));
    }

    /** Whether a person watches. */
    boolean isInteractive() {
        return interactive;
    }

    /** The width of a line in characters. */
    int columns() {
        return columns;
    }

    /** A line of the result. */
    void result(String line) {
        if (interactive) {
            // A progress bar may stand in this line.
            err.print("\r" + " ".repeat(columns - 1) + "\r");
            err.flush();
        }
        out.println(line);
        out.flush();
    }

    /** A line about the way to the result. */
    void note(String line) {
        err.println(line);
        err.flush();
    }

    @Override
    public Step step(String title, long maximum, String unit) {
        return interactive
                ? new BarStep(title, maximum, unit)
                : new PlainStep(title, maximum, unit);
    }

    /**
     * A duration as a person reads it: {@code 850 ms}, {@code 12.3 s}, {@code 4 min 05 s}, {@code 3
     * h 20 min}.
     */
    static String readable(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        long seconds = duration.toSeconds();
        if (seconds < 3_600) {
            return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%d h %02d min", seconds / 3_600, seconds / 60 % 60);
        }
        return String.format(Locale.ROOT, "%d d %02d h", seconds / 86_400, seconds / 3_600 % 24);
    }

    private String outcomeLine(String title, String outcome, long startedNanos) {
        String took = readable(Duration.ofNanos(System.nanoTime() - startedNanos));
        return title + ": " + (outcome.isEmpty() ? "done" : outcome) + " (" + took + ")";
    }

    private final class BarStep implements Step {
        private final String title;
        private final long startedNanos = System.nanoTime();
        private final ProgressBar bar;
        private boolean open = true;

        BarStep(String title, long maximum, String unit) {
            this.title = title;
            ProgressBarBuilder builder =
                    ProgressBar.builder()
                            .setTaskName(title)
                            .setInitialMax(Math.max(-1, maximum))
                            .setUpdateIntervalMillis(UPDATE_MILLIS)
                            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                            .setConsumer(new ConsoleProgressBarConsumer(err, columns - 1))
                            .clearDisplayOnFinish()
                            .hideEta();
            if (!unit.isEmpty()) {
                builder.setUnit(" " + unit, 1).showSpeed();
            }
            this.bar = builder.build();
        }

        @Override
        public void advanceTo(long done) {
            bar.stepTo(done);
        }

        @Override
        public void maximum(long maximum) {
            bar.maxHint(maximum);
        }

        @Override
        public void note(String note) {
            bar.setExtraMessage(" " + note);
        }

        @Override
        public void finish(String outcome) {
            close();
            Terminal.this.note(outcomeLine(title, outcome, startedNanos));
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                bar.close();
                // The bar's last line must not stay behind what is printed next.
                err.print("\r" + " ".repeat(columns - 1) + "\r");
            }
        }
    }

    private final class PlainStep implements Step {
        private final String title;
        private final String unit;
        private final long startedNanos = System.nanoTime();
        private long maximum;
        private long tenthsSaid;
        private @Nullable String noteSaid;

        PlainStep(String title, long maximum, String unit) {
            this.title = title;
            this.maximum = maximum;
            this.unit = unit;
            Terminal.this.note(title + " ...");
        }

        @Override
        public synchronized void advanceTo(long done) {
            if (maximum < 10 || System.nanoTime() - startedNanos < QUIET_SECONDS * 1_000_000_000L) {
                return;
            }
            long tenths = Math.min(10, done * 10 / maximum);
            if (tenths > tenthsSaid && tenths < 10) {
                tenthsSaid = tenths;
                Terminal.this.note(
                        String.format(
                                Locale.ROOT,
                                "  %d %%, %,d of %,d%s",
                                tenths * 10,
                                done,
                                maximum,
                                unit.isEmpty() ? "" : " " + unit));
            }
        }

        @Override
        public synchronized void maximum(long newMaximum) {
            maximum = newMaximum;
        }

        @Override
        public synchronized void note(String note) {
            if (!note.equals(noteSaid)) {
                noteSaid = note;
                Terminal.this.note("  " + note);
            }
        }

        @Override
        public void finish(String outcome) {
            Terminal.this.note(outcomeLine(title, outcome, startedNanos));
        }

        @Override
        public void close() {}
    }
}
