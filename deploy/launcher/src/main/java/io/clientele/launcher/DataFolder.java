package io.clientele.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one platform: its data, its logs and the notes by which other commands find it.
 * Layout:
 *
 * <pre>
 * run/platform.json   what runs, for status, down, token and import
 * run/lock            held by the running launcher, so that a second one is refused
 * logs/NAME.log       one per process; NAME.1.log is the run before
 * servers/            Kafka, PostgreSQL, the document store, Keycloak, secrets.properties
 * services/NAME/      local state of a service
 * ephemeral/PORT/     the same layout again for each platform started with --ephemeral
 * </pre>
 *
 * <p>Not thread-safe; one process opens it once.
 */
final class DataFolder implements AutoCloseable {
    /** How many runs' logs are kept besides the present one. */
    static final int KEPT_LOGS = 4;

    private final Path folder;
    private @Nullable FileChannel lockChannel;
    private @Nullable FileLock lock;

    DataFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * The folder below {@code home} of a platform: {@code home} itself, or a place of its own if it
     * is ephemeral.
     */
    static DataFolder below(Path home, boolean ephemeral, int port) {
        return new DataFolder(
                ephemeral ? home.resolve("ephemeral").resolve(Integer.toString(port)) : home);
    }

    /**
     * The platforms noted below {@code home}, running or not: the lasting one first, then the
     * ephemeral ones by port.
     */
    static List<DataFolder> allBelow(Path home) {
        List<DataFolder> folders = new ArrayList<>();
        folders.add(new DataFolder(home));
        try (DirectoryStream<Path> ephemeral =
                Files.newDirectoryStream(home.resolve("ephemeral"))) {
            List<Path> sorted = new ArrayList<>();
            ephemeral.forEach(sorted::add);
            sorted.sort(null);
            sorted.forEach(path -> folders.add(new DataFolder(path)));
        } catch (NoSuchFileException none) {
            return folders;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return folders;
    }

    Path path() {
        return folder;
    }

    Path logs() {
        return folder.resolve("logs");
    }

    Path servers() {
        return folder.resolve("servers");
    }

    Path services() {
        return folder.resolve("services");
    }

    Path run() {
        return folder.resolve("run");
    }

    /** What the launcher of this folder last wrote. */
    Path stateFile() {
        return run().resolve("platform.json");
    }

    /**
     * Makes the folder this process's own until {@link #close}, which the system also does when the
     * process ends in any way.
     *
     * @throws LauncherException if another process has it, or it cannot be written
     */
    void lock() {
        try {
            createPrivate(folder);
            Files.createDirectories(run());
            Files.createDirectories(logs());
            FileChannel channel =
                    FileChannel.open(
                            run().resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            FileLock taken = tryLock(channel);
            if (taken == null) {
                channel.close();
                throw new LauncherException(alreadyRunning());
            }
            lockChannel = channel;
            lock = taken;
        } catch (IOException failed) {
            throw new LauncherException(
                    "Cannot use the data folder "
                            + folder
                            + ": "
                            + failed.getMessage()
                            + ". Choose another with --data.",
                    failed);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ownedByThisProcess) {
            return null;
        }
    }

    private String alreadyRunning() {
        Optional<PlatformState> state = PlatformState.read(stateFile());
        String who =
                state.flatMap(known -> known.launcher().running().map(process -> known))
                        .map(known ->
                                " (process "
                                        + known.launcher().pid()
                                        + ", port "
                                        + known.port()
                                        + ")")
                        .orElse("");
        return "A platform already runs with the data folder "
                + folder
                + who
                + ". Stop it with ./clientele down, or start this one with another folder (--data"
                + " DIR) and other ports (--port).";
    }

    /**
     * Renames the logs of earlier runs, {@code x.log} to {@code x.1.log} and so on, and drops the
     * oldest.
     */
    void rotateLogs() {
        try (DirectoryStream<Path> current = Files.newDirectoryStream(logs(), "*.log")) {
            for (Path log : current) {
                String name = log.getFileName().toString();
                String stem = name.substring(0, name.length() - ".log".length());
                if (!stem.matches(".*\\.\\d+")) {
                    rotate(stem);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot rotate the logs in " + logs(), failed);
        }
    }

    private void rotate(String stem) throws IOException {
        Path logs = logs();
        for (int age = KEPT_LOGS - 1; age >= 0; age--) {
            Path from = logs.resolve(age == 0 ? stem + ".log" : stem + "." + age + ".log");
            if (Files.exists(from)) {
                Files.move(
                        from,
                        logs.resolve(stem + "." + (age + 1) + ".log"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Deletes what an ephemeral platform leaves, all but its logs. */
    void deleteData() {
        deleteRecursively(services());
        deleteRecursively(servers());
        try {
            Files.deleteIfExists(stateFile());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void createPrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static void deleteRecursively(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path visited, @Nullable IOException failure) throws IOException {
                            if (failure != null) {
                                throw failure;
                            }
                            Files.deleteIfExists(visited);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete " + root, failed);
        }
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.release();
            }
            if (lockChannel != null) {
                lockChannel.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
