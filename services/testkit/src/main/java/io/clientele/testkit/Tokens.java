package io.clientele.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.embedded.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Access tokens of the real Keycloak, by client credentials. Kept until shortly before they expire.
 * Thread-safe.
 */
public final class Tokens {
    /** The realm's roles; every program has a client for each. */
    public static final List<String> ROLES =
            List.of("ingest", "engine", "agent", "marketer", "analyst", "privacy", "admin");

    private record Token(String value, long expiresAtNanos) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Token> KEPT = new ConcurrentHashMap<>();

    private Tokens() {}

    /**
     * The access token of client {@code <program>-<role>}.
     *
     * @throws IllegalStateException if Keycloak refuses, or the client's secret is not known
     */
    public static String of(String program, String role) {
        return KEPT.compute(
                        program + "-" + role,
                        (client, kept) ->
                                kept != null && kept.expiresAtNanos() > System.nanoTime()
                                        ? kept
                                        : fetch(program, role))
                .value();
    }

    /** The value of an {@code Authorization} header with that token. */
    public static String bearer(String program, String role) {
        return "Bearer " + of(program, role);
    }

    private static Token fetch(String program, String role) {
        String client = program + "-" + role;
        String realm =
                TestServers.environment(ServerKind.KEYCLOAK, "testkit")
                        .getOrDefault("CLIENTELE_OIDC_URL", "");
        String secret =
                TestServers.clientSecret(program, role)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "no secret of client "
                                                + client
                                                + ": set CLIENTELE_SECRETS to the secrets file of"
                                                + " the set that Keycloak belongs to"));
        String basic =
                Base64.getEncoder()
                        .encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(realm + "/protocol/openid-connect/token"))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                        .build();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            long now = System.nanoTime();
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "no token of client "
                                + client
                                + " from "
                                + realm
                                + ": "
                                + response.statusCode()
                                + " "
                                + response.body());
            }
            JsonNode body = JSON.readTree(response.body());
            long seconds = body.path("expires_in").asLong();
            return new Token(
                    body.path("access_token").asText(),
                    now + Duration.ofSeconds(Math.max(0, seconds - 60)).toNanos());
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "no token of client " + client + " from " + realm, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while fetching a token", interrupted);
        }
    }
}
