package io.clientele.images;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;

/**
 * Asks the service in the same container whether it is ready, so that an image's health check needs
 * neither a shell nor curl. Ends with status 0 if it is, else with 1.
 */
public final class HealthProbe {
    private static final int TIMEOUT_MILLIS = 3000;

    private HealthProbe() {}

    /** Takes no arguments; the port is in {@code QUARKUS_HTTP_PORT}, 8080 without it. */
    public static void main(String[] arguments) {
        System.exit(isReady(System.getenv()) ? 0 : 1);
    }

    static boolean isReady(Map<String, String> environment) {
        URI address =
                URI.create(
                        "http://127.0.0.1:"
                                + environment.getOrDefault("QUARKUS_HTTP_PORT", "8080")
                                + "/q/health/ready");
        try {
            var connection = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException away) {
            return false;
        }
    }
}
