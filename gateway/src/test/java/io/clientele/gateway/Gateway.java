package io.clientele.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.testkit.LogCheck;
import io.clientele.testkit.ProblemAssert;
import io.clientele.testkit.Tokens;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** The running gateway, for tests: a plain HTTP client with real tokens. */
final class Gateway {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Gateway() {}

    static int port() {
        return RestAssured.port;
    }

    static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(120));
    }

    static HttpRequest.Builder as(String role, String path) {
        return request(path).header("Authorization", Tokens.bearer("demo", role));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        return call(() -> HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    static FakeService.Echo echo(HttpRequest.Builder request) {
        var response = send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        try {
            return JSON.readValue(response.body(), FakeService.Echo.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer is a problem of this status and code that carries the request's id. */
    static ProblemAssert assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        var requestId = response.headers().firstValue("X-Request-Id").orElse("none");
        assertThat(response.body()).contains("\"instance\":\"" + requestId + "\"");
        return ProblemAssert.assertThatProblem(response.body()).hasStatus(status).hasCode(code);
    }

    /** The gateway's own log, of all tests so far, has no line of level ERROR. */
    static void assertNoErrorsLogged() {
        assertThat(LogCheck.errorsIn(Path.of("target", "quarkus.log"))).isEmpty();
    }

    interface Sending<T> {
        T send() throws IOException, InterruptedException;
    }

    static <T> T call(Sending<T> sending) {
        try {
            return sending.send();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
