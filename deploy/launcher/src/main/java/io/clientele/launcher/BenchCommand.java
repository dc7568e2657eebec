package io.clientele.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./clientele bench}: runs a measuring program in a JVM of its own. The program writes a
 * flat JSON object name → number to the file after {@code --json}; this adds where the figures come
 * from and prints them.
 */
final class BenchCommand {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final int WRONG_USAGE = 2;

    /** What can be measured. */
    enum Subject {
        /** Everything together, through the gateway. */
        platform(
                "io.clientele.e2e.PlatformBench",
                "deploy/e2e/target/clientele-e2e.jar",
                List.of("-Xmx512m", "-XX:+UseSerialGC")),
        /** The segmentation engine alone, in one process, against DuckDB. */
        engine(
                "io.clientele.benchmarks.EngineBench",
                "services/segmentation/benchmarks/target/clientele-benchmarks.jar",
                // 5,000,000 members with 100,000,000 purchases; DuckDB's memory is beside it.
                List.of("-Xmx11g", "-XX:+UseParallelGC", "--add-modules=jdk.incubator.vector"));

        private final String program;
        private final String jar;
        private final List<String> options;

        Subject(String program, String jar, List<String> options) {
            this.program = program;
            this.jar = jar;
            this.options = options;
        }
    }

    private final Path root;
    private final Terminal terminal;

    BenchCommand(Path root, Terminal terminal) {
        this.root = root;
        this.terminal = terminal;
    }

    /** Runs it; {@code arguments} go to the program. */
    int run(Subject subject, List<String> arguments, @Nullable Path json) {
        if (json != null && Files.isDirectory(json)) {
            throw new LauncherException(json + " is a folder; --json takes the name of a file.");
        }
        try {
            Path figures = Files.createTempFile("clientele-bench", ".json");
            try {
                int status = ChildProcess.run(command(subject, arguments, figures), root, Map.of());
                if (status == WRONG_USAGE) {
                    return status;
                }
                if (Files.size(figures) == 0) {
                    throw new LauncherException(
                            "The measurement ended with status "
                                    + status
                                    + " and without figures.");
                }
                ObjectNode result = figures(JSON.readTree(Files.readAllBytes(figures)));
                result.put("commit", commit());
                result.put("machine", machine());
                result.put(
                        "command",
                        ("./clientele bench " + subject + " " + String.join(" ", arguments))
                                .strip());
                if (json != null) {
                    Files.write(json, JSON.writeValueAsBytes(result));
                    terminal.note("Written to " + json + ".");
                }
                return status == 0 ? 0 : 1;
            } finally {
                Files.deleteIfExists(figures);
            }
        } catch (IOException failed) {
            throw new LauncherException(
                    "Cannot read or write the figures: " + failed.getMessage() + ".", failed);
        }
    }

    private List<String> command(Subject subject, List<String> arguments, Path figures) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(subject.options);
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dclientele.root=" + root,
                        "-cp",
                        root.resolve(subject.jar).toString(),
                        subject.program,
                        "--json",
                        figures.toString()));
        command.addAll(arguments);
        return List.copyOf(command);
    }

    /** Checks that the document is what it should be: names and numbers, nothing else. */
    static ObjectNode figures(JsonNode document) {
        if (!(document instanceof ObjectNode object)) {
            throw new LauncherException("The measurement wrote no JSON object.");
        }
        object.properties()
                .forEach(entry -> {
                    if (!entry.getValue().isNumber()) {
                        throw new LauncherException(
                                "The measurement wrote something else than a number for "
                                        + entry.getKey()
                                        + ": "
                                        + entry.getValue()
                                        + ".");
                    }
                });
        return object;
    }

    private String commit() {
        String head = output("git", "rev-parse", "HEAD");
        String changes = output("git", "status", "--porcelain");
        return head.isEmpty() ? "unknown" : head + (changes.isEmpty() ? "" : " with changes");
    }

    /** Cores, memory, processor, system and JVM, as far as the system tells. */
    private static String machine() {
        return Runtime.getRuntime().availableProcessors()
                + " cores, "
                + fact(Path.of("/proc/meminfo"), "MemTotal", "memory unknown")
                + ", "
                + fact(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch", ""))
                + ", "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + ", "
                + System.getProperty("java.vm.name")
                + " "
                + Runtime.version();
    }

    private static String fact(Path file, String key, String otherwise) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(otherwise);
        } catch (IOException notThisSystem) {
            return otherwise;
        }
    }

    private String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(root.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? text.strip()
                    : "";
        } catch (IOException unavailable) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
