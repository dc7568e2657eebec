package io.clientele.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a service whether it can serve now. Thread-safe. */
final class HealthCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What a service says of itself. */
    enum Answer {
        /** It serves. */
        READY,
        /** It runs and waits for something. */
        NOT_READY,
        /** It does not answer. */
        NO_ANSWER
    }

    private final HttpClient client;

    HealthCheck(HttpClient client) {
        this.client = client;
    }

    /** Asks the service on this port of the loopback interface. Takes at most 2 s. */
    Answer ask(int port) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                        .timeout(PATIENCE)
                        .build();
        try {
            HttpResponse<Void> response =
                    client.send(request, HttpResponse.BodyHandlers.discarding());
            return response.statusCode() == 200 ? Answer.READY : Answer.NOT_READY;
        } catch (IOException unreachable) {
            return Answer.NO_ANSWER;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Answer.NO_ANSWER;
        }
    }
}
