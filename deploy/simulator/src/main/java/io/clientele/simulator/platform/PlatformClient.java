package io.clientele.simulator.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Asks the gateway in the name of one client. Thread-safe. */
public final class PlatformClient {
    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration RETRY_FOR = Duration.ofSeconds(60);
    private static final int MOST_PROBLEMS = 5;

    private final HttpClient http;
    private final URI gateway;
    private final TokenSource tokens;

    /**
     * Asks nothing yet.
     *
     * @param gateway its address, without a path
     */
    public PlatformClient(HttpClient http, URI gateway, TokenSource tokens) {
        this.http = http;
        this.gateway = gateway;
        this.tokens = tokens;
    }

    /** A client over HTTP/1.1, as every caller here wants it. */
    public static HttpClient http() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /**
     * What became of events.
     *
     * @param problems of the first few that were rejected
     */
    public record Taken(long accepted, long rejected, List<String> problems) {
        public Taken {
            problems = List.copyOf(problems);
        }
    }

    /** Reads. */
    public Answer get(String path) {
        return patiently("GET", path, JSON, new byte[0]);
    }

    /** Posts a value as JSON. */
    public Answer post(String path, Object body) {
        return patiently("POST", path, JSON, Json.bytes(body));
    }

    /** Puts a value as JSON. */
    public Answer put(String path, Object body) {
        return patiently("PUT", path, JSON, Json.bytes(body));
    }

    /** The lines of a feed, as many as there are; empty if none came while it was held open. */
    public List<JsonNode> lines(String path) {
        Answer answer = patiently("GET", path, NDJSON, new byte[0]).require(200);
        List<JsonNode> lines = new ArrayList<>();
        answer.body().lines().filter(line -> !line.isBlank()).map(Json::tree).forEach(lines::add);
        return lines;
    }

    /** How many members satisfy a condition now. */
    public long count(JsonNode condition) {
        return post("/v1/segments/preview", Map.of("condition", condition))
                .require(200)
                .json()
                .path("count")
                .asLong();
    }

    /**
     * Posts events; each line is one. Asked again for up to a minute while the platform is away or
     * busy: the same event twice has no effect.
     */
    public Taken events(List<byte[]> lines) {
        int size = lines.stream().mapToInt(line -> line.length + 1).sum();
        byte[] body = new byte[size];
        int end = 0;
        for (byte[] line : lines) {
            System.arraycopy(line, 0, body, end, line.length);
            end += line.length;
            body[end++] = '\n';
        }
        JsonNode reply = patiently("POST", "/v1/events", NDJSON, body).require(202, 422).json();
        List<String> problems = new ArrayList<>();
        for (JsonNode rejected : reply.path("rejected")) {
            if (problems.size() < MOST_PROBLEMS) {
                problems.add(rejected.path("id").asText() + ": " + rejected.path("errors"));
            }
        }
        return new Taken(
                reply.path("accepted").asLong(), reply.path("rejectedCount").asLong(), problems);
    }

    private Answer patiently(String method, String path, String type, byte[] body) {
        long deadline = System.nanoTime() + RETRY_FOR.toNanos();
        long pause = 100_000_000;
        while (true) {
            Answer answer;
            @Nullable IOException failure = null;
            try {
                answer = send(method, path, type, body);
                if (!answer.isPassing()) {
                    return answer;
                }
            } catch (IOException noAnswer) {
                failure = noAnswer;
                answer = new Answer(method + " " + path, 0, "", 0);
            }
            if (System.nanoTime() > deadline) {
                if (failure != null) {
                    throw new PlatformException(
                            "The platform at " + gateway + " does not answer: " + failure, failure);
                }
                return answer;
            }
            long told = answer.retryAfterSeconds() * 1_000_000_000L;
            LockSupport.parkNanos(Math.max(pause, told));
            if (Thread.currentThread().isInterrupted()) {
                throw new PlatformException("Interrupted during " + method + " " + path + ".");
            }
            pause = Math.min(pause * 2, 3_000_000_000L);
        }
    }

    private Answer send(String method, String path, String type, byte[] body) throws IOException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(gateway.resolve(path))
                        .timeout(PATIENCE)
                        .header("authorization", "Bearer " + tokens.token())
                        .header(
                                "accept",
                                path.startsWith("/v1/feeds/")
                                        ? NDJSON
                                        : "application/json, */*;q=0.5");
        if (method.equals("GET")) {
            builder.GET();
        } else {
            builder.header("content-type", type).method(method, BodyPublishers.ofByteArray(body));
        }
        try {
            HttpResponse<String> answer =
                    http.send(
                            builder.build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            int retryAfter =
                    answer.headers()
                            .firstValue("retry-after")
                            .filter(value -> value.matches("[0-9]{1,4}"))
                            .map(Integer::parseInt)
                            .orElse(0);
            return new Answer(method + " " + path, answer.statusCode(), answer.body(), retryAfter);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PlatformException("Interrupted during " + method + " " + path, interrupted);
        }
    }
}
