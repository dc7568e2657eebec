package io.clientele.campaignresponse;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clientele.common.json.Json;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers as profile does for addresses: {@code member@example.org} and the name of each field in
 * capitals; no address for members whose id begins with {@code lost}; 401 without a token.
 */
public final class FakeProfile implements QuarkusTestResourceLifecycleManager {
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            var made =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext("/v1/contact-addresses", FakeProfile::answer);
            made.start();
            server = made;
            return Map.of(
                    "CLIENTELE_PROFILE_URL", "http://127.0.0.1:" + made.getAddress().getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var question = Json.mapper().readTree(exchange.getRequestBody());
            var answer = Json.mapper().createObjectNode();
            var items = answer.putArray("items");
            for (JsonNode wish : question.path("members")) {
                var member = wish.path("member").asText();
                var item = items.addObject();
                item.put("member", member).put("channel", wish.path("channel").asText());
                if (member.startsWith("lost")) {
                    item.put("problem", "no-address");
                } else {
                    item.put("address", member + "@example.org");
                    var fields = item.putObject("fields");
                    wish.path("fields")
                            .forEach(field ->
                                    fields.put(
                                            field.asText(),
                                            field.asText().toUpperCase(Locale.ROOT)));
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
        if (server != null) {
            server.stop(0);
        }
    }
}
