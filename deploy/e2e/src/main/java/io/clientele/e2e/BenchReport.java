package io.clientele.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of a run with their limits, and what went wrong. Not thread-safe. */
final class BenchReport {
    private enum Bound {
        NONE,
        AT_MOST,
        AT_LEAST
    }

    private record Figure(double value, String unit, Bound bound, double limit, String meaning) {
        boolean holds() {
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
    }

    private final Map<String, Figure> figures = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** Something to know about the run that is no number. */
    void note(String text) {
        notes.add(text);
    }

    void figure(String name, double value, String unit, String meaning) {
        figures.put(name, new Figure(value, unit, Bound.NONE, 0, meaning));
    }

    void atMost(String name, double value, double limit, String unit, String meaning) {
        put(name, new Figure(value, unit, Bound.AT_MOST, limit, meaning));
    }

    void atLeast(String name, double value, double limit, String unit, String meaning) {
        put(name, new Figure(value, unit, Bound.AT_LEAST, limit, meaning));
    }

    private void put(String name, Figure figure) {
        figures.put(name, figure);
        if (!figure.holds()) {
            fail(name + " is " + number(figure.value()) + ", wanted " + figure.limitText());
        }
    }

    /** Something that must not happen in a run that counts. */
    void fail(String what) {
        failures.add(what);
    }

    boolean isGood() {
        return failures.isEmpty();
    }

    /** Writes the table. */
    void print(PrintStream out) {
        int width = figures.keySet().stream().mapToInt(String::length).max().orElse(0);
        out.println();
        figures.forEach((name, figure) ->
                out.printf(
                        Locale.ROOT,
                        "  %-" + width + "s  %12s %-8s %-10s %-6s %s%n",
                        name,
                        number(figure.value()),
                        figure.unit(),
                        figure.limitText(),
                        figure.bound() == Bound.NONE ? "" : figure.holds() ? "ok" : "FAILED",
                        figure.meaning()));
        out.println();
        notes.forEach(text -> out.printf(Locale.ROOT, "  %s%n", text));
        failures.forEach(what -> out.printf(Locale.ROOT, "  FAILED: %s%n", what));
        out.flush();
    }

    /** Writes one flat JSON object, numbers by name, with the number of failures. */
    void write(@Nullable Path file) throws IOException {
        if (file == null) {
            return;
        }
        ObjectNode json = PlatformJson.mapper().createObjectNode();
        figures.forEach((name, figure) -> json.put(name, rounded(figure.value())));
        json.put("failures", failures.size());
        var parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(
                file,
                PlatformJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(json)
                        + "\n",
                StandardCharsets.UTF_8);
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static String number(double value) {
        double rounded = rounded(value);
        return rounded == Math.rint(rounded)
                ? String.format(Locale.ROOT, "%,.0f", rounded)
                : String.format(Locale.ROOT, "%,.3f", rounded);
    }
}
