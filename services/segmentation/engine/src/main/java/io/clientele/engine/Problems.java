package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.InvalidConditionException.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a condition, and the words to say it in. For one thread. */
final class Problems {
    static final int MAX_TEXT = 1_000;
    private static final int MAX_PROBLEMS = 100;

    private final List<Problem> problems = new ArrayList<>();

    /** In the order they were noted, at most 100. */
    List<Problem> all() {
        return problems;
    }

    int size() {
        return problems.size();
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    void add(String at, String detail) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new Problem(at, detail));
        }
    }

    /** A text that is not empty, or null. */
    @Nullable String text(JsonNode given, String at, String expected) {
        if (!given.isTextual() || given.textValue().isEmpty()) {
            add(at, "expected " + expected + ", not empty; came " + shown(given));
            return null;
        }
        if (given.textValue().length() > MAX_TEXT) {
            add(
                    at,
                    "expected at most "
                            + MAX_TEXT
                            + " characters, came "
                            + given.textValue().length());
            return null;
        }
        return given.textValue();
    }

    void onlyKeys(JsonNode node, String at, List<String> allowed) {
        for (String key : names(node)) {
            if (!allowed.contains(key)) {
                add(
                        child(at, key),
                        "expected nothing beside "
                                + list(allowed)
                                + ", came "
                                + quoted(key)
                                + nearest(key, allowed));
            }
        }
    }

    static String child(String at, String key) {
        return at + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static List<String> join(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    static String nearest(String name, Collection<String> candidates) {
        return NearestName.of(name, candidates)
                .map(candidate -> "; did you mean " + quoted(candidate) + "?")
                .orElse("");
    }

    static String known(String what, Set<String> names) {
        if (names.isEmpty()) {
            return "; the program has no " + what;
        }
        return names.size() <= 12 ? "; " + what + ": " + list(names) : "";
    }

    static String list(Collection<String> names) {
        return String.join(", ", names.stream().map(Problems::cut).toList());
    }

    static String quoted(String text) {
        return '"' + cut(text) + '"';
    }

    static String cut(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    static String shown(@Nullable JsonNode node) {
        if (node == null) {
            return "nothing";
        }
        return node.isValueNode() ? cut(node.toString()) : kind(node);
    }

    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "the text " + cut(node.toString());
            case NUMBER -> "the number " + cut(node.toString());
            case BOOLEAN -> node.toString();
            case NULL -> "null";
            default -> "nothing";
        };
    }
}
