package io.clientele.gateway;

import static io.clientele.gateway.FakeServices.INGESTION;
import static io.clientele.gateway.FakeServices.SEGMENTATION;
import static io.clientele.gateway.Gateway.as;
import static io.clientele.gateway.Gateway.call;
import static io.clientele.gateway.Gateway.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 300 MB each way through a heap of 64 MB (the pom sets it), and feeds that do not wait. */
@QuarkusIntegrationTest
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(FakeServices.class)
@Timeout(120)
class StreamingIT {
    private static final long SIZE = 300L * 1024 * 1024;

    @BeforeEach
    void forget() {
        FakeServices.forget();
    }

    @AfterAll
    static void logsNoErrors() {
        Gateway.assertNoErrorsLogged();
    }

    @Test
    void streamsALargeUpload() {
        var echo =
                echo(
                        as("ingest", "/v1/imports/large/content")
                                .PUT(BodyPublishers.ofInputStream(() -> new ZeroStream(SIZE))));

        assertThat(echo.bytes()).isEqualTo(SIZE);
    }

    @Test
    void streamsALargeAnswer() {
        SEGMENTATION.when(
                "/v1/segments/large/members",
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/csv");
                    exchange.sendResponseHeaders(200, 0);
                    new ZeroStream(SIZE).transferTo(exchange.getResponseBody());
                });

        var response =
                call(() ->
                        Gateway.HTTP.send(
                                as("analyst", "/v1/segments/large/members").build(),
                                BodyHandlers.ofInputStream()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(call(() -> count(response.body()))).isEqualTo(SIZE);
    }

    @Test
    void aServiceThatDoesNotReadHoldsTheCallerBack() {
        var letGo = new CountDownLatch(1);
        var sent = new AtomicLong();
        INGESTION.when(
                "/v1/imports/slow/content",
                exchange -> {
                    FakeService.await(letGo);
                    var bytes = FakeService.drain(exchange);
                    FakeService.answer(exchange, 200, "text/plain", Long.toString(bytes));
                });
        var counting =
                new ZeroStream(SIZE) {
                    @Override
                    public int read(byte[] into, int offset, int length) {
                        int read = super.read(into, offset, length);
                        sent.addAndGet(read);
                        return read;
                    }
                };

        var response =
                Gateway.HTTP.sendAsync(
                        as("ingest", "/v1/imports/slow/content")
                                .PUT(BodyPublishers.ofInputStream(() -> counting))
                                .build(),
                        BodyHandlers.ofString());
        // Nothing more goes out once all buffers on the way are full.
        Awaitility.await()
                .pollInterval(300, TimeUnit.MILLISECONDS)
                .atMost(20, TimeUnit.SECONDS)
                .until(new StandsStill(sent));
        long before = sent.get();
        letGo.countDown();

        assertThat(before).isPositive().isLessThan(64L * 1024 * 1024);
        assertThat(response.join().body()).isEqualTo(Long.toString(SIZE));
    }

    @Test
    void eventsOfAFeedArriveOneByOne() throws IOException {
        var next = new CountDownLatch(1);
        SEGMENTATION.when(
                "/v1/feeds/memberships",
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                    exchange.sendResponseHeaders(200, 0);
                    var out = exchange.getResponseBody();
                    out.write("id: 1\ndata: first\n\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    // Longer than the answer timeout of this test's gateway (2 s).
                    next.await(4, TimeUnit.SECONDS);
                    out.write("id: 2\ndata: second\n\n".getBytes(StandardCharsets.UTF_8));
                });

        var response =
                call(() ->
                        Gateway.HTTP.send(
                                as("engine", "/v1/feeds/memberships")
                                        .header("Accept", "text/event-stream")
                                        .build(),
                                BodyHandlers.ofInputStream()));
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("id: 1");
            assertThat(lines.readLine()).isEqualTo("data: first");
            assertThat(lines.readLine()).isEmpty();
            assertThat(next.getCount()).as("the second event is not out yet").isEqualTo(1);
            assertThat(lines.readLine()).isEqualTo("id: 2");
            assertThat(lines.readLine()).isEqualTo("data: second");
        }
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    }

    @Test
    void linesOfAnUploadArriveOneByOne() throws Exception {
        var first = new CountDownLatch(1);
        INGESTION.when(
                "/v1/imports/lines/content",
                exchange -> {
                    try (var in = exchange.getRequestBody()) {
                        assertThat(in.read()).isEqualTo('a');
                        first.countDown();
                        assertThat(in.read()).isEqualTo('b');
                    }
                    FakeService.answer(exchange, 200, "text/plain", "both");
                });
        try (var socket = new Socket("127.0.0.1", Gateway.port())) {
            socket.setSoTimeout(20_000);
            var out = socket.getOutputStream();
            out.write(
                    ascii(
                            "PUT /v1/imports/lines/content HTTP/1.1\r\nHost: x\r\nAuthorization: "
                                    + Tokens.bearer("demo", "ingest")
                                    + "\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"));
            assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
            out.write(ascii("1\r\nb\r\n0\r\n\r\n"));

            var head =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(head.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aServiceIsToldWhenTheCallerLeaves() throws Exception {
        var gone = new CountDownLatch(1);
        SEGMENTATION.when(
                "/v1/segments/left/members",
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        new ZeroStream(Long.MAX_VALUE).transferTo(exchange.getResponseBody());
                    } catch (IOException e) {
                        gone.countDown();
                    }
                });

        var response =
                call(() ->
                        Gateway.HTTP.send(
                                as("analyst", "/v1/segments/left/members").build(),
                                BodyHandlers.ofInputStream()));
        assertThat(response.body().read()).isZero();
        response.body().close();

        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAnswerThatBreaksOffIsCutNotEnded() {
        SEGMENTATION.when(
                "/v1/segments/cut/members",
                exchange -> {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange.getResponseBody().write(new byte[10]);
                    exchange.getResponseBody().flush();
                    exchange.close();
                });

        assertThatThrownBy(() -> Gateway.send(as("analyst", "/v1/segments/cut/members")))
                .hasCauseInstanceOf(IOException.class);
    }

    private static long count(InputStream in) throws IOException {
        var buffer = new byte[64 * 1024];
        long bytes = 0;
        try (in) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        return bytes;
    }

    /** True once the number has been the same three times in a row. */
    private static final class StandsStill implements Callable<Boolean> {
        private final AtomicLong number;
        private long last = -1;
        private int times;

        StandsStill(AtomicLong number) {
            this.number = number;
        }

        @Override
        public Boolean call() {
            long now = number.get();
            times = now == last && now > 0 ? times + 1 : 0;
            last = now;
            return times >= 3;
        }
    }
}
