package io.clientele.images;

import static io.clientele.images.Manifests.each;
import static io.clientele.images.Manifests.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.embedded.EmbeddedServers;
import io.clientele.embedded.Options;
import io.clientele.embedded.ServerKind;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The Containerfile; and, where podman is at hand, the gateway's image and its Deployment at work.
 */
class ImageIT {
    private static final Pattern COPIED = Pattern.compile("(?m)^COPY (?:--\\S+ )?(\\S+) /\\S+$");
    private static final Path WORK = Tools.TARGET.resolve("containers");

    @Test
    void theContainerfileRunsANumberedUserWithoutAShell() throws IOException {
        assertThat(containerfile())
                .containsPattern("(?m)^USER [1-9][0-9]*:[1-9][0-9]*$")
                .containsPattern("(?m)^ENTRYPOINT \\[\"java\"")
                .containsPattern("(?m)^ +CMD \\[\"java\", .*HealthProbe\"]$")
                .doesNotContainPattern("(?m)^(RUN|ADD) ")
                .doesNotContain(":latest");
    }

    @Test
    void whatTheContainerfileCopiesIsThereForEveryProgram() throws IOException {
        List<String> copied =
                COPIED.matcher(containerfile()).results().map(result -> result.group(1)).toList();
        assertThat(copied).hasSize(6);
        for (App app : App.values()) {
            assertThat(copied)
                    .as("%s is packaged (./mvnw -Dquick package)", app.key())
                    .allMatch(source ->
                            Files.exists(
                                    Tools.ROOT.resolve(
                                            source.replace("${SERVICE}", app.module()))));
        }
    }

    @Test
    void theGatewaysImageRunsFromItsDeployment() throws Exception {
        Manifests local = Manifests.overlay("local");
        assertThat(text(local.container("gateway"), "/image")).isEqualTo(App.GATEWAY.image());

        List<String> why = new ArrayList<>();
        Optional<Podman> found = Podman.find(WORK.resolve("podman"), why);
        if (found.isEmpty()) {
            System.out.println(
                    "NOT RUN: no image was built and nothing was run from a Deployment, as "
                            + String.join("; ", why)
                            + ". docs/operations.md says what to install.");
            return;
        }
        try (Podman podman = found.get();
                EmbeddedServers keycloak =
                        EmbeddedServers.start(
                                Options.ephemeral().servers(EnumSet.of(ServerKind.KEYCLOAK)))) {
            BaseImage.build(podman, Files.createDirectories(WORK.resolve("base")));
            podman.run(
                    120,
                    "build",
                    "--isolation=chroot",
                    "--format=docker",
                    "--pull-never",
                    "--build-arg=SERVICE=" + App.GATEWAY.module(),
                    "--file=" + Tools.MODULE.resolve("Containerfile"),
                    "--tag=" + App.GATEWAY.image(),
                    Tools.ROOT.toString());
            run(podman, local, keycloak.address(ServerKind.KEYCLOAK).orElseThrow());
        }
    }

    /**
     * Runs the Deployment as rendered but for two things: it shares the host's network, as a
     * network of its own needs rights that a test may not have; and its probes are taken out and
     * asked by the test, as podman would ask them with curl from inside the image.
     */
    private static void run(Podman podman, Manifests local, String oidc) throws Exception {
        JsonNode deployment = local.require("Deployment", "gateway");
        var pod = (ObjectNode) deployment.at("/spec/template/spec");
        var container = (ObjectNode) local.container("gateway");
        int port = freePort();
        List<String> probes = new ArrayList<>();
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            probes.add(text(container.remove(probe), "/httpGet/path"));
        }
        container.remove("ports");
        pod.put("hostNetwork", true);
        Map<String, String> test =
                Map.of(
                        "QUARKUS_HTTP_PORT",
                        Integer.toString(port),
                        "CLIENTELE_OIDC_URL",
                        oidc,
                        "CLIENTELE_LOG_JSON",
                        "false");
        StringBuilder text = new StringBuilder();
        List<JsonNode> settings =
                each(container.path("envFrom"))
                        .map(source ->
                                local.require("ConfigMap", text(source, "/configMapRef/name")))
                        .toList();
        settings.forEach(map -> test.forEach(((ObjectNode) map.path("data"))::put));
        settings.forEach(map -> text.append("---\n").append(map).append('\n'));
        text.append("---\n").append(deployment).append('\n');
        Path file = Files.writeString(WORK.resolve("gateway.yaml"), text);

        podman.run(60, "kube", "play", file.toString());

        String name = "gateway-pod-0-service";
        try (HttpClient http = HttpClient.newHttpClient()) {
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> {
                        for (String probe : probes) {
                            assertThat(status(http, port, probe)).as(probe).isEqualTo(200);
                        }
                    });
            assertThat(status(http, port, "/v1/program")).isEqualTo(401);
            podman.run(
                    20,
                    "exec",
                    name,
                    "java",
                    "-cp",
                    "/app/health.jar",
                    "io.clientele.images.HealthProbe");
            JsonNode state = new ObjectMapper().readTree(podman.run(20, "inspect", name)).path(0);
            assertThat(state.path("Config").path("User").asText()).isEqualTo("10001:10001");
            assertThat(state.path("HostConfig").path("ReadonlyRootfs").asBoolean()).isTrue();
            assertThat(state.path("EffectiveCaps").isEmpty()).isTrue();
            assertThat(state.path("HostConfig").path("Memory").asLong())
                    .isEqualTo(512L * 1024 * 1024);
            // The image's own health check; kube play leaves health to the probes.
            assertThat(podman.run(20, "image", "inspect", App.GATEWAY.image()))
                    .contains("HealthProbe");
        } catch (Throwable failed) {
            throw new AssertionError(
                    "the gateway's log:\n" + podman.attempt(20, "logs", name).output(), failed);
        }
    }

    private static int status(HttpClient http, int port, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(6))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String containerfile() throws IOException {
        return Files.readString(Tools.MODULE.resolve("Containerfile"));
    }
}
