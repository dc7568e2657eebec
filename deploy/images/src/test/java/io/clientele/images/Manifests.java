package io.clientele.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A rendered folder of k8s/, each of its resources read against Kubernetes' schema. */
record Manifests(List<JsonNode> resources) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Manifests {
        resources = List.copyOf(resources);
    }

    static Manifests overlay(String name) {
        return render(Tools.ROOT.resolve("k8s/overlays").resolve(name));
    }

    static Manifests render(Path folder) {
        return parse(Tools.kustomize(folder));
    }

    /**
     * Reads resources.
     *
     * @throws AssertionError if a resource has a field that its kind does not know, lacks one that
     *     it must have, or has one of another type
     */
    static Manifests parse(String yaml) {
        List<JsonNode> resources = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
            JsonNode resource = JSON.valueToTree(document);
            requireValid(resource);
            resources.add(resource);
        }
        return new Manifests(resources);
    }

    private static void requireValid(JsonNode resource) {
        String kind = text(resource, "/apiVersion") + " " + text(resource, "/kind");
        String json = resource.toString();
        try {
            Object known =
                    switch (kind) {
                        case "v1 ConfigMap" -> V1ConfigMap.fromJson(json);
                        case "v1 Namespace" -> V1Namespace.fromJson(json);
                        case "v1 Secret" -> V1Secret.fromJson(json);
                        case "v1 Service" -> V1Service.fromJson(json);
                        case "apps/v1 Deployment" -> V1Deployment.fromJson(json);
                        case "apps/v1 StatefulSet" -> V1StatefulSet.fromJson(json);
                        case "networking.k8s.io/v1 Ingress" -> V1Ingress.fromJson(json);
                        case "networking.k8s.io/v1 NetworkPolicy" -> V1NetworkPolicy.fromJson(json);
                        case "policy/v1 PodDisruptionBudget" ->
                                V1PodDisruptionBudget.fromJson(json);
                        default -> throw new AssertionError("no schema is known here for " + kind);
                    };
            if (known == null) {
                throw new AssertionError(kind + " is empty");
            }
        } catch (IOException | RuntimeException invalid) {
            throw new AssertionError(kind + " " + text(resource, "/metadata/name"), invalid);
        }
    }

    static String text(JsonNode node, String pointer) {
        return node.at(pointer).asText();
    }

    static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static List<String> texts(JsonNode array) {
        return each(array).map(JsonNode::asText).toList();
    }

    List<JsonNode> all(String kind) {
        return resources.stream().filter(it -> text(it, "/kind").equals(kind)).toList();
    }

    List<String> names(String kind) {
        return all(kind).stream().map(it -> text(it, "/metadata/name")).toList();
    }

    JsonNode require(String kind, String name) {
        return all(kind).stream()
                .filter(it -> text(it, "/metadata/name").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    /** The pod templates, under the names of their workloads. */
    Map<String, JsonNode> pods() {
        Map<String, JsonNode> pods = new TreeMap<>();
        for (String kind : List.of("Deployment", "StatefulSet")) {
            all(kind).forEach(it -> pods.put(text(it, "/metadata/name"), it.at("/spec/template")));
        }
        return pods;
    }

    /** The one container of a workload. */
    JsonNode container(String workload) {
        JsonNode containers = pods().getOrDefault(workload, JSON.nullNode()).at("/spec/containers");
        if (containers.size() != 1) {
            throw new AssertionError(workload + " has " + containers.size() + " containers");
        }
        return containers.get(0);
    }

    /** The variables of a program that its ConfigMaps say. */
    Map<String, String> plainVariables(App app) {
        Map<String, String> variables = new TreeMap<>();
        each(container(app.key()).path("envFrom"))
                .filter(source -> source.has("configMapRef"))
                .map(source -> require("ConfigMap", text(source, "/configMapRef/name")))
                .forEach(map ->
                        map.path("data")
                                .properties()
                                .forEach(entry ->
                                        variables.put(entry.getKey(), entry.getValue().asText())));
        return variables;
    }
}
