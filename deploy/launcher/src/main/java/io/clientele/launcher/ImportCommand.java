package io.clientele.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.launcher.ImportClient.Job;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * {@code ./clientele import}: sends files through the import API and watches what becomes of them.
 * The job lives in the platform: ending this command ends nothing there.
 */
final class ImportCommand {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int SEND_ATTEMPTS = 10;

    private final Path home;
    private final @Nullable Integer port;
    private final Path errorFolder;
    private final Terminal terminal;

    /**
     * The command for the platform with data folder {@code home}.
     *
     * @param errorFolder where files with rejected lines are written
     */
    ImportCommand(Path home, @Nullable Integer port, Path errorFolder, Terminal terminal) {
        this.errorFolder = errorFolder;
        this.home = home;
        this.port = port;
        this.terminal = terminal;
    }

    /**
     * What to import.
     *
     * @param files one job each, one after the other
     * @param mapping the file with the mapping
     * @param source names the events' origin; null: the mapping's name
     * @param resume a job whose content is incomplete, in place of a new one for the first file
     */
    record Request(
            List<Path> files,
            Path mapping,
            String program,
            @Nullable String source,
            boolean shiftToNow,
            @Nullable String resume) {
        Request {
            files = List.copyOf(files);
        }

        /**
         * The source of the events: a key made of the mapping's file name if the user named none.
         */
        String sourceKey() {
            if (source != null) {
                return source;
            }
            String name = String.valueOf(mapping.getFileName()).toLowerCase(Locale.ROOT);
            String stem = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
            String key = stem.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
            return key.isEmpty() ? "import" : key;
        }
    }

    int run(Request request) {
        JsonNode mapping = readMapping(request.mapping());
        for (Path file : request.files()) {
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new LauncherException("Cannot read the file " + file + ".");
            }
            if (size(file) == 0) {
                throw new LauncherException("The file " + file + " is empty.");
            }
        }
        RunningPlatform platform = RunningPlatform.find(home, port);
        int status = 0;
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build()) {
            ImportClient client =
                    new ImportClient(
                            http,
                            platform.address(),
                            () ->
                                    platform.token(
                                            http, request.program(), "admin", System.getenv()));
            String resume = request.resume();
            for (Path file : request.files()) {
                Job job =
                        resume != null
                                ? client.find(resume)
                                : client.create(request.sourceKey(), mapping, request.shiftToNow());
                resume = null;
                status = Math.max(status, follow(client, job, file, request));
            }
        }
        return status;
    }

    private static JsonNode readMapping(Path file) {
        try {
            JsonNode mapping = JSON.readTree(Files.readAllBytes(file));
            if (mapping == null || !mapping.isObject()) {
                throw new LauncherException("The mapping " + file + " holds no JSON object.");
            }
            return mapping;
        } catch (JsonProcessingException invalid) {
            throw new LauncherException(
                    "The mapping "
                            + file
                            + " is no valid JSON at line "
                            + invalid.getLocation().getLineNr()
                            + ", column "
                            + invalid.getLocation().getColumnNr()
                            + ": "
                            + invalid.getOriginalMessage()
                            + ".",
                    invalid);
        } catch (IOException unreadable) {
            throw new LauncherException("Cannot read the mapping " + file + ".", unreadable);
        }
    }

    private int follow(ImportClient client, Job created, Path file, Request request) {
        String id = created.id();
        Sending sending = new Sending();
        for (String signal : List.of("INT", "TERM")) {
            Signal.handle(new Signal(signal), received -> leave(id, file, request, sending));
        }
        if (!created.complete()) {
            send(client, created, file);
        }
        sending.complete = true;
        return report(client, await(client, id, file), file);
    }

    /** Whether all of the file is at the platform; read by the signal's thread. */
    private static final class Sending {
        private volatile boolean complete;
    }

    private void leave(String id, Path file, Request request, Sending sending) {
        terminal.note("");
        terminal.note(
                sending.complete
                        ? "Import "
                                + id
                                + " goes on in the platform; GET /v1/imports/"
                                + id
                                + " tells how far it is."
                        : "Import "
                                + id
                                + " waits for the rest of "
                                + file
                                + ". Go on with: ./clientele import "
                                + file
                                + " --mapping "
                                + request.mapping()
                                + " --program "
                                + request.program()
                                + " --resume "
                                + id);
        System.exit(1);
    }

    private void send(ImportClient client, Job created, Path file) {
        long size = size(file);
        try (Progress.Step step = terminal.step("Sending " + file.getFileName(), size, "bytes")) {
            Job job = created;
            for (int attempt = 1; !job.complete(); attempt++) {
                try {
                    job = client.send(job.id(), file, job.received(), step::advanceTo);
                } catch (IOException broken) {
                    if (attempt == SEND_ATTEMPTS) {
                        throw new LauncherException(
                                "The connection broke "
                                        + attempt
                                        + " times while sending "
                                        + file
                                        + " ("
                                        + broken.getMessage()
                                        + "). Go on later with --resume "
                                        + job.id()
                                        + ".",
                                broken);
                    }
                    ImportClient.pause(Duration.ofSeconds(Math.min(attempt, 5)));
                    job = client.find(job.id());
                }
            }
            step.finish(String.format(Locale.ROOT, "%,d bytes", size));
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException failed) {
            throw new LauncherException("Cannot read the file " + file + ".", failed);
        }
    }

    private Job await(ImportClient client, String id, Path file) {
        try (Progress.Step step = terminal.step("Importing " + file.getFileName(), -1, "rows")) {
            Job job = client.find(id);
            while (!job.isOver() && !job.state().equals("paused")) {
                if (job.count("totalRows") > 0) {
                    step.maximum(job.count("totalRows"));
                }
                step.advanceTo(job.count("rows"));
                if (job.state().equals("applying")) {
                    step.note("bringing members up to date");
                }
                ImportClient.pause(POLL);
                job = client.find(id);
            }
            step.finish(String.format(Locale.ROOT, "%s, %,d rows", job.state(), job.count("rows")));
            return job;
        }
    }

    private int report(ImportClient client, Job job, Path file) {
        terminal.result(counts(job));
        if (job.count("rowsRejected") + job.count("rejected") > 0) {
            Path errors =
                    errorFolder.resolve(file.getFileName() + ".errors.ndjson").toAbsolutePath();
            long lines = client.saveErrors(job.id(), errors);
            terminal.result(
                    String.format(Locale.ROOT, "Why, line by line (%,d lines): %s", lines, errors));
        }
        return switch (job.state()) {
            case "completed" -> 0;
            case "paused" -> {
                terminal.note(
                        "The import was paused by another; POST /v1/imports/"
                                + job.id()
                                + "/resume goes on.");
                yield 1;
            }
            default -> {
                terminal.note(
                        "Import "
                                + job.id()
                                + " "
                                + job.state()
                                + (job.json().hasNonNull("failure")
                                        ? ": " + job.json().get("failure").asText()
                                        : "."));
                yield 1;
            }
        };
    }

    /** The outcome in one line. */
    static String counts(Job job) {
        return String.format(
                Locale.ROOT,
                "%,d rows: %,d events accepted, %,d duplicate, %,d rejected",
                job.count("rows"),
                job.count("accepted"),
                job.count("duplicate"),
                job.count("rejected"));
    }
}
