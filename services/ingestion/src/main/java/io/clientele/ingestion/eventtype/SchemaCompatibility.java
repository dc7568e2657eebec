package io.clientele.ingestion.eventtype;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.problem.FieldError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells whether every event that was valid under one schema is valid under the next, and every
 * condition still finds its property. Allowed: more optional properties, more values of an enum,
 * fewer required properties, wider bounds, {@code segmentable} where it was not, other titles and
 * descriptions. Anything else is refused, even where it would do no harm: the rule is to be
 * understood by those who meet it.
 */
final class SchemaCompatibility {
    private static final Set<String> FREE =
            Set.of("title", "description", "$comment", "examples", "default", "$id", "$schema");
    private static final Set<String> LOWER = Set.of("minimum", "minLength", "minItems");
    private static final Set<String> UPPER = Set.of("maximum", "maxLength", "maxItems");

    private SchemaCompatibility() {}

    /** What in {@code after} is not compatible with {@code before}; empty if all is. */
    static List<FieldError> check(JsonNode before, JsonNode after) {
        var errors = new ArrayList<FieldError>();
        compare(before, after, "/schema", errors);
        return errors;
    }

    private static void compare(
            JsonNode before, JsonNode after, String pointer, List<FieldError> errors) {
        var keywords = new HashSet<String>();
        before.fieldNames().forEachRemaining(keywords::add);
        after.fieldNames().forEachRemaining(keywords::add);
        keywords.removeAll(FREE);
        keywords.stream().sorted().forEach(it -> keyword(before, after, it, pointer, errors));
    }

    private static void keyword(
            JsonNode before,
            JsonNode after,
            String keyword,
            String pointer,
            List<FieldError> errors) {
        var place = pointer + "/" + keyword;
        var old = before.path(keyword);
        var now = after.path(keyword);
        if (old.equals(now)) {
            return;
        }
        switch (keyword) {
            case "properties" -> properties(old, now, place, errors);
            case "items" -> {
                if (old.isObject() && now.isObject()) {
                    compare(old, now, place, errors);
                } else {
                    errors.add(new FieldError(place, "cannot be added or taken away"));
                }
            }
            case "required" -> subset(now, old, place, "cannot be required from now on", errors);
            case "enum" -> subset(old, now, place, "is a value that events have", errors);
            case "segmentable" -> {
                if (old.asBoolean()) {
                    errors.add(new FieldError(place, "conditions may name it: it stays true"));
                }
            }
            default -> {
                boolean wider =
                        old.isNumber()
                                && (now.isMissingNode()
                                        || now.isNumber()
                                                && (LOWER.contains(keyword)
                                                                && now.decimalValue()
                                                                                .compareTo(
                                                                                        old
                                                                                                .decimalValue())
                                                                        <= 0
                                                        || UPPER.contains(keyword)
                                                                && now.decimalValue()
                                                                                .compareTo(
                                                                                        old
                                                                                                .decimalValue())
                                                                        >= 0))
                                && (LOWER.contains(keyword) || UPPER.contains(keyword));
                if (!wider) {
                    errors.add(
                            new FieldError(
                                    place,
                                    "was "
                                            + (old.isMissingNode() ? "absent" : old)
                                            + "; events stored under it might not be valid"));
                }
            }
        }
    }

    private static void properties(
            JsonNode old, JsonNode now, String pointer, List<FieldError> errors) {
        for (var property : old.properties()) {
            var place = pointer + "/" + property.getKey();
            var replacement = now.path(property.getKey());
            if (replacement.isMissingNode()) {
                errors.add(new FieldError(place, "cannot be taken away"));
            } else {
                compare(property.getValue(), replacement, place, errors);
            }
        }
    }

    private static void subset(
            JsonNode small, JsonNode large, String pointer, String why, List<FieldError> errors) {
        if (large.isMissingNode() && pointer.endsWith("/enum")) {
            return;
        }
        var held = new HashSet<JsonNode>();
        large.forEach(held::add);
        if (small.isMissingNode() && pointer.endsWith("/enum")) {
            errors.add(new FieldError(pointer, "cannot be added: other values exist"));
            return;
        }
        for (var element : small) {
            if (!held.contains(element)) {
                errors.add(new FieldError(pointer, element + " " + why));
            }
        }
    }
}
