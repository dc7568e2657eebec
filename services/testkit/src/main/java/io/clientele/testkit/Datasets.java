package io.clientele.testkit;

import io.clientele.embedded.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of real datasets: {@code CLIENTELE_DATASETS}, by default {@code ../shared/data}
 * relative to the project. Each dataset is a folder in it.
 */
public final class Datasets {
    private static final Path FOLDER = locate();

    private Datasets() {}

    private static Path locate() {
        String named = System.getenv("CLIENTELE_DATASETS");
        Path root = ProjectRoot.find();
        Path folder =
                named != null && !named.isBlank()
                        ? root.resolve(named)
                        : root.resolve("../shared/data");
        return folder.toAbsolutePath().normalize();
    }

    /** The names of the datasets found, in order. */
    public static List<String> found() {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(FOLDER)) {
            return children.filter(Files::isDirectory)
                    .map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + FOLDER, failed);
        }
    }

    /**
     * A file of a dataset.
     *
     * @throws IllegalStateException naming the folder, what was found there, and the remedy
     */
    public static Path file(String dataset, String name) {
        Path file = FOLDER.resolve(dataset).resolve(name);
        if (!Files.exists(file)) {
            throw new IllegalStateException(
                    "no "
                            + dataset
                            + "/"
                            + name
                            + " in "
                            + FOLDER
                            + " (found there: "
                            + found()
                            + "): set CLIENTELE_DATASETS to the folder of the datasets");
        }
        return file;
    }
}
