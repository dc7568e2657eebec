package io.clientele.gateway;

import static io.clientele.gateway.FakeServices.INGESTION;
import static io.clientele.gateway.FakeServices.PROFILE;
import static io.clientele.gateway.FakeServices.SEGMENTATION;
import static io.clientele.gateway.Gateway.as;
import static io.clientele.gateway.Gateway.assertProblem;
import static io.clientele.gateway.Gateway.echo;
import static io.clientele.gateway.Gateway.request;
import static io.clientele.gateway.Gateway.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What passes, what does not, and what callers read when something behind is wrong. */
@QuarkusIntegrationTest
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(FakeServices.class)
class ProxyIT {
    private static final int LIMIT = 5 * 1024 * 1024;

    @BeforeEach
    void forget() {
        FakeServices.forget();
    }

    @AfterAll
    static void logsNoErrors() {
        Gateway.assertNoErrorsLogged();
    }

    @Test
    void takesAwayWhoTheCallerClaimsToBe() {
        var echo =
                echo(
                        as("admin", "/v1/program")
                                .header("X-User", "root")
                                .header("X-Program", "other")
                                .header("X-Forwarded-For", "10.0.0.1")
                                .header("X-Remote-User", "root")
                                .header("Forwarded", "for=10.0.0.1")
                                .header("Cookie", "session=1")
                                .header("If-None-Match", "\"v1\"")
                                .header("X-Request-Id", "abc-1"));

        assertThat(echo.headers().keySet())
                .doesNotContain(
                        "x-user",
                        "x-program",
                        "x-forwarded-for",
                        "x-remote-user",
                        "forwarded",
                        "cookie",
                        "via");
        assertThat(echo.header("if-none-match")).isEqualTo("\"v1\"");
        assertThat(echo.header("x-request-id")).isEqualTo("abc-1");
    }

    @Test
    void givesEveryRequestAnIdAndSecurityHeaders() {
        var response = send(as("admin", "/v1/program").header("X-Request-Id", "not valid!"));

        var headers = response.headers();
        assertThat(headers.allValues("X-Request-Id")).hasSize(1).doesNotContain("not valid!");
        assertThat(headers.allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(headers.allValues("X-Frame-Options")).containsExactly("DENY");
        assertThat(headers.allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(headers.allValues("Cache-Control")).containsExactly("no-store");
        assertThat(headers.allValues("Content-Security-Policy"))
                .containsExactly(
                        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action"
                                + " 'none'");
        assertThat(headers.firstValue("Strict-Transport-Security")).isEmpty();
        assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(headers.allValues("Date")).hasSize(1);
    }

    @Test
    void allowsNoOtherOriginUnlessConfigured() {
        var response =
                send(
                        request("/v1/program")
                                .header("Origin", "https://elsewhere.example")
                                .header("Access-Control-Request-Method", "GET")
                                .method("OPTIONS", BodyPublishers.noBody()));

        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertProblem(response, 405, "method-not-allowed");
    }

    @Test
    void passesAServicesAnswerOn() {
        PROFILE.when(
                "/v1/members/etag",
                exchange -> {
                    exchange.getResponseHeaders().set("ETag", "\"v7\"");
                    exchange.getResponseHeaders().set("Cache-Control", "max-age=5");
                    exchange.getResponseHeaders().set("Set-Cookie", "a=b");
                    exchange.getResponseHeaders().set("X-Request-Id", "theirs");
                    exchange.getResponseHeaders().set("Keep-Alive", "timeout=5");
                    FakeService.answer(exchange, 200, "application/json", "{\"id\":\"etag\"}");
                });

        var response = send(as("agent", "/v1/members/etag"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"id\":\"etag\"}");
        assertThat(response.headers().allValues("ETag")).containsExactly("\"v7\"");
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("max-age=5");
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(response.headers().firstValue("Keep-Alive")).isEmpty();
        assertThat(response.headers().allValues("X-Request-Id"))
                .hasSize(1)
                .doesNotContain("theirs");
    }

    @Test
    void passesAnAnswerWithoutBodyOn() {
        PROFILE.when("/v1/members/none", exchange -> exchange.sendResponseHeaders(204, -1));

        var response = send(as("agent", "/v1/members/none"));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void makesLocationsItsOwn() {
        INGESTION.when(
                "/v1/imports",
                exchange -> {
                    exchange.getResponseHeaders()
                            .set("Location", INGESTION.address() + "/v1/imports/i-7");
                    FakeService.answer(exchange, 201, "application/json", "{}");
                });

        var response = send(as("ingest", "/v1/imports").POST(BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location")).contains("/v1/imports/i-7");
    }

    @Test
    void passesProblemsOnUnchanged() {
        var problem =
                "{\"type\":\"about:blank\",\"title\":\"T\",\"status\":409,\"code\":\"segment-in-use\",\"instance\":\"i\",\"extra\":[1]}";
        SEGMENTATION.when(
                "/v1/segments/used",
                exchange -> FakeService.answer(exchange, 409, "application/problem+json", problem));

        var response = send(as("admin", "/v1/segments/used").DELETE());

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(response.body()).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "401, 401, token-missing-or-invalid",
        "403, 403, role-missing",
        "404, 404, not-found",
        "409, 409, request-invalid",
        "413, 413, body-too-large",
        "415, 415, media-type-unsupported",
        "422, 422, request-invalid",
        "500, 502, service-answer-invalid",
        "503, 503, unavailable",
        "504, 504, service-timed-out",
        "599, 502, service-answer-invalid"
    })
    void turnsOtherErrorsIntoProblems(int status, int answered, String code) {
        SEGMENTATION.when(
                "/v1/segments/page-" + status,
                exchange ->
                        FakeService.answer(
                                exchange, status, "text/html", "<h1>java.lang.Oops at X:1</h1>"));

        var response = send(as("admin", "/v1/segments/page-" + status));

        assertProblem(response, answered, code);
        assertThat(response.body()).doesNotContain("Oops");
    }

    @Test
    void aServiceAwayIs503UntilItComesBack() {
        SEGMENTATION.goAway();
        try {
            awaitAway("analyst", "/v1/segments");
            var response = send(as("analyst", "/v1/segments"));

            assertProblem(response, 503, "service-unavailable")
                    .hasDetail("The service \"segmentation\" is away; nothing was done.");
            assertThat(response.headers().firstValue("Retry-After")).contains("2");
            assertThat(send(as("agent", "/v1/members/m-1")).statusCode()).isEqualTo(200);
        } finally {
            SEGMENTATION.comeBack();
        }
        assertThat(send(as("analyst", "/v1/segments")).statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceAwayIs503ForAStreamedBodyToo() {
        INGESTION.goAway();
        try {
            awaitAway("ingest", "/v1/imports");
            var response =
                    send(
                            as("ingest", "/v1/imports/i-1/content")
                                    .PUT(
                                            BodyPublishers.ofInputStream(
                                                    () -> zeros(20 * 1024 * 1024))));

            assertProblem(response, 503, "service-unavailable");
        } finally {
            INGESTION.comeBack();
        }
    }

    /**
     * A connection kept from before may still break off once, which is 502: nobody knows what was
     * done.
     */
    private static void awaitAway(String role, String path) {
        await().atMost(Duration.ofSeconds(5)).until(() -> send(as(role, path)).statusCode() == 503);
    }

    /** That no error is logged is asserted after all tests. */
    @Test
    void aServiceThatBreaksOffIs502() throws IOException {
        try (var breaking = SEGMENTATION.breakConnections()) {
            assertThat(breaking).isNotNull();
            for (int i = 0; i < 5; i++) {
                assertProblem(send(as("analyst", "/v1/segments/reset")), 502, "service-broke-off");
            }
        } finally {
            SEGMENTATION.comeBack();
        }
        assertThat(send(as("analyst", "/v1/segments")).statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceThatDoesNotAnswerIs504() {
        var letGo = new CountDownLatch(1);
        PROFILE.when("/v1/members/silent", exchange -> FakeService.await(letGo));

        var response = send(as("agent", "/v1/members/silent"));

        letGo.countDown();
        assertProblem(response, 504, "service-timed-out");
        assertThat(response.headers().firstValue("Retry-After")).contains("2");
    }

    @Test
    void aServiceThatHangsUpIs502() {
        PROFILE.when("/v1/members/hangs-up", exchange -> exchange.close());

        var response = send(as("agent", "/v1/members/hangs-up"));

        assertProblem(response, 502, "service-broke-off")
                .hasDetail("it may have done what was asked");
    }

    @Test
    void aCallerThatStopsSendingIsTold() throws IOException {
        try (var socket = new Socket("127.0.0.1", Gateway.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(
                            ("PUT /v1/program HTTP/1.1\r\nHost: x\r\nAuthorization: "
                                            + Tokens.bearer("demo", "admin")
                                            + "\r\nContent-Length: 10\r\n\r\n123")
                                    .getBytes(StandardCharsets.US_ASCII));

            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"body-stalled\"");
        }
    }

    @Test
    void aBodyUpToTheLimitPassesAndOneByteMoreDoesNot() {
        INGESTION.takeAsked();

        assertThat(
                        echo(as("admin", "/v1/program")
                                        .PUT(BodyPublishers.ofByteArray(new byte[LIMIT])))
                                .bytes())
                .isEqualTo(LIMIT);
        INGESTION.takeAsked();
        var response =
                send(
                        as("admin", "/v1/program")
                                .PUT(BodyPublishers.ofByteArray(new byte[LIMIT + 1])));

        assertProblem(response, 413, "body-too-large").hasDetail("5242880 bytes");
        assertThat(INGESTION.takeAsked()).isEmpty();
    }

    @Test
    void aBodyWithoutLengthIsCutAtTheLimit() {
        var within =
                echo(
                        as("admin", "/v1/program")
                                .PUT(BodyPublishers.ofInputStream(() -> zeros(LIMIT))));
        assertThat(within.bytes()).isEqualTo(LIMIT);

        var response =
                send(
                        as("admin", "/v1/program")
                                .PUT(BodyPublishers.ofInputStream(() -> zeros(LIMIT + 1))));

        assertProblem(response, 413, "body-too-large");
    }

    @Test
    void eventsAreLimitedUnlessNdjson() {
        var body = new byte[LIMIT + 1];

        assertProblem(
                send(
                        as("ingest", "/v1/events")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(body))),
                413,
                "body-too-large");
        assertThat(
                        echo(as("ingest", "/v1/events")
                                        .header("Content-Type", "application/x-ndjson")
                                        .POST(BodyPublishers.ofByteArray(body)))
                                .bytes())
                .isEqualTo(LIMIT + 1);
    }

    @Test
    void theLimitCountsAfterDecompression() throws IOException {
        assertThat(
                        echo(as("admin", "/v1/program")
                                        .header("Content-Encoding", "gzip")
                                        .PUT(BodyPublishers.ofByteArray(gzip(1000))))
                                .bytes())
                .isEqualTo(1000);

        var response =
                send(
                        as("admin", "/v1/program")
                                .header("Content-Encoding", "gzip")
                                .PUT(BodyPublishers.ofByteArray(gzip(200 * 1024 * 1024))));

        assertProblem(response, 413, "body-too-large");
        assertThat(send(as("admin", "/v1/program")).statusCode()).isEqualTo(200);
    }

    @Test
    void asksForTheBodyOnlyWhenItWillBeRead() {
        var accepted =
                echo(
                        as("admin", "/v1/program")
                                .expectContinue(true)
                                .timeout(Duration.ofSeconds(10))
                                .PUT(BodyPublishers.ofByteArray(new byte[LIMIT])));
        assertThat(accepted.bytes()).isEqualTo(LIMIT);

        assertProblem(
                send(
                        as("agent", "/v1/program")
                                .expectContinue(true)
                                .PUT(BodyPublishers.ofByteArray(new byte[LIMIT]))),
                403,
                "role-missing");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/nothing,                404, not-found",
        "/v1/members/%2e%2e/program, 400, path-invalid",
        "/v1/members/m-1/,           400, path-invalid",
        "/nothing,                   404, not-found",
        "/q/nothing,                 404, not-found"
    })
    void unknownPathsAreProblemsToo(String path, int status, String code) {
        assertProblem(send(as("admin", path)), status, code);
    }

    @Test
    void unknownMethodNamesTheKnownOnes() {
        var response = send(as("admin", "/v1/program").DELETE());

        assertProblem(response, 405, "method-not-allowed");
        assertThat(response.headers().firstValue("Allow")).contains("GET, PUT");
    }

    @Test
    void connectionsOutliveRefusals() {
        for (int i = 0; i < 20; i++) {
            assertProblem(
                    send(
                            as("agent", "/v1/events")
                                    .POST(BodyPublishers.ofByteArray(new byte[100_000]))),
                    403,
                    "role-missing");
            assertThat(send(as("agent", "/v1/members/m-1")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void tooManyRequestsAreToldWhenToComeBack() {
        // At once: one after the other may be no faster than what the limit lets through.
        var call =
                request("/v1/segments")
                        .header("Authorization", Tokens.bearer("other", "analyst"))
                        .build();
        var answers =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> Gateway.HTTP.sendAsync(call, BodyHandlers.ofString()))
                        .toList();

        var refused =
                answers.stream()
                        .map(CompletableFuture::join)
                        .filter(it -> it.statusCode() == 429)
                        .findFirst()
                        .orElseThrow();
        assertProblem(refused, 429, "rate-exceeded");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(
                        send(request("/v1/status")
                                        .header("Authorization", Tokens.bearer("other", "agent")))
                                .statusCode())
                .isEqualTo(200);
    }

    private static InputStream zeros(long bytes) {
        return new ZeroStream(bytes);
    }

    private static byte[] gzip(int zeros) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            new ZeroStream(zeros).transferTo(gzip);
        }
        return out.toByteArray();
    }
}
