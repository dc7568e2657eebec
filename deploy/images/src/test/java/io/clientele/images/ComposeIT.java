package io.clientele.images;

import static io.clientele.images.Manifests.text;
import static io.clientele.images.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.clientele.embedded.DeploymentFiles;
import io.clientele.embedded.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * compose.yaml against the schema of compose files, the services' settings and the generated files.
 */
class ComposeIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path secrets;
    private static JsonNode compose = JSON.createObjectNode();

    @BeforeAll
    static void read() throws IOException {
        DeploymentFiles.write(secrets, Options.ephemeral());
        Object document =
                new Yaml(new SafeConstructor(new LoaderOptions()))
                        .load(Files.readString(Tools.MODULE.resolve("compose.yaml")));
        compose = JSON.valueToTree(document);
    }

    static boolean isSecret(String variable) {
        return variable.matches(".*(PASSWORD|SECRET|KEY|JAAS).*");
    }

    @Test
    void isAComposeFile() throws IOException {
        var schema = (ObjectNode) JSON.readTree(Tools.composeSchema().toFile());
        // A bare file name, which is no absolute address as the validator wants it.
        schema.remove("$id");

        var errors =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                        .getSchema(schema)
                        .validate(compose);

        assertThat(errors).isEmpty();
    }

    @Test
    void runsEveryProgramConfinedAndFromTheOneContainerfile() {
        for (App app : App.values()) {
            JsonNode service = service(app);
            assertThat(service.path("image").asText()).isEqualTo(app.image());
            assertThat(service.path("build").path("dockerfile").asText())
                    .isEqualTo("deploy/images/Containerfile");
            assertThat(service.path("build").path("args").path("SERVICE").asText())
                    .isEqualTo(app.module());
            assertThat(service.path("read_only").asBoolean()).as(app.key()).isTrue();
            assertThat(texts(service.path("cap_drop"))).containsExactly("ALL");
            assertThat(service.path("mem_limit").asText()).as(app.key()).isNotBlank();
        }
    }

    @Test
    void runsTheSameServersAsTheCluster() {
        Manifests local = Manifests.overlay("local");
        for (String server : List.of("kafka", "postgresql", "mongodb", "keycloak")) {
            assertThat(text(compose, "/services/" + server + "/image"))
                    .isEqualTo(text(local.container(server), "/image"));
        }
    }

    @Test
    void opensTheGatewayAndTheSignInToThisMachineOnly() {
        List<String> ports = new ArrayList<>();
        compose.path("services").forEach(service -> ports.addAll(texts(service.path("ports"))));

        assertThat(ports).containsExactlyInAnyOrder("127.0.0.1:8080:8080", "127.0.0.1:8090:8080");
    }

    @Test
    void everyVariableIsOneThatTheProgramReadsAndNoneItNeedsIsMissing() throws IOException {
        for (App app : App.values()) {
            Set<String> given = new TreeSet<>();
            service(app).path("environment").fieldNames().forEachRemaining(given::add);
            assertThat(given).as("secrets of %s", app.key()).noneMatch(ComposeIT::isSecret);
            for (String file : texts(service(app).path("env_file"))) {
                Files.readAllLines(generated(file))
                        // One variable for each program.
                        .forEach(line ->
                                given.add(
                                        line.substring(0, line.indexOf('='))
                                                .replaceFirst(
                                                        "^(CLIENTELE_CLIENT_SECRET)_.*", "$1")));
            }
            assertThat(app.variablesRead()).as(app.key()).containsAll(given);
            assertThat(given).as(app.key()).containsAll(app.variablesRequired());
        }
    }

    @Test
    void readsOnlyFilesThatAreGenerated() {
        Set<String> files = new HashSet<>();
        compose.path("services")
                .forEach(service -> {
                    files.addAll(texts(service.path("env_file")));
                    texts(service.path("volumes")).stream()
                            .filter(volume -> volume.startsWith("./"))
                            .map(volume -> volume.substring(2, volume.indexOf(':')))
                            .forEach(files::add);
                });

        assertThat(files).hasSize(10).allMatch(file -> Files.isRegularFile(generated(file)));
    }

    @Test
    void agreesWithTheClusterOnWhereProgramsAndServersAre() {
        Manifests local = Manifests.overlay("local");
        for (App app : App.values()) {
            Map<String, String> cluster = local.plainVariables(app);
            service(app)
                    .path("environment")
                    .properties()
                    .forEach(variable ->
                            assertThat(cluster)
                                    .as(app.key())
                                    .containsEntry(
                                            variable.getKey(), variable.getValue().asText()));
        }
    }

    private static Path generated(String file) {
        assertThat(file).startsWith("secrets/");
        return secrets.resolve(file.substring("secrets/".length()));
    }

    private static JsonNode service(App app) {
        JsonNode service = compose.path("services").path(app.key());
        assertThat(service.isObject()).as(app.key()).isTrue();
        return service;
    }
}
