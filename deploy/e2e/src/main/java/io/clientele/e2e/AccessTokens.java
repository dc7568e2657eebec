package io.clientele.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of Keycloak's confidential clients {@code <program>-<role>}, each asked for again
 * when half of its life is over. Thread-safe.
 */
final class AccessTokens {
    private record Token(String value, Instant renewAt) {}

    private final HttpClient http;
    private final URI endpoint;
    private final BiFunction<String, String, String> secretOf;
    private final InstantSource clock;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    /**
     * Makes none yet.
     *
     * @param issuer the realm's address
     * @param secretOf from program and role to the client's secret
     */
    AccessTokens(
            HttpClient http,
            String issuer,
            BiFunction<String, String, String> secretOf,
            InstantSource clock) {
        this.http = http;
        this.endpoint = URI.create(issuer + "/protocol/openid-connect/token");
        this.secretOf = secretOf;
        this.clock = clock;
    }

    String of(String program, String role) {
        var token =
                tokens.compute(
                        program + "-" + role,
                        (client, known) -> usable(known) ? known : ask(client, program, role));
        return Objects.requireNonNull(token).value();
    }

    private boolean usable(@Nullable Token known) {
        return known != null && clock.instant().isBefore(known.renewAt());
    }

    private Token ask(String client, String program, String role) {
        var form =
                "grant_type=client_credentials&client_id="
                        + encode(client)
                        + "&client_secret="
                        + encode(secretOf.apply(program, role));
        var request =
                HttpRequest.newBuilder(endpoint)
                        .header("content-type", "application/x-www-form-urlencoded")
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new PlatformException(
                        "No token for client "
                                + client
                                + " at "
                                + endpoint
                                + ": "
                                + answer.statusCode()
                                + " "
                                + answer.body());
            }
            var body = PlatformJson.tree(answer.body());
            long life = body.path("expires_in").asLong();
            return new Token(
                    body.path("access_token").asText(),
                    clock.instant().plus(Duration.ofMillis(life * 500)));
        } catch (IOException e) {
            throw new PlatformException("Keycloak cannot be reached at " + endpoint, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted while asking for a token", e);
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
