package io.clientele.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is shared by all projects of this machine: the cache of unpacked and built servers, and
 * short-lived commands.
 */
final class Machine {
    private Machine() {}

    /** {@code $XDG_CACHE_HOME/clientele}, else {@code ~/.cache/clientele}. */
    static Path cache(Map<String, String> environment) {
        String named = environment.get("XDG_CACHE_HOME");
        Path cache =
                named != null && !named.isBlank()
                        ? Path.of(named)
                        : Path.of(System.getProperty("user.home"), ".cache");
        return PrivateFiles.folder(cache.resolve("clientele"));
    }

    /**
     * A folder of the cache, made at the first call on this machine. Other processes wait
     * meanwhile; a build that is interrupted leaves nothing that counts as built.
     *
     * @param build fills an empty folder
     */
    static Path cached(Path cache, String name, Consumer<Path> build) {
        Path folder = cache.resolve(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try (FileChannel channel =
                        FileChannel.open(
                                cache.resolve(name + ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = lockAcrossThreads(channel)) {
            if (!Files.isDirectory(folder)) {
                Path work = cache.resolve(name + ".building");
                PrivateFiles.deleteTree(work);
                PrivateFiles.folder(work);
                build.accept(work);
                Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot prepare " + folder, failed);
        }
    }

    private static FileLock lockAcrossThreads(FileChannel channel) throws IOException {
        return channel.lock();
    }

    /**
     * Runs a command to its end.
     *
     * @param input given to its standard input
     * @return what it wrote to standard output and error
     * @throws EmbeddedServerException if it fails or takes longer than {@code limitSeconds}
     */
    static String run(
            String what,
            List<String> command,
            Path folder,
            Map<String, String> environment,
            String input,
            long limitSeconds) {
        try {
            Path output = Files.createTempFile("clientele-", ".out");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command)
                                .directory(folder.toFile())
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                try (var standardInput = process.getOutputStream()) {
                    standardInput.write(input.getBytes(StandardCharsets.UTF_8));
                }
                boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
                if (!ended) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
                String text = Files.readString(output);
                if (!ended || process.exitValue() != 0) {
                    throw new EmbeddedServerException(
                            what
                                    + " failed"
                                    + (ended
                                            ? " with status " + process.exitValue()
                                            : ": no end after " + limitSeconds + " s")
                                    + ": "
                                    + lastLines(text, 8));
                }
                return text;
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException failed) {
            throw new EmbeddedServerException(what + " failed: " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException(what + " was interrupted", interrupted);
        }
    }

    static String lastLines(String text, int count) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
}
