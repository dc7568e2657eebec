package io.clientele.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.clientele.gateway.route.PathTemplate;
import io.clientele.gateway.route.Route;
import io.clientele.gateway.route.RouteTable;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes one OpenAPI 3.1 document of several: exactly the routes of the table, each as its service
 * describes it, with its roles. A component two services describe differently is renamed after its
 * service; an operation id used twice too. A route whose service says nothing of it is described
 * from the table alone. Not thread-safe; one use.
 */
final class OpenApiMerger {
    private static final String COMPONENTS = "#/components/";

    /** Jackson's tree, which services' documents describe by its methods. */
    private static final String ANY_JSON = "JsonNode";

    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z]+)}");
    private static final Set<String> KINDS =
            Set.of(
                    "schemas",
                    "responses",
                    "parameters",
                    "examples",
                    "requestBodies",
                    "headers",
                    "links",
                    "callbacks",
                    "pathItems");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode merged;
    private final Map<String, JsonNode> documents = new HashMap<>();
    private final Map<String, Map<String, String>> renamed = new HashMap<>();
    private final Set<String> operationIds = new HashSet<>();
    private final List<Route> undescribed = new ArrayList<>();

    private OpenApiMerger(ObjectNode base) {
        this.merged = base.deepCopy();
    }

    /**
     * The merged document.
     *
     * @param base what stands around the services' parts, with the gateway's own routes
     * @param parts each service's own document, by name; absent if it is not known
     */
    static Merged merge(ObjectNode base, RouteTable table, Map<String, ? extends JsonNode> parts) {
        var merger = new OpenApiMerger(base);
        parts.forEach(merger::takeComponents);
        merger.takePaths(table);
        merger.dropUnusedComponents();
        return new Merged(merger.merged, List.copyOf(merger.undescribed));
    }

    /**
     * A merged document.
     *
     * @param document OpenAPI 3.1
     * @param undescribed the routes that their service, though it answered, does not know
     */
    record Merged(ObjectNode document, List<Route> undescribed) {}

    private void takeComponents(String service, JsonNode document) {
        documents.put(service, document);
        var names = new HashMap<String, String>();
        renamed.put(service, names);
        var components = document.path("components");
        // First all new names, then the contents, which name each other.
        for (var kind : components.properties()) {
            if (!KINDS.contains(kind.getKey())) {
                continue;
            }
            var present = merged.withObject("/components/" + kind.getKey());
            for (var component : kind.getValue().properties()) {
                var name = component.getKey();
                var other = present.get(name);
                if (other != null
                        && !name.equals(ANY_JSON)
                        && !other.equals(component.getValue())) {
                    names.put(kind.getKey() + "/" + name, capitalized(service) + name);
                }
            }
        }
        for (var kind : components.properties()) {
            if (!KINDS.contains(kind.getKey())) {
                continue;
            }
            var present = merged.withObject("/components/" + kind.getKey());
            for (var component : kind.getValue().properties()) {
                var name = component.getKey();
                present.set(
                        names.getOrDefault(kind.getKey() + "/" + name, name),
                        name.equals(ANY_JSON)
                                ? NODES.objectNode().put("description", "Any JSON value")
                                : withReferencesOf(service, component.getValue()));
            }
        }
    }

    private void takePaths(RouteTable table) {
        var paths = new LinkedHashMap<String, ObjectNode>();
        var templates = new HashMap<String, String>();
        for (var route : table.routes()) {
            var document =
                    route.service().equals(Route.GATEWAY) ? merged : documents.get(route.service());
            var found = document == null ? null : find(document, route);
            if (document != null && found == null) {
                undescribed.add(route);
            }
            var template = found == null ? route.path().toString() : found.template();
            var key = templates.computeIfAbsent(route.path().shape(), shape -> template);
            var operation =
                    found == null
                            ? fromTable(route, key)
                            : found.operation(this, route.service(), key);
            complete(operation, route);
            paths.computeIfAbsent(key, k -> NODES.objectNode())
                    .set(route.method().toLowerCase(Locale.ROOT), operation);
        }
        var node = NODES.objectNode();
        paths.forEach(node::set);
        merged.set("paths", node);
    }

    private @Nullable Found find(JsonNode document, Route route) {
        for (var path : document.path("paths").properties()) {
            if (shape(path.getKey()).equals(route.path().shape())) {
                var operation = path.getValue().get(route.method().toLowerCase(Locale.ROOT));
                if (operation instanceof ObjectNode object) {
                    return new Found(path.getKey(), path.getValue(), object);
                }
            }
        }
        return null;
    }

    private record Found(String template, JsonNode item, ObjectNode described) {
        /** A copy of the operation with the path's parameters, named as in {@code key}. */
        ObjectNode operation(OpenApiMerger merger, String service, String key) {
            var copy = (ObjectNode) merger.withReferencesOf(service, described);
            var own = copy.withArray("parameters");
            for (var shared : item.path("parameters")) {
                if (!isAmong(own, shared)) {
                    own.add(merger.withReferencesOf(service, shared));
                }
            }
            var from = parameters(template);
            var to = parameters(key);
            for (var parameter : own) {
                if (parameter instanceof ObjectNode object
                        && parameter.path("in").asText().equals("path")) {
                    int place = from.indexOf(parameter.path("name").asText());
                    if (place >= 0) {
                        object.put("name", to.get(place));
                    }
                }
            }
            for (var name : to) {
                if (!isNamed(own, name)) {
                    own.add(pathParameter(name));
                }
            }
            if (own.isEmpty()) {
                copy.remove("parameters");
            }
            return copy;
        }

        private static boolean isAmong(ArrayNode parameters, JsonNode wanted) {
            for (var parameter : parameters) {
                if (parameter.path("name").equals(wanted.path("name"))
                        && parameter.path("in").equals(wanted.path("in"))
                        && parameter.path("$ref").equals(wanted.path("$ref"))) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isNamed(ArrayNode parameters, String name) {
            for (var parameter : parameters) {
                if (parameter.has("$ref")
                        || (parameter.path("in").asText().equals("path")
                                && parameter.path("name").asText().equals(name))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static ObjectNode fromTable(Route route, String template) {
        var operation = NODES.objectNode();
        var parameters = parameters(template);
        if (!parameters.isEmpty()) {
            var array = operation.putArray("parameters");
            parameters.forEach(name -> array.add(pathParameter(name)));
        }
        operation
                .putObject("responses")
                .putObject("2XX")
                .put("description", "Described while the service \"" + route.service() + "\" runs");
        return operation;
    }

    private static ObjectNode pathParameter(String name) {
        var parameter =
                NODES.objectNode().put("name", name).put("in", "path").put("required", true);
        parameter.putObject("schema").put("type", "string");
        return parameter;
    }

    private void complete(ObjectNode operation, Route route) {
        if (operation.path("summary").asText("").isEmpty()) {
            operation.put("summary", route.does());
        }
        if (!operation.path("tags").elements().hasNext()) {
            operation.putArray("tags").add(route.service());
        }
        var id = operation.path("operationId").asText("");
        if (!id.isEmpty() && !operationIds.add(id)) {
            var own = route.service() + capitalized(id);
            operationIds.add(own);
            operation.put("operationId", own);
        }
        operation.putArray("security").addObject().putArray("token");
        var roles = operation.putArray("x-roles");
        RouteTable.ALL_ROLES.stream().filter(route.roles()::contains).forEach(roles::add);
        var responses = operation.withObject("/responses");
        for (var response : responses.properties()) {
            if (response.getValue() instanceof ObjectNode object
                    && !object.has("description")
                    && !object.has("$ref")) {
                object.put("description", meaning(response.getKey()));
            }
        }
        for (var status : List.of("401", "403", "429", "503")) {
            var present = responses.path(status);
            if (!present.has("content") && !present.has("$ref")) {
                responses.putObject(status).put("$ref", COMPONENTS + "responses/Problem" + status);
            }
        }
        if (!responses.has("default")) {
            responses.putObject("default").put("$ref", COMPONENTS + "responses/Problem");
        }
    }

    /** What a status says by itself, where its service says nothing. */
    private static String meaning(String status) {
        return status.matches("[1-5][0-9][0-9]")
                ? HttpResponseStatus.valueOf(Integer.parseInt(status)).reasonPhrase()
                : "Answered";
    }

    /** A copy in which references to renamed components have the new names. */
    private JsonNode withReferencesOf(String service, JsonNode node) {
        var names = renamed.getOrDefault(service, Map.of());
        if (node.isObject()) {
            var copy = NODES.objectNode();
            for (var property : node.properties()) {
                var value = property.getValue();
                boolean isReference = property.getKey().equals("$ref") && value.isTextual();
                copy.set(
                        property.getKey(),
                        isReference
                                ? TextNode.valueOf(newReference(names, value.asText()))
                                : withReferencesOf(service, value));
            }
            return copy;
        }
        if (node.isArray()) {
            var copy = NODES.arrayNode();
            node.forEach(element -> copy.add(withReferencesOf(service, element)));
            return copy;
        }
        return node;
    }

    private static String newReference(Map<String, String> names, String reference) {
        if (!reference.startsWith(COMPONENTS)) {
            return reference;
        }
        var old = reference.substring(COMPONENTS.length());
        var name = names.get(old);
        return name == null
                ? reference
                : COMPONENTS + old.substring(0, old.indexOf('/') + 1) + name;
    }

    /** Services describe routes that are not public: what only those need goes. */
    private void dropUnusedComponents() {
        var used = new HashSet<String>();
        collect(merged.path("paths"), used);
        var components = merged.withObject("/components");
        for (var kind : KINDS) {
            if (components.path(kind) instanceof ObjectNode present) {
                var all = new ArrayList<String>();
                present.fieldNames().forEachRemaining(all::add);
                all.stream()
                        .filter(name -> !used.contains(kind + "/" + name))
                        .forEach(present::remove);
                if (present.isEmpty()) {
                    components.remove(kind);
                }
            }
        }
    }

    private void collect(JsonNode node, Set<String> used) {
        var reference = node.path("$ref").asText("");
        if (reference.startsWith(COMPONENTS)
                && used.add(reference.substring(COMPONENTS.length()))) {
            collect(merged.at(reference.substring(1)), used);
        }
        var mapping = node.path("discriminator").path("mapping");
        for (var target : mapping) {
            if (target.asText().startsWith(COMPONENTS)
                    && used.add(target.asText().substring(COMPONENTS.length()))) {
                collect(merged.at(target.asText().substring(1)), used);
            }
        }
        node.forEach(child -> collect(child, used));
    }

    private static String shape(String template) {
        try {
            return PathTemplate.of(template.replaceAll("\\{[^/}]+}", "{p}")).shape();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static List<String> parameters(String template) {
        return PARAMETER.matcher(template).results().map(match -> match.group(1)).toList();
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
