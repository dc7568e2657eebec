package io.clientele.ingestion.eventtype;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import java.util.List;
import java.util.Map;

/** What a schema of a program's own event type has to keep to. */
final class SchemaRules {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final int LONGEST = 65_536;

    private SchemaRules() {}

    /** Adds what is wrong with {@code schema}. */
    static void check(Map<String, Object> schema, List<FieldError> errors) {
        if (Json.bytes(schema).length > LONGEST) {
            errors.add(new FieldError("/schema", "expected at most 64 KiB"));
            return;
        }
        JsonNode tree = Json.mapper().valueToTree(schema);
        if (!tree.path("$schema").asText(DRAFT).equals(DRAFT)) {
            errors.add(new FieldError("/schema/$schema", "expected " + DRAFT + " or nothing"));
            return;
        }
        if (!tree.path("type").asText().equals("object")) {
            errors.add(new FieldError("/schema/type", "expected \"object\""));
        }
        checkReferences(tree, "/schema", errors);
        if (errors.isEmpty()) {
            errors.addAll(PropertyChecks.checkSchema(tree));
        }
        if (errors.isEmpty()) {
            checkSegmentable(tree, "/schema", true, errors);
        }
    }

    private static void checkReferences(JsonNode node, String pointer, List<FieldError> errors) {
        for (var keyword : List.of("$ref", "$dynamicRef")) {
            if (node.path(keyword).isTextual() && !node.path(keyword).asText().startsWith("#")) {
                errors.add(
                        new FieldError(
                                pointer + "/" + keyword,
                                "expected a reference within this schema, beginning with #"));
            }
        }
        int index = 0;
        for (var child : node) {
            if (child.isContainerNode()) {
                checkReferences(child, pointer + "/" + (node.isArray() ? index : "…"), errors);
            }
            index++;
        }
    }

    /** Conditions can name plain values, at the top and in the objects of {@code items}. */
    private static void checkSegmentable(
            JsonNode schema, String pointer, boolean top, List<FieldError> errors) {
        for (var property : schema.path("properties").properties()) {
            var place = pointer + "/properties/" + property.getKey();
            if (property.getValue().path("segmentable").asBoolean()) {
                var type = property.getValue().path("type").asText();
                if (!List.of("string", "number", "integer", "boolean").contains(type)) {
                    errors.add(
                            new FieldError(
                                    place + "/segmentable",
                                    "expected a property of type string, number, integer or"
                                            + " boolean"));
                }
            }
            if (top && property.getKey().equals("items")) {
                checkSegmentable(
                        property.getValue().path("items"), place + "/items", false, errors);
            }
        }
    }
}
