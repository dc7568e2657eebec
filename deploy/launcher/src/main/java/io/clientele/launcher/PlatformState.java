package io.clientele.launcher;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs, as the launcher last wrote it for other commands to read: {@code run/platform.json} of
 * a data folder.
 *
 * @param launcher the process of {@code ./clientele up}
 * @param startedMillis when it began to start, milliseconds since 1970
 * @param port the first port of the set
 * @param ephemeral whether the data goes when it stops
 * @param addresses what clients of the servers need, as environment variables without secrets
 * @param secretsFile where the secrets of the servers started here are
 * @param clientSecretsFile where the secrets of Keycloak's clients are
 * @param processes servers first, in the order in which they started
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record PlatformState(
        ProcessIdentity launcher,
        long startedMillis,
        int port,
        boolean ephemeral,
        Map<String, String> addresses,
        @Nullable String secretsFile,
        @Nullable String clientSecretsFile,
        List<ProcessState> processes) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    PlatformState {
        addresses = Map.copyOf(addresses);
        processes = List.copyOf(processes);
    }

    /**
     * A process that cannot be mistaken for a later one of the same id.
     *
     * @param pid the id the system gave it; -1 for none
     * @param startedMillis when it started, milliseconds since 1970, as the system tells
     */
    record ProcessIdentity(long pid, long startedMillis) {
        /**
         * The system derives start times from its boot time, which may be corrected by about a
         * second.
         */
        private static final Duration TOLERANCE = Duration.ofSeconds(2);

        /** The identity of a process that runs. */
        static ProcessIdentity of(ProcessHandle process) {
            return new ProcessIdentity(
                    process.pid(),
                    process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
        }

        /** The process, if it still runs. */
        Optional<ProcessHandle> running() {
            if (pid <= 0) {
                return Optional.empty();
            }
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process ->
                            Math.abs(of(process).startedMillis - startedMillis)
                                    <= TOLERANCE.toMillis());
        }
    }

    /**
     * One server or service.
     *
     * @param name as users call it
     * @param service whether it is one of the platform's own services
     * @param identity its process
     * @param port where it listens
     * @param restarts how often it ended unasked and was started again
     * @param lastExit how the process before this one ended: its exit status, above 128 after a
     *     signal
     * @param lastExitMillis when that was, milliseconds since 1970
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record ProcessState(
            String name,
            boolean service,
            ProcessIdentity identity,
            int port,
            int restarts,
            @Nullable Integer lastExit,
            @Nullable Long lastExitMillis) {}

    /** Reads the file; empty if there is none, or one that is no state at all. */
    static Optional<PlatformState> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), PlatformState.class));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (JsonProcessingException spoilt) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new LauncherException(
                    "Cannot read " + file + ": " + unreadable.getMessage() + ".", unreadable);
        }
    }

    /** Replaces the file in one step. */
    void write(Path file) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.write(next, JSON.writeValueAsBytes(this));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new LauncherException(
                    "Cannot write " + file + ": " + failed.getMessage() + ".", failed);
        }
    }
}
