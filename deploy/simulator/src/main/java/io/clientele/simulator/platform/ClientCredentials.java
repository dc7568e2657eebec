package io.clientele.simulator.platform;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.jspecify.annotations.Nullable;

/**
 * Tokens of an OAuth client by its secret, each used for the first half of its life. Thread-safe.
 */
public final class ClientCredentials implements TokenSource {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http;
    private final URI endpoint;
    private final String client;
    private final String secret;
    private final InstantSource clock;

    // Guarded by this.
    private @Nullable String token;
    private Instant renewAt = Instant.MIN;

    /**
     * Asks for no token yet.
     *
     * @param issuer the realm's address
     */
    public ClientCredentials(
            HttpClient http, String issuer, String client, String secret, InstantSource clock) {
        this.http = http;
        this.endpoint = URI.create(issuer + "/protocol/openid-connect/token");
        this.client = client;
        this.secret = secret;
        this.clock = clock;
    }

    @Override
    public synchronized String token() {
        String known = token;
        if (known == null || !clock.instant().isBefore(renewAt)) {
            known = ask();
            token = known;
        }
        return known;
    }

    private String ask() {
        String form =
                "grant_type=client_credentials&client_id="
                        + URLEncoder.encode(client, StandardCharsets.UTF_8)
                        + "&client_secret="
                        + URLEncoder.encode(secret, StandardCharsets.UTF_8);
        HttpRequest request =
                HttpRequest.newBuilder(endpoint)
                        .timeout(PATIENCE)
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        try {
            Instant asked = clock.instant();
            HttpResponse<String> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (answer.statusCode() != 200) {
                throw new PlatformException(
                        "No token for client "
                                + client
                                + " at "
                                + endpoint
                                + ": status "
                                + answer.statusCode()
                                + ".");
            }
            JsonNode body = Json.tree(answer.body());
            renewAt = asked.plus(Duration.ofMillis(body.path("expires_in").asLong() * 500));
            return body.path("access_token").asText();
        } catch (IOException failed) {
            throw new PlatformException(
                    "No token: " + endpoint + " does not answer (" + failed + ").", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PlatformException("Interrupted while asking for a token.", interrupted);
        }
    }
}
