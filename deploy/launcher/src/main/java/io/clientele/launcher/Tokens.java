package io.clientele.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.embedded.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Gets access tokens as a program's system would: client credentials of the client {@code
 * <program>-<role>}. Thread-safe.
 */
final class Tokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http;
    private final Map<String, String> environment;

    private Tokens(HttpClient http, Map<String, String> environment) {
        this.http = http;
        this.environment = environment;
    }

    /**
     * Tokens of the Keycloak that {@code CLIENTELE_OIDC_URL} of the environment names; the secrets
     * of the clients are there too, or in the file that {@code CLIENTELE_SECRETS} names.
     */
    static Tokens of(HttpClient http, Map<String, String> environment) {
        return new Tokens(http, environment);
    }

    /**
     * A fresh token.
     *
     * @throws LauncherException if there is no such client, or Keycloak refuses or does not answer
     */
    String request(String program, String role) {
        String url = environment.get("CLIENTELE_OIDC_URL");
        if (url == null) {
            throw new LauncherException(
                    "CLIENTELE_OIDC_URL is not set, so there is nobody to ask for a token.");
        }
        String client = program + "-" + role;
        String secret =
                Secrets.clientSecret(environment, program, role)
                        .orElseThrow(() ->
                                new LauncherException(
                                        "There is no secret of a client "
                                                + client
                                                + ". Programs are "
                                                + String.join(", ", PlatformServers.PROGRAMS)
                                                + "; roles are ingest, engine, agent, marketer,"
                                                + " analyst, privacy, admin."));
        String form =
                "grant_type=client_credentials&client_id="
                        + encode(client)
                        + "&client_secret="
                        + encode(secret);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/protocol/openid-connect/token"))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() != 200 || !body.hasNonNull("access_token")) {
                throw new LauncherException(
                        "Keycloak refused a token for client "
                                + client
                                + ": "
                                + body.path("error_description")
                                        .asText("status " + response.statusCode())
                                + ".");
            }
            return body.get("access_token").asText();
        } catch (IOException failed) {
            throw new LauncherException(
                    "Keycloak at " + url + " does not answer as expected: " + failed + ".", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LauncherException("Interrupted while waiting for a token.", interrupted);
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
