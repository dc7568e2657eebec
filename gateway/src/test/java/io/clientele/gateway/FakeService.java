package io.clientele.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A service behind the gateway, as a real HTTP server of its own. Answers {@link Echo} to anything,
 * unless a test has told it by {@link #when} what a path does.
 */
final class FakeService {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Map<String, Behavior> behaviors = new ConcurrentHashMap<>();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private HttpServer server;

    FakeService(String name) {
        this.name = name;
        try {
            this.server = listen(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a path does. */
    interface Behavior {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /**
     * What the service saw of a request.
     *
     * @param headers by name in lower case
     * @param bytes length of the body
     */
    record Echo(
            String service,
            String method,
            String uri,
            Map<String, List<String>> headers,
            long bytes) {
        String header(String header) {
            return String.join(", ", headers.getOrDefault(header, List.of()));
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Until told otherwise, this path does this. */
    void when(String path, Behavior behavior) {
        behaviors.put(path, behavior);
    }

    /** Forgets what paths do, and what was asked. */
    void forget() {
        behaviors.clear();
        asked.clear();
    }

    /** Requests seen since the last call. */
    List<String> takeAsked() {
        var all = new ArrayList<String>();
        asked.drainTo(all);
        return all;
    }

    /** Takes no connections any more. */
    void goAway() {
        server.stop(0);
    }

    /** Takes connections at the same address and breaks off each, every other one with a reset. */
    Closeable breakConnections() {
        goAway();
        var listening =
                takePort(port -> new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("breaking-" + name).start(() -> breakOff(listening));
        return listening;
    }

    private static void breakOff(ServerSocket listening) {
        boolean isReset = true;
        while (!listening.isClosed()) {
            try (var socket = listening.accept()) {
                if (isReset) {
                    socket.setSoLinger(true, 0);
                }
                isReset = !isReset;
                // Not before there is a request that waits for its answer, nor with unread bytes.
                var in = socket.getInputStream();
                if (in.read() >= 0) {
                    in.skipNBytes(in.available());
                }
            } catch (IOException closed) {
                // The test closes the socket when it has seen enough.
            }
        }
    }

    /** Listens again, at the same address. */
    void comeBack() {
        server = takePort(this::listen);
    }

    /** Listens at this service's port as soon as the one before has let go of it. */
    private <T> T takePort(Listening<T> listening) {
        int port = server.getAddress().getPort();
        // A closed listener holds its port until its thread has left accept().
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .ignoreException(BindException.class)
                .until(() -> listening.at(port), Objects::nonNull);
    }

    private interface Listening<T> {
        T at(int port) throws IOException;
    }

    private HttpServer listen(int port) throws IOException {
        var listening =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        listening.setExecutor(
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("fake-" + name + "-", 0).factory()));
        listening.createContext("/", this::handle);
        listening.start();
        return listening;
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (path.startsWith("/v1")) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        }
        try (exchange) {
            var behavior = behaviors.get(path);
            if (behavior != null) {
                behavior.handle(exchange);
            } else if (path.equals("/q/health/ready")) {
                answer(exchange, 200, "application/json", "{\"status\":\"UP\",\"checks\":[]}");
            } else {
                echo(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void echo(HttpExchange exchange) throws IOException {
        long bytes = drain(exchange);
        var headers = new TreeMap<String, List<String>>();
        exchange.getRequestHeaders()
                .forEach((header, values) -> headers.put(header.toLowerCase(Locale.ROOT), values));
        answer(
                exchange,
                200,
                "application/json",
                JSON.writeValueAsString(
                        new Echo(
                                name,
                                exchange.getRequestMethod(),
                                exchange.getRequestURI().toString(),
                                headers,
                                bytes)));
    }

    /** Reads the whole body. */
    static long drain(HttpExchange exchange) throws IOException {
        var buffer = new byte[64 * 1024];
        long bytes = 0;
        try (var in = exchange.getRequestBody()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        return bytes;
    }

    /** Answers with a text. */
    static void answer(HttpExchange exchange, int status, String contentType, String body)
            throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Holds a request back until the test lets it go. */
    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody let go");
        }
    }
}
