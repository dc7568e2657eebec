package io.clientele.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clientele.simulator.platform.Json;
import io.clientele.simulator.platform.PlatformClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A gateway that takes every event and answers other requests as told. Keeps what it was sent.
 * Thread-safe.
 */
public final class FakePlatform implements AutoCloseable {
    private final HttpServer server;
    private final HttpClient http = PlatformClient.http();
    private final Map<String, Function<String, String>> answers = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new ArrayList<>();
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private final List<String> queries = new ArrayList<>();

    public FakePlatform() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public PlatformClient client() {
        return new PlatformClient(http, address(), () -> "token");
    }

    /** Answers a path with 200 and what {@code answer} makes of the body. */
    public void answer(String path, Function<String, String> answer) {
        answers.put(path, answer);
    }

    /** The next requests for {@code /v1/events} get these statuses, and are not taken. */
    public synchronized void refuseNext(Integer... statuses) {
        refusals.addAll(List.of(statuses));
    }

    /** Events taken so far. */
    public synchronized List<JsonNode> events() {
        return List.copyOf(events);
    }

    /** The query of each GET so far. */
    public synchronized List<String> queries() {
        return List.copyOf(queries);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var path = exchange.getRequestURI().getPath();
            if (path.equals("/v1/events")) {
                take(exchange, body);
                return;
            }
            synchronized (this) {
                queries.add(String.valueOf(exchange.getRequestURI().getQuery()));
            }
            var answer = answers.get(path);
            reply(exchange, answer == null ? 404 : 200, answer == null ? "{}" : answer.apply(body));
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    private void take(HttpExchange exchange, String body) throws IOException {
        var lines = body.lines().map(Json::tree).toList();
        Integer refusal;
        synchronized (this) {
            refusal = refusals.poll();
            if (refusal == null) {
                events.addAll(lines);
            }
        }
        reply(
                exchange,
                refusal == null ? 202 : refusal,
                "{\"accepted\":" + lines.size() + ",\"rejectedCount\":0,\"rejected\":[]}");
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        http.close();
        server.stop(0);
    }
}
