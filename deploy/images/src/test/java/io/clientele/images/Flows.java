package io.clientele.images;

import static io.clientele.images.Manifests.each;
import static io.clientele.images.Manifests.text;
import static io.clientele.images.Manifests.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which pod may open a connection to which port of which other pod, as Kubernetes evaluates network
 * policies: a pod that a policy selects may do only what some policy allows, and both ends must
 * allow it.
 */
final class Flows {
    private final Map<String, JsonNode> pods;
    private final List<JsonNode> policies;

    private Flows(Manifests manifests) {
        this.pods = manifests.pods();
        this.policies = manifests.all("NetworkPolicy");
    }

    /** Each as {@code from -> to:port}. */
    static Set<String> of(Manifests manifests) {
        return new Flows(manifests).allowed();
    }

    private Set<String> allowed() {
        Set<String> flows = new TreeSet<>();
        pods.forEach((from, sender) ->
                pods.forEach((to, receiver) ->
                        each(receiver.at("/spec/containers"))
                                .flatMap(container -> each(container.path("ports")))
                                .filter(port -> allows("Egress", sender, receiver, port))
                                .filter(port -> allows("Ingress", receiver, sender, port))
                                .forEach(port ->
                                        flows.add(
                                                from
                                                        + " -> "
                                                        + to
                                                        + ":"
                                                        + text(port, "/containerPort")))));
        return flows;
    }

    /** Whether the policies of one end let it talk with the other end over a receiver's port. */
    private boolean allows(String direction, JsonNode end, JsonNode other, JsonNode port) {
        String rules = direction.equals("Egress") ? "/spec/egress" : "/spec/ingress";
        String peers = direction.equals("Egress") ? "to" : "from";
        List<JsonNode> selecting =
                policies.stream()
                        .filter(policy -> texts(policy.at("/spec/policyTypes")).contains(direction))
                        .filter(policy -> matches(policy.at("/spec/podSelector"), end))
                        .toList();
        return selecting.isEmpty()
                || selecting.stream()
                        .flatMap(policy -> each(policy.at(rules)))
                        .anyMatch(rule ->
                                peersMatch(rule.path(peers), other)
                                        && portsMatch(rule.path("ports"), port));
    }

    /** Peers in other namespaces and address ranges are not pods of ours. */
    private static boolean peersMatch(JsonNode peers, JsonNode pod) {
        return peers.isEmpty()
                || each(peers)
                        .filter(peer -> !peer.has("namespaceSelector") && !peer.has("ipBlock"))
                        .anyMatch(peer -> matches(peer.path("podSelector"), pod));
    }

    private static boolean portsMatch(JsonNode ports, JsonNode wanted) {
        return ports.isEmpty()
                || each(ports)
                        .filter(port -> text(port, "/protocol").equals("TCP"))
                        .map(port -> port.path("port"))
                        .anyMatch(port ->
                                port.equals(wanted.path("containerPort"))
                                        || port.equals(wanted.path("name")));
    }

    private static boolean matches(JsonNode selector, JsonNode pod) {
        JsonNode labels = pod.at("/metadata/labels");
        return selector.path("matchLabels").properties().stream()
                        .allMatch(wanted -> labels.path(wanted.getKey()).equals(wanted.getValue()))
                && each(selector.path("matchExpressions"))
                        .allMatch(requirement -> holds(requirement, labels));
    }

    private static boolean holds(JsonNode requirement, JsonNode labels) {
        String label = labels.path(text(requirement, "/key")).asText();
        boolean isOneOf = texts(requirement.path("values")).contains(label);
        return switch (text(requirement, "/operator")) {
            case "In" -> isOneOf;
            case "NotIn" -> !isOneOf;
            case String other -> throw new AssertionError(other + " is not used here");
        };
    }
}
