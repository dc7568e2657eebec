package io.clientele.segmentation;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clientele.common.json.Json;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers as profile does for stored events, with what a test put there; 401 without a token. Of
 * members that it does not know it says nothing, as profile does.
 */
public final class FakeProfile implements QuarkusTestResourceLifecycleManager {
    private final Map<String, JsonNode> facts = new ConcurrentHashMap<>();
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            var made =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext("/v1/member-facts", this::answer);
            made.createContext("/put", this::put);
            made.start();
            server = made;
            return Map.of(
                    "CLIENTELE_PROFILE_URL", "http://127.0.0.1:" + made.getAddress().getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(HttpExchange exchange) throws IOException {
        try (exchange) {
            var one = Json.mapper().readTree(exchange.getRequestBody());
            facts.put(one.path("member").asText(), one);
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var question = Json.mapper().readTree(exchange.getRequestBody());
            var answer = Json.mapper().createObjectNode();
            var items = answer.putArray("items");
            for (JsonNode member : question.path("members")) {
                var known = facts.get(member.asText());
                if (known != null) {
                    items.add(known);
                }
            }
            var body = Json.bytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void stop() {
        var running = server;
        if (running != null) {
            running.stop(0);
        }
    }
}
