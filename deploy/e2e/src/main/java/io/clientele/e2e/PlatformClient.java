package io.clientele.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client of the gateway in one role of one program: what a customer's own script would be, made
 * of nothing but HTTP. Thread-safe.
 */
public final class PlatformClient {
    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final HttpClient http;
    private final URI gateway;
    private final @Nullable AccessTokens tokens;
    private final String program;
    private final String role;

    PlatformClient(
            HttpClient http,
            URI gateway,
            @Nullable AccessTokens tokens,
            String program,
            String role) {
        this.http = http;
        this.gateway = gateway;
        this.tokens = tokens;
        this.program = program;
        this.role = role;
    }

    /** The same program in another role. */
    public PlatformClient in(String otherRole) {
        return new PlatformClient(http, gateway, tokens, program, otherRole);
    }

    /** The same at another address, such as a service's own. */
    public PlatformClient at(URI address) {
        return new PlatformClient(http, address, tokens, program, role);
    }

    /** Without any token. */
    public PlatformClient anonymous() {
        return new PlatformClient(http, gateway, null, program, role);
    }

    /** Reads. */
    public Reply get(String path) {
        return send("GET", path, JSON, BodyPublishers.noBody());
    }

    /** Posts JSON text. */
    public Reply post(String path, String json) {
        return send("POST", path, JSON, BodyPublishers.ofString(json));
    }

    /** Puts JSON text. */
    public Reply put(String path, String json) {
        return send("PUT", path, JSON, BodyPublishers.ofString(json));
    }

    /** Deletes. */
    public Reply delete(String path) {
        return send("DELETE", path, JSON, BodyPublishers.noBody());
    }

    /** Sends events as NDJSON, one JSON text each. */
    public Reply events(List<String> events) {
        return send(
                "POST", "/v1/events", NDJSON, BodyPublishers.ofString(String.join("\n", events)));
    }

    /**
     * Any request.
     *
     * @param headers names and values in turn
     */
    public Reply send(
            String method, String path, String contentType, BodyPublisher body, String... headers) {
        var request = request(method, path, contentType, body, headers);
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Reply(
                    method + " " + path, answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new PlatformException(method + " " + path + " got no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted during " + method + " " + path, e);
        }
    }

    /** The first lines of an answer that never ends by itself. */
    public Reply firstLines(String path, int lines) {
        try {
            var answer =
                    http.send(
                            request("GET", path, JSON, BodyPublishers.noBody()),
                            HttpResponse.BodyHandlers.ofLines());
            try (var body = answer.body()) {
                return new Reply(
                        "GET " + path,
                        answer.statusCode(),
                        answer.headers(),
                        body.limit(lines).collect(Collectors.joining("\n")));
            }
        } catch (IOException e) {
            throw new PlatformException("GET " + path + " got no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted during GET " + path, e);
        }
    }

    /** Sends without waiting; the future fails if there is no answer. */
    CompletableFuture<Reply> sendLater(
            String method, String path, String contentType, BodyPublisher body) {
        return http.sendAsync(
                        request(method, path, contentType, body),
                        HttpResponse.BodyHandlers.ofString())
                .thenApply(answer ->
                        new Reply(
                                method + " " + path,
                                answer.statusCode(),
                                answer.headers(),
                                answer.body()));
    }

    /** Creates or replaces an active segment with this condition. */
    public Reply putSegment(String key, String condition) {
        return put(
                        "/v1/segments/" + key,
                        "{\"name\":\""
                                + key
                                + "\",\"status\":\"active\",\"condition\":"
                                + condition
                                + "}")
                .require(200, 201, 202);
    }

    /** How many members satisfy a condition now. */
    public long count(String condition) {
        return preview(condition, null).path("count").asLong();
    }

    /** How many members satisfied a condition at an instant. */
    public long countAt(String condition, String at) {
        return preview(condition, at).path("count").asLong();
    }

    /** The answer of a preview, now or at an instant. */
    public JsonNode preview(String condition, @Nullable String at) {
        var body =
                "{\"condition\":" + condition + (at == null ? "" : ",\"at\":\"" + at + "\"") + "}";
        var reply = post("/v1/segments/preview", body).require(200).json();
        if (!reply.path("count").isIntegralNumber()) {
            throw new PlatformException("a preview without a count: " + reply);
        }
        return reply;
    }

    /** All items of a paged list. */
    public List<JsonNode> all(String path) {
        var items = new ArrayList<JsonNode>();
        var separator = path.contains("?") ? "&" : "?";
        @Nullable String cursor = null;
        do {
            var page =
                    get(path
                                    + separator
                                    + "limit=1000"
                                    + (cursor == null ? "" : "&cursor=" + cursor))
                            .require(200)
                            .json();
            page.path("items").forEach(items::add);
            cursor = page.path("next").isTextual() ? page.path("next").asText() : null;
        } while (cursor != null);
        return items;
    }

    private HttpRequest request(
            String method, String path, String contentType, BodyPublisher body, String... headers) {
        var builder =
                HttpRequest.newBuilder(gateway.resolve(path))
                        .timeout(PATIENCE)
                        .method(method, body)
                        .header(
                                "accept",
                                path.startsWith("/v1/feeds/")
                                        ? NDJSON
                                        : "application/json, */*;q=0.5");
        if (method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) {
            builder.header("content-type", contentType);
        }
        if (tokens != null) {
            builder.header("authorization", "Bearer " + tokens.of(program, role));
        }
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return builder.build();
    }
}
