package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clientele.launcher.PlatformState.ProcessIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a stand-in for the gateway and Keycloak that speaks the import API. */
class ImportCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SIZE = 200_000;

    @TempDir Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> calls = new ArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private HttpServer server;
    private Path file;
    private Path mapping;
    private @Nullable JsonNode created;
    private boolean breakOnce;
    private boolean awayOnce;
    private boolean endLost;
    private int polls;
    private String outcome = "completed";
    private int rejected;

    @BeforeEach
    void startGateway() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
        int port = server.getAddress().getPort();
        Path secrets =
                Files.writeString(
                        folder.resolve("secrets.properties"), "client.demo-admin=s3cret\n");
        Path run = Files.createDirectories(folder.resolve("data/run"));
        new PlatformState(
                        ProcessIdentity.of(ProcessHandle.current()),
                        0,
                        port,
                        false,
                        Map.of(
                                "CLIENTELE_OIDC_URL",
                                "http://localhost:" + port + "/realms/clientele"),
                        null,
                        secrets.toString(),
                        List.of())
                .write(run.resolve("platform.json"));
        file = folder.resolve("Sales 1997.csv");
        Files.write(file, "x".repeat(SIZE).getBytes(StandardCharsets.US_ASCII));
        mapping = Files.writeString(folder.resolve("CD-now.json"), "{\"type\":\"purchase\"}");
    }

    @AfterEach
    void stopGateway() {
        server.stop(0);
    }

    @Test
    void sendsTheFileAndSaysWhatBecameOfIt() {
        int status = run(false, null);

        assertThat(status).isZero();
        assertThat(created)
                .hasToString(
                        "{\"source\":\"cd-now\",\"mapping\":{\"type\":\"purchase\"},\"shiftToNow\":false}");
        assertThat(received.size()).isEqualTo(SIZE);
        assertThat(calls).contains("PUT /v1/imports/i-1/content bytes 0-199999/200000 Bearer t-1");
        assertThat(text(out))
                .isEqualTo("1,000 rows: 900 events accepted, 60 duplicate, 0 rejected\n");
        assertThat(text(err))
                .contains(
                        "Sending Sales 1997.csv: 200,000 bytes (",
                        "Importing Sales 1997.csv: completed, 1,000 rows (");
    }

    @Test
    void asksForTheShiftOfTimes() {
        run(true, null);

        assertThat(String.valueOf(created)).contains("\"shiftToNow\":true");
    }

    @Test
    void goesOnWhereABrokenConnectionLeftOff() throws IOException {
        breakOnce = true;

        int status = run(false, null);

        assertThat(status).isZero();
        assertThat(calls)
                .contains("PUT /v1/imports/i-1/content bytes 50000-199999/200000 Bearer t-1");
        assertThat(received.toByteArray()).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void goesOnWithAJobOfAnEarlierRun() {
        received.writeBytes("x".repeat(120_000).getBytes(StandardCharsets.US_ASCII));

        int status = run(false, "i-1");

        assertThat(status).isZero();
        assertThat(calls).noneMatch(call -> call.startsWith("POST /v1/imports"));
        assertThat(calls)
                .contains("PUT /v1/imports/i-1/content bytes 120000-199999/200000 Bearer t-1");
    }

    @Test
    void endsAJobThatLacksNothingButItsEnd() {
        received.writeBytes("x".repeat(SIZE).getBytes(StandardCharsets.US_ASCII));
        endLost = true;

        int status = run(false, "i-1");

        assertThat(status).isZero();
        assertThat(calls)
                .contains("PUT /v1/imports/i-1/content bytes 200000-199999/200000 Bearer t-1");
        assertThat(received.size()).isEqualTo(SIZE);
    }

    @Test
    void makesNoJobForAnEmptyFile() throws IOException {
        Files.write(file, new byte[0]);

        assertThatThrownBy(() -> run(false, null))
                .isInstanceOf(LauncherException.class)
                .hasMessage("The file " + file + " is empty.");
        assertThat(calls).isEmpty();
    }

    @Test
    void waitsForAServiceThatRestarts() {
        awayOnce = true;

        assertThat(run(false, null)).isZero();
    }

    @Test
    void keepsTheReasonsOfRejectedLines() {
        rejected = 2;

        int status = run(false, null);

        Path errors = folder.resolve("Sales 1997.csv.errors.ndjson");
        assertThat(status).isZero();
        assertThat(text(out))
                .isEqualTo(
                        "1,000 rows: 900 events accepted, 60 duplicate, 2 rejected\n"
                                + "Why, line by line (2 lines): "
                                + errors
                                + "\n");
        assertThat(errors)
                .hasContent(
                        "{\"line\":7,\"reason\":\"guest\"}\n{\"line\":9,\"reason\":\"guest\"}\n");
    }

    @Test
    void failsWhenTheImportFails() {
        outcome = "failed";

        assertThat(run(false, null)).isEqualTo(1);
        assertThat(text(err)).endsWith("Import i-1 failed: no column Date\n");
    }

    @Test
    void passesOnWhatTheGatewayFindsWrong() throws IOException {
        Files.writeString(mapping, "{\"type\":\"refused\"}");

        assertThatThrownBy(() -> run(false, null))
                .isInstanceOf(LauncherException.class)
                .hasMessage("The mapping is not valid.\n  /mapping/type: unknown type refused");
    }

    @Test
    void saysWhereAMappingIsNoJson() throws IOException {
        Files.writeString(mapping, "{\n  \"type\": }");

        assertThatThrownBy(() -> run(false, null))
                .isInstanceOf(LauncherException.class)
                .hasMessageStartingWith(
                        "The mapping " + mapping + " is no valid JSON at line 2, column ");
        assertThat(calls).isEmpty();
    }

    private int run(boolean shift, @Nullable String resume) {
        Terminal terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false,
                        80);
        return new ImportCommand(folder.resolve("data"), null, folder, terminal)
                .run(
                        new ImportCommand.Request(
                                List.of(file), mapping, "demo", null, shift, resume));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        var headers = exchange.getRequestHeaders();
        calls.add(
                exchange.getRequestMethod()
                        + " "
                        + path
                        + " "
                        + headers.getFirst("Content-Range")
                        + " "
                        + headers.getFirst("Authorization"));
        switch (exchange.getRequestMethod() + " " + path) {
            case "POST /realms/clientele/protocol/openid-connect/token" ->
                    answer(exchange, 200, "{\"access_token\":\"t-1\"}");
            case "POST /v1/imports" -> {
                created = JSON.readTree(exchange.getRequestBody());
                if (created.path("mapping").path("type").asText().equals("refused")) {
                    answer(
                            exchange,
                            422,
                            "{\"detail\":\"The mapping is not"
                                + " valid.\",\"errors\":[{\"pointer\":\"/mapping/type\",\"detail\":\"unknown"
                                + " type refused\"}]}");
                } else {
                    answer(exchange, 201, job());
                }
            }
            case "PUT /v1/imports/i-1/content" -> {
                if (breakOnce) {
                    breakOnce = false;
                    received.writeBytes(exchange.getRequestBody().readNBytes(50_000));
                    exchange.close();
                } else {
                    exchange.getRequestBody().transferTo(received);
                    endLost = false;
                    answer(exchange, 202, job());
                }
            }
            case "GET /v1/imports/i-1" -> {
                if (awayOnce) {
                    awayOnce = false;
                    answer(exchange, 503, "{\"detail\":\"Ingestion is away.\"}");
                } else {
                    polls++;
                    answer(exchange, 200, job());
                }
            }
            case "GET /v1/imports/i-1/errors" ->
                    answer(
                            exchange,
                            200,
                            "{\"line\":7,\"reason\":\"guest\"}\n"
                                    + "{\"line\":9,\"reason\":\"guest\"}\n");
            default -> answer(exchange, 404, "{}");
        }
    }

    private String job() {
        boolean complete = received.size() == SIZE && !endLost;
        String state = !complete ? "created" : polls < 2 ? "running" : outcome;
        return "{\"id\":\"i-1\",\"state\":\""
                + state
                + "\",\"failure\":\"no column Date\",\"content\":{\"received\":"
                + received.size()
                + ",\"complete\":"
                + complete
                + "},\"counts\":{\"totalRows\":1000,\"rows\":1000,\"accepted\":900,\"duplicate\":60,\"rejected\":"
                + rejected
                + "}}";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
