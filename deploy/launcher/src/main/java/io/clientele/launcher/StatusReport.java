package io.clientele.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.launcher.PlatformState.ProcessState;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What runs, as {@code ./clientele status} shows it. */
final class StatusReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningPlatform platform;
    private final HttpClient http;
    private final Clock clock;
    private boolean healthy = true;

    StatusReport(RunningPlatform platform, HttpClient http, Clock clock) {
        this.platform = platform;
        this.http = http;
        this.clock = clock;
    }

    /** The lines to print. Asks every service for its health, so it takes up to some seconds. */
    List<String> lines(Map<String, String> environment) {
        PlatformState state = platform.state();
        List<String> lines = new ArrayList<>();
        long now = clock.millis();
        lines.add(
                "Clientele at "
                        + platform.address()
                        + ", up "
                        + since(now, state.startedMillis())
                        + (state.ephemeral() ? ", ephemeral" : "")
                        + ", folder "
                        + platform.folder().path());
        lines.add("");
        lines.addAll(processes(now).lines());
        lines.add("");
        lines.addAll(figures(environment));
        return lines;
    }

    /** Whether everything is ready; known after {@link #lines}. */
    boolean isHealthy() {
        return healthy;
    }

    private Table processes(long now) {
        HealthCheck health = new HealthCheck(http);
        Table table =
                new Table(
                        "process", "state", "pid", "port", "up", "memory", "restarts", "last end");
        long memoryMiB = 0;
        for (ProcessState process : platform.state().processes()) {
            boolean runs = process.identity().running().isPresent();
            String word = stateWord(process, runs, health);
            healthy &= word.equals("ready") || word.equals("runs");
            ProcessUsage usage =
                    runs ? ProcessUsage.ofTree(process.identity().pid()) : ProcessUsage.NONE;
            memoryMiB += usage.memoryMiB();
            table.row(
                    process.name(),
                    word,
                    runs ? Long.toString(process.identity().pid()) : "-",
                    Integer.toString(process.port()),
                    runs ? since(now, process.identity().startedMillis()) : "-",
                    runs ? usage.memoryMiB() + " MiB" : "-",
                    Integer.toString(process.restarts()),
                    lastEnd(process, now));
        }
        ProcessState launcher =
                new ProcessState("launcher", false, platform.state().launcher(), 0, 0, null, null);
        long launcherMiB = ProcessUsage.ofTree(launcher.identity().pid()).memoryMiB();
        table.row(
                "all, with the launcher",
                healthy ? "ready" : "not ready",
                Long.toString(launcher.identity().pid()),
                "",
                "",
                Math.max(launcherMiB, memoryMiB) + " MiB",
                "",
                "");
        return table;
    }

    private static String stateWord(ProcessState process, boolean runs, HealthCheck health) {
        if (!runs) {
            return "down";
        }
        if (!process.service()) {
            return "runs";
        }
        return switch (health.ask(process.port())) {
            case READY -> "ready";
            case NOT_READY -> "not ready";
            case NO_ANSWER -> "no answer";
        };
    }

    private static String lastEnd(ProcessState process, long now) {
        Integer status = process.lastExit();
        Long at = process.lastExitMillis();
        if (status == null || at == null) {
            return "";
        }
        String how = status > 128 ? "signal " + (status - 128) : "status " + status;
        return how + ", " + since(now, at) + " ago";
    }

    private static String since(long now, long millis) {
        return Terminal.readable(
                Duration.ofMillis(Math.max(0, now - millis))
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    }

    /** The gateway's own status as a table, or why there is none. */
    private List<String> figures(Map<String, String> environment) {
        try {
            String token = platform.token(http, "demo", "admin", environment);
            HttpRequest request =
                    HttpRequest.newBuilder(platform.address().resolve("/v1/status"))
                            .timeout(Duration.ofSeconds(10))
                            .header("Authorization", "Bearer " + token)
                            .build();
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return response.statusCode() == 200
                    ? facts(JSON.readTree(response.body())).lines()
                    : List.of(
                            "No figures: the gateway answers /v1/status with "
                                    + response.statusCode()
                                    + ".");
        } catch (LauncherException unavailable) {
            return List.of("No figures: " + unavailable.getMessage());
        } catch (IOException unavailable) {
            return List.of("No figures: the gateway does not answer /v1/status.");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Every figure of a status document, nested names joined by full stops. */
    static Table facts(JsonNode status) {
        Table table = new Table("figure", "value");
        flatten("", status, table);
        return table;
    }

    private static void flatten(String name, JsonNode node, Table table) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry ->
                            flatten(
                                    name.isEmpty() ? entry.getKey() : name + "." + entry.getKey(),
                                    entry.getValue(),
                                    table));
        } else if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                JsonNode element = node.get(index);
                flatten(name + "." + nameOf(element, index), element, table);
            }
        } else {
            table.row(
                    name,
                    node.isFloatingPointNumber()
                            ? String.format(Locale.ROOT, "%.3f", node.doubleValue())
                            : node.asText());
        }
    }

    /** What a person would call an element of a list. */
    private static String nameOf(JsonNode element, int index) {
        for (String key : List.of("service", "name", "topic", "key")) {
            if (element.path(key).isTextual()) {
                return element.get(key).asText();
            }
        }
        return Integer.toString(index + 1);
    }
}
