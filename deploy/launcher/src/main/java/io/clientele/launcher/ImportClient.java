package io.clientele.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** The import API of the gateway, as docs/imports.md describes it. Not thread-safe. */
final class ImportClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FIND_ATTEMPTS = 60;
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

    private final HttpClient http;
    private final URI gateway;
    private final Supplier<String> tokens;
    private String token = "";
    private long tokenNanos;

    /**
     * A client of one program.
     *
     * @param tokens gives a fresh token of the program each time it is asked
     */
    ImportClient(HttpClient http, URI gateway, Supplier<String> tokens) {
        this.http = http;
        this.gateway = gateway;
        this.tokens = tokens;
    }

    /** Where a job stands. The names are those of the API. */
    record Job(JsonNode json) {
        String id() {
            return json.path("id").asText();
        }

        String state() {
            return json.path("state").asText();
        }

        /** Bytes of the file that are at the platform. */
        long received() {
            return json.path("content").path("received").asLong();
        }

        /** Whether all of the file is there. */
        boolean complete() {
            return json.path("content").path("complete").asBoolean();
        }

        boolean isOver() {
            return List.of("completed", "cancelled", "failed").contains(state());
        }

        /** A count by its name in the API; 0 if it cannot be told yet. */
        long count(String name) {
            return json.path("counts").path(name).asLong();
        }
    }

    /** Makes a job. */
    Job create(String source, JsonNode mapping, boolean shiftToNow) {
        ObjectNode body = JSON.createObjectNode();
        body.put("source", source);
        body.set("mapping", mapping);
        body.put("shiftToNow", shiftToNow);
        try {
            return new Job(
                    json(
                            call(
                                    request("/v1/imports")
                                            .header("Content-Type", "application/json")
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            body.toString())))));
        } catch (IOException failed) {
            throw away(failed);
        }
    }

    /** Asks for a job; a service that restarts meanwhile is waited for, up to two minutes. */
    Job find(String id) {
        for (int attempt = 1; ; attempt++) {
            try {
                return new Job(json(call(request("/v1/imports/" + id).GET())));
            } catch (IOException failed) {
                if (attempt == FIND_ATTEMPTS) {
                    throw away(failed);
                }
                pause(Duration.ofSeconds(2));
            }
        }
    }

    /** Waits. */
    static void pause(Duration duration) {
        try {
            if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LauncherException("Interrupted.", interrupted);
        }
    }

    private LauncherException away(IOException failed) {
        return new LauncherException(
                "The gateway at " + gateway + " does not serve imports now: " + failed.getMessage(),
                failed);
    }

    /**
     * Sends the file from {@code offset} on.
     *
     * @param sent hears how many bytes of the file have been sent, from another thread
     * @throws IOException if the connection breaks; the job then says how much has arrived
     */
    Job send(String id, Path file, long offset, LongConsumer sent) throws IOException {
        long size = Files.size(file);
        // The last bytes may have arrived, and only the answer not.
        HttpRequest.BodyPublisher body =
                size == offset
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.fromPublisher(
                                HttpRequest.BodyPublishers.ofInputStream(
                                        () -> open(file, offset, sent)),
                                size - offset);
        HttpRequest.Builder request =
                request("/v1/imports/" + id + "/content")
                        .timeout(Duration.ofHours(12))
                        .header("Content-Type", "application/octet-stream")
                        .PUT(body);
        // Says what belongs to it even if the connection breaks.
        request.header("Content-Range", "bytes " + offset + "-" + (size - 1) + "/" + size);
        return new Job(json(call(request)));
    }

    /**
     * Writes the job's rejected lines to a file.
     *
     * @return how many
     */
    long saveErrors(String id, Path target) {
        HttpRequest.Builder request = request("/v1/imports/" + id + "/errors").GET();
        try {
            HttpResponse<String> response = call(request);
            Files.writeString(target, response.body(), StandardCharsets.UTF_8);
            return response.body().lines().filter(line -> !line.isBlank()).count();
        } catch (IOException failed) {
            throw new LauncherException(
                    "Cannot fetch the error file of import "
                            + id
                            + ": "
                            + failed.getMessage()
                            + ".",
                    failed);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token())
                .header("Accept", "application/json, application/x-ndjson");
    }

    private String token() {
        if (token.isEmpty() || System.nanoTime() - tokenNanos > TOKEN_LIFE.toNanos()) {
            token = tokens.get();
            tokenNanos = System.nanoTime();
        }
        return token;
    }

    private HttpResponse<String> call(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response =
                    http.send(
                            request.build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (List.of(429, 502, 503, 504).contains(response.statusCode())) {
                throw new IOException(problem(response));
            }
            if (response.statusCode() / 100 != 2) {
                throw new LauncherException(problem(response));
            }
            return response;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LauncherException("Interrupted.", interrupted);
        }
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    /** What a problem document says, in lines for people. */
    private static String problem(HttpResponse<String> response) {
        try {
            JsonNode problem = JSON.readTree(response.body());
            List<String> lines = new ArrayList<>();
            lines.add(
                    problem.path("detail")
                            .asText(
                                    problem.path("title")
                                            .asText(
                                                    "The gateway answered "
                                                            + response.statusCode()
                                                            + ".")));
            for (JsonNode error : problem.path("errors")) {
                lines.add(
                        "  "
                                + error.path("pointer").asText()
                                + ": "
                                + error.path("detail").asText());
            }
            return String.join("\n", lines);
        } catch (IOException noProblemDocument) {
            return "The gateway answered " + response.statusCode() + ".";
        }
    }

    private static InputStream open(Path file, long offset, LongConsumer sent) {
        try {
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(offset);
            return new FilterInputStream(in) {
                private long position = offset;

                @Override
                public int read() throws IOException {
                    int one = super.read();
                    if (one >= 0) {
                        sent.accept(++position);
                    }
                    return one;
                }

                @Override
                public int read(byte[] target, int from, int length) throws IOException {
                    int count = super.read(target, from, length);
                    if (count > 0) {
                        position += count;
                        sent.accept(position);
                    }
                    return count;
                }
            };
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
