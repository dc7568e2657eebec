package io.clientele.e2e;

import io.clientele.embedded.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One more instance of segmentation, which the launcher knows nothing of. */
final class SegmentationInstance implements AutoCloseable {
    private static final int LAST_LINES = 40;

    private final RunningPlatform platform;
    private final String name;
    private final int port = Ports.freeBase();
    private @Nullable Process process;

    SegmentationInstance(RunningPlatform platform, String name) {
        this.platform = platform;
        this.name = name;
    }

    void start() {
        process =
                platform.another(
                        "segmentation",
                        Platforms.root()
                                .resolve(
                                        "services/segmentation/service/target/quarkus-app/quarkus-run.jar"),
                        name,
                        port);
    }

    /** The same caller, asking this instance. */
    PlatformClient client(PlatformClient caller) {
        return caller.at(URI.create("http://127.0.0.1:" + port));
    }

    /** The lines of a segment's export; none if this instance cannot answer now. */
    List<String> exported(String segment) throws IOException, InterruptedException {
        var answer = get("/v1/segments/" + segment + "/members", "application/x-ndjson");
        return answer.statusCode() == 200 ? answer.body().lines().toList() : List.of();
    }

    /** Partitions that are active here. */
    double partitions() throws IOException, InterruptedException {
        return get("/q/metrics", "text/plain")
                .body()
                .lines()
                .filter(line -> line.startsWith("segmentation_partitions_running"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** The end of what it has printed. */
    String lastLines() {
        try {
            var lines = Files.readAllLines(platform.outputOfAnother("segmentation", name));
            return String.join(
                    System.lineSeparator(),
                    lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return name + " has printed nothing: " + e;
        }
    }

    private HttpResponse<String> get(String path, String accept)
            throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .header("accept", accept)
                            .header("authorization", "Bearer " + platform.token("demo", "admin"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** SIGTERM. */
    void stop() {
        end(false);
    }

    /** SIGKILL. */
    void kill() {
        end(true);
    }

    private void end(boolean atOnce) {
        var running = process;
        if (running == null) {
            return;
        }
        if (atOnce) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        running.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }
}
