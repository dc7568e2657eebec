package io.clientele.images;

import static io.clientele.images.Manifests.each;
import static io.clientele.images.Manifests.text;
import static io.clientele.images.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.embedded.DeploymentFiles;
import io.clientele.embedded.Options;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every overlay, rendered with kubectl and read against Kubernetes' schema. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsIT {
    private static final Set<String> BETWEEN_PROGRAMS =
            Set.of(
                    // Between instances of one.
                    "gateway -> gateway:8080",
                    "segmentation -> segmentation:8080",
                    "gateway -> ingestion:8080",
                    "gateway -> profile:8080",
                    "gateway -> segmentation:8080",
                    "gateway -> campaign-response:8080",
                    "gateway -> reporting:8080",
                    "ingestion -> profile:8080",
                    "campaign-response -> profile:8080",
                    "segmentation -> profile:8080");
    private static final Set<String> TO_SERVERS =
            Set.of(
                    "gateway -> keycloak:8080",
                    "ingestion -> keycloak:8080",
                    "ingestion -> kafka:9092",
                    "ingestion -> postgresql:5432",
                    "profile -> keycloak:8080",
                    "profile -> kafka:9092",
                    "profile -> mongodb:27017",
                    "segmentation -> keycloak:8080",
                    "segmentation -> kafka:9092",
                    "segmentation -> postgresql:5432",
                    "campaign-response -> keycloak:8080",
                    "campaign-response -> kafka:9092",
                    "campaign-response -> postgresql:5432",
                    "reporting -> keycloak:8080",
                    "reporting -> kafka:9092",
                    "reporting -> postgresql:5432");

    // Keycloak in development mode and Kafka's image write into their own folders.
    private static final Set<String> WRITING_SERVERS = Set.of("kafka", "keycloak");

    @TempDir Path secretsFolder;
    private final Map<String, Manifests> rendered = new LinkedHashMap<>();

    private Manifests overlay(String name) {
        return rendered.computeIfAbsent(name, Manifests::overlay);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everyProgramHasAWorkloadAServiceAndSettings(String overlay) {
        Manifests manifests = overlay(overlay);

        for (App app : App.values()) {
            assertThat(manifests.pods()).containsKey(app.key());
            JsonNode selector = manifests.require("Service", app.key()).at("/spec/selector");
            assertThat(text(selector, "/app.kubernetes.io~1name")).isEqualTo(app.key());
            assertThat(text(selector, "/app.kubernetes.io~1component")).isEqualTo("service");
            assertThat(manifests.names("ConfigMap"))
                    .anyMatch(name -> name.matches(app.key() + "-[a-z0-9]{10}"));
        }
        assertThat(manifests.names("Deployment")).contains("gateway");
        // Who has a place in a consumer group keeps its name.
        assertThat(manifests.names("StatefulSet"))
                .contains("ingestion", "profile", "segmentation", "campaign-response", "reporting");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everyPodIsConfined(String overlay) {
        Manifests manifests = overlay(overlay);
        manifests
                .pods()
                .forEach((name, pod) -> {
                    JsonNode spec = pod.path("spec");
                    assertThat(spec.at("/automountServiceAccountToken").asBoolean(true))
                            .as(name)
                            .isFalse();
                    assertThat(spec.at("/enableServiceLinks").asBoolean(true)).as(name).isFalse();
                    assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean())
                            .as(name)
                            .isTrue();
                    assertThat(spec.at("/securityContext/runAsUser").asInt()).as(name).isPositive();
                    assertThat(text(spec, "/securityContext/seccompProfile/type"))
                            .as(name)
                            .isEqualTo("RuntimeDefault");
                    JsonNode own = manifests.container(name).path("securityContext");
                    assertThat(own.at("/allowPrivilegeEscalation").asBoolean(true))
                            .as(name)
                            .isFalse();
                    assertThat(texts(own.at("/capabilities/drop"))).as(name).containsExactly("ALL");
                    assertThat(own.at("/capabilities/add").isEmpty()).as(name).isTrue();
                    assertThat(own.at("/readOnlyRootFilesystem").asBoolean())
                            .as(name)
                            .isEqualTo(!WRITING_SERVERS.contains(name));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everyPodHasLimitsThreeProbesAndAnImageOfOneVersion(String overlay) {
        Manifests manifests = overlay(overlay);
        for (String name : manifests.pods().keySet()) {
            JsonNode container = manifests.container(name);
            assertThat(text(container, "/resources/limits/memory")).as(name).matches("[0-9]+[MG]i");
            assertThat(container.at("/resources/requests").has("cpu")).as(name).isTrue();
            assertThat(container.at("/resources/requests").has("memory")).as(name).isTrue();
            assertThat(text(container, "/image")).as(name).matches(".+/.+:[^:/]*[0-9][^:/]*");
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(container.has(probe)).as("%s of %s", probe, name).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void programsAreAskedForTheirHealthAndHaveTheirFolders(String overlay) {
        for (App app : App.values()) {
            JsonNode container = overlay(overlay).container(app.key());
            assertThat(probe(container, "startupProbe")).isEqualTo("/q/health/started at http");
            assertThat(probe(container, "readinessProbe")).isEqualTo("/q/health/ready at http");
            assertThat(probe(container, "livenessProbe")).isEqualTo("/q/health/live at http");
            List<String> folders =
                    each(container.path("volumeMounts"))
                            .map(mount -> text(mount, "/mountPath"))
                            .toList();
            assertThat(folders)
                    .as(app.key())
                    .containsExactlyInAnyOrderElementsOf(
                            app == App.INGESTION || app == App.SEGMENTATION
                                    ? List.of("/tmp", "/data")
                                    : List.of("/tmp"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everyVariableIsOneThatTheProgramReadsAndNoneItNeedsIsMissing(String overlay) {
        Manifests manifests = overlay(overlay);
        for (App app : App.values()) {
            Map<String, String> plain = manifests.plainVariables(app);
            Set<String> given = new TreeSet<>(plain.keySet());
            each(manifests.container(app.key()).path("env"))
                    .forEach(variable -> given.add(text(variable, "/name")));

            assertThat(plain.keySet())
                    .as("secrets of %s come from outside", app.key())
                    .noneMatch(ComposeIT::isSecret);
            assertThat(plain.values()).as(app.key()).noneMatch(String::isBlank);
            assertThat(app.variablesRead()).as(app.key()).containsAll(given);
            assertThat(given).as(app.key()).containsAll(app.variablesRequired());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void everyValueInTheOpenIsASettingAndSecretsComeByName(String overlay) {
        Manifests manifests = overlay(overlay);

        assertThat(manifests.all("Secret")).isEmpty();
        for (String name : manifests.pods().keySet()) {
            assertThat(each(manifests.container(name).path("env")))
                    .filteredOn(variable -> ComposeIT.isSecret(text(variable, "/name")))
                    .allMatch(variable -> variable.at("/valueFrom/secretKeyRef").isObject());
        }
    }

    @Test
    void deploymentFilesWritesEverySecretOfTheLocalOverlay() {
        DeploymentFiles.write(secretsFolder, Options.ephemeral());
        Map<String, JsonNode> secrets = new TreeMap<>();
        for (JsonNode secret : Manifests.render(secretsFolder).all("Secret")) {
            assertThat(text(secret, "/metadata/namespace")).isEqualTo("clientele");
            secrets.put(text(secret, "/metadata/name"), secret.path("data"));
        }

        Set<String> used = new TreeSet<>();
        for (JsonNode pod : overlay("local").pods().values()) {
            JsonNode container = pod.at("/spec/containers/0");
            each(container.path("env"))
                    .map(variable -> variable.at("/valueFrom/secretKeyRef"))
                    .filter(JsonNode::isObject)
                    .filter(key -> !key.path("optional").asBoolean())
                    .forEach(key -> {
                        used.add(text(key, "/name"));
                        assertThat(secrets).containsKey(text(key, "/name"));
                        assertThat(
                                        secrets.getOrDefault(text(key, "/name"), key)
                                                .has(text(key, "/key")))
                                .as(key.toString())
                                .isTrue();
                    });
            Stream.concat(
                            each(container.path("envFrom"))
                                    .map(source -> text(source, "/secretRef/name")),
                            each(pod.at("/spec/volumes"))
                                    .map(volume -> text(volume, "/secret/secretName")))
                    .filter(name -> !name.isEmpty())
                    .forEach(used::add);
        }
        assertThat(used).isEqualTo(secrets.keySet());
    }

    @Test
    void podsTalkOnlyAsTheArchitectureSays() {
        Set<String> local = new TreeSet<>(BETWEEN_PROGRAMS);
        local.addAll(TO_SERVERS);

        assertThat(Flows.of(overlay("local"))).isEqualTo(local);
        assertThat(Flows.of(overlay("production"))).isEqualTo(new TreeSet<>(BETWEEN_PROGRAMS));
    }

    @Test
    void onlyTheGatewayIsOpenToAllAndOutsideServersAreReachedByAddress() {
        for (String overlay : List.of("local", "production")) {
            assertThat(overlay(overlay).all("NetworkPolicy"))
                    .filteredOn(policy ->
                            each(policy.at("/spec/ingress")).anyMatch(rule -> !rule.has("from")))
                    .extracting(policy -> text(policy, "/metadata/name"))
                    .containsExactly("gateway");
        }
        for (String server : List.of("kafka", "postgresql", "mongodb", "keycloak")) {
            assertThat(
                            overlay("production")
                                    .require("NetworkPolicy", "to-" + server)
                                    .at("/spec/egress/0/to"))
                    .as(server)
                    .isNotEmpty()
                    .allMatch(peer -> peer.has("ipBlock"));
        }
    }

    @Test
    void theImagesAreThoseThatAreBuiltHere() {
        for (App app : App.values()) {
            assertThat(text(overlay("local").container(app.key()), "/image"))
                    .isEqualTo(app.image());
            assertThat(text(overlay("production").container(app.key()), "/image"))
                    .isEqualTo(app.image().replace("localhost/", "registry.example.org/"));
        }
    }

    @Test
    void whatRunsTwiceInProductionIsEvictedOneByOne() {
        Manifests production = overlay("production");
        List<String> several =
                Stream.of("Deployment", "StatefulSet")
                        .flatMap(kind -> production.all(kind).stream())
                        .filter(it -> it.at("/spec/replicas").asInt() > 1)
                        .map(it -> text(it, "/metadata/name"))
                        .toList();

        assertThat(production.names("PodDisruptionBudget"))
                .containsExactlyInAnyOrderElementsOf(several);
        assertThat(several)
                .containsExactlyInAnyOrder("gateway", "ingestion", "profile", "segmentation");
    }

    @Test
    void instancesAreNamedAfterTheirPods() {
        for (App app : App.values()) {
            List<String> names =
                    each(overlay("local").container(app.key()).path("env"))
                            .filter(it -> text(it, "/name").equals("CLIENTELE_INSTANCE"))
                            .map(it -> text(it, "/valueFrom/fieldRef/fieldPath"))
                            .toList();
            assertThat(names)
                    .as(app.key())
                    .isEqualTo(app == App.GATEWAY ? List.of() : List.of("metadata.name"));
        }
    }

    private static String probe(JsonNode container, String name) {
        JsonNode get = container.path(name).path("httpGet");
        return text(get, "/path") + " at " + text(get, "/port");
    }
}
