package io.clientele.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of a run with their limits, and what went wrong. Not thread-safe. */
final class Report {
    private enum Bound {
        NONE,
        AT_MOST,
        AT_LEAST
    }

    /** A figure; not a number if it was not measured. */
    private record Figure(double value, String unit, Bound bound, double limit, String meaning) {
        boolean isReached() {
            return switch (bound) {
                case NONE -> true;
                case AT_MOST -> value <= limit;
                case AT_LEAST -> value >= limit;
            };
        }

        String limitText() {
            return switch (bound) {
                case NONE -> "";
                case AT_MOST -> "<= " + number(limit);
                case AT_LEAST -> ">= " + number(limit);
            };
        }

        String verdict() {
            if (bound == Bound.NONE) {
                return "";
            }
            return Double.isNaN(value) ? "not measured" : isReached() ? "reached" : "NOT REACHED";
        }
    }

    private final PrintStream out;
    private final Map<String, Figure> figures = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private String prefix = "";

    Report(PrintStream out) {
        this.out = out;
    }

    /** Begins the name of every figure that follows. */
    void prefix(String text) {
        prefix = text;
    }

    void figure(String name, double value, String unit, String meaning) {
        figures.put(prefix + name, new Figure(value, unit, Bound.NONE, 0, meaning));
    }

    void atMost(String name, double value, double limit, String unit, String meaning) {
        limited(name, new Figure(value, unit, Bound.AT_MOST, limit, meaning));
    }

    void atLeast(String name, double value, double limit, String unit, String meaning) {
        limited(name, new Figure(value, unit, Bound.AT_LEAST, limit, meaning));
    }

    /** Limits are for the size of the plain figures; those of other sizes show the growth. */
    private void limited(String name, Figure figure) {
        if (prefix.isEmpty()) {
            figures.put(name, figure);
        } else {
            figure(name, figure.value(), figure.unit(), figure.meaning());
        }
    }

    /** Something that must not happen in a run that counts. */
    void fail(String what) {
        failures.add(what);
        say("FAILED: " + what);
    }

    /** One line at once. */
    void say(String text) {
        out.println(text);
    }

    /** Whether nothing failed and every limit is reached. */
    boolean isGood() {
        return failures.isEmpty() && figures.values().stream().allMatch(Figure::isReached);
    }

    /** Writes the table. */
    void print() {
        int width = figures.keySet().stream().mapToInt(String::length).max().orElse(0);
        out.println();
        figures.forEach((name, figure) ->
                out.printf(
                        Locale.ROOT,
                        "  %-" + width + "s  %14s %-8s %-12s %-13s %s%n",
                        name,
                        Double.isNaN(figure.value()) ? "-" : number(figure.value()),
                        figure.unit(),
                        figure.limitText(),
                        figure.verdict(),
                        figure.meaning()));
        out.println();
        failures.forEach(what -> out.printf(Locale.ROOT, "  FAILED: %s%n", what));
        out.flush();
    }

    /** Writes one flat JSON object: what was measured by name, and the number of failures. */
    void write(@Nullable Path file) throws IOException {
        if (file == null) {
            return;
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        figures.forEach((name, figure) -> {
            if (Double.isFinite(figure.value())) {
                double value = rounded(figure.value());
                if (value == Math.rint(value)) {
                    json.put(name, (long) value);
                } else {
                    json.put(name, value);
                }
            }
        });
        json.put("failures", failures.size());
        Files.writeString(
                file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    /** Four digits at least, so that 0.0123 ms stay 0.0123 ms. */
    private static double rounded(double value) {
        double unit = Math.abs(value) < 1 ? 1e6 : 1e3;
        return Math.round(value * unit) / unit;
    }

    static String number(double value) {
        if (value != 0 && Math.abs(value) < 1) {
            return String.format(Locale.ROOT, "%.4f", value);
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%,.2f", value);
    }
}
