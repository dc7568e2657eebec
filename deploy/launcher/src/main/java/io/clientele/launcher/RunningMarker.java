package io.clientele.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file {@code target/running/PID} that tells the script {@code ./clientele} that a platform runs
 * from this project's build, so that it builds nothing anew beneath it. Stays behind when the
 * process is killed; the script then sees that it is dead.
 */
final class RunningMarker implements AutoCloseable {
    private final Path file;

    private RunningMarker(Path file) {
        this.file = file;
    }

    static RunningMarker create(Path root, PlatformOptions options) {
        try {
            Path folder = Files.createDirectories(root.resolve("target").resolve("running"));
            Path file = folder.resolve(Long.toString(ProcessHandle.current().pid()));
            Files.writeString(file, "port " + options.port());
            return new RunningMarker(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
