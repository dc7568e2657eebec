package io.clientele.segmentation.segment;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.segmentation.SegmentationError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of PUT and PATCH, and names every place that does not fit. */
final class SegmentBodies {
    private static final Set<String> FIELDS =
            Set.of("name", "description", "condition", "strategy", "owner", "status");
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_TEXT = 4_000;

    private final List<FieldError> errors = new ArrayList<>();

    private SegmentBodies() {}

    /** A whole segment. */
    static SegmentDraft read(JsonNode body, String key) {
        var bodies = new SegmentBodies();
        var draft = bodies.draft(body, key);
        bodies.refuseErrors();
        return draft;
    }

    /** The segment with a merge patch (RFC 7396) applied to all but its condition. */
    static SegmentDraft patch(Segment segment, JsonNode patch) {
        var bodies = new SegmentBodies();
        var node = Json.mapper().createObjectNode();
        node.put("name", segment.name());
        node.put("description", segment.description());
        node.set("condition", Json.mapper().valueToTree(segment.condition()));
        node.set("strategy", Json.mapper().valueToTree(segment.strategy()));
        node.put("owner", segment.owner());
        node.put("status", segment.status().key());
        if (patch.isObject()) {
            if (patch.has("condition")) {
                bodies.errors.add(
                        new FieldError(
                                "/condition", "a condition is changed by PUT, not by PATCH"));
            }
            merge(node, (ObjectNode) patch);
        }
        var draft = bodies.draft(patch.isObject() ? node : patch, segment.key().value());
        bodies.refuseErrors();
        return draft;
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        for (var field : patch.properties()) {
            var value = field.getValue();
            if (value.isNull()) {
                target.remove(field.getKey());
            } else if (value instanceof ObjectNode inner
                    && target.get(field.getKey()) instanceof ObjectNode present) {
                merge(present, inner);
            } else if (value instanceof ObjectNode inner) {
                var made = Json.mapper().createObjectNode();
                merge(made, inner);
                target.set(field.getKey(), made);
            } else {
                target.set(field.getKey(), value);
            }
        }
    }

    private SegmentDraft draft(JsonNode body, String key) {
        if (!body.isObject()) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "A segment is a JSON object.",
                    List.of(new FieldError("", "expected an object")));
        }
        body.fieldNames()
                .forEachRemaining(name -> {
                    if (!FIELDS.contains(name)) {
                        errors.add(
                                new FieldError(
                                        "/" + name.replace("~", "~0").replace("/", "~1"),
                                        "unknown; expected one of "
                                                + String.join(
                                                        ", ", FIELDS.stream().sorted().toList())));
                    }
                });
        var condition = body.get("condition");
        if (condition == null || !condition.isObject()) {
            errors.add(new FieldError("/condition", "expected a condition, which is an object"));
        }
        var strategy = body.path("strategy");
        if (!strategy.isMissingNode() && !strategy.isNull() && !strategy.isObject()) {
            errors.add(new FieldError("/strategy", "expected an object"));
        }
        var name = text(body, "name", LONGEST_NAME);
        return new SegmentDraft(
                name == null ? key : name,
                text(body, "description", LONGEST_TEXT),
                map(condition),
                map(strategy),
                text(body, "owner", LONGEST_NAME),
                status(body),
                SegmentDraft.Nature.PLAIN);
    }

    private @Nullable String text(JsonNode body, String field, int longest) {
        var value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.asText().isBlank() || value.asText().length() > longest) {
            errors.add(new FieldError("/" + field, "expected a text of 1 to " + longest));
            return null;
        }
        return value.asText();
    }

    private @Nullable SegmentStatus status(JsonNode body) {
        var value = body.path("status");
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        for (var status : SegmentStatus.values()) {
            if (status.key().equals(value.asText().toLowerCase(Locale.ROOT))) {
                return status;
            }
        }
        errors.add(
                new FieldError(
                        "/status",
                        "expected one of draft, active, paused, archived, was " + value));
        return null;
    }

    private static Map<String, Object> map(@Nullable JsonNode node) {
        return node == null || !node.isObject()
                ? Map.of()
                : Json.mapper().convertValue(node, new TypeReference<>() {});
    }

    private void refuseErrors() {
        if (!errors.isEmpty()) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "The segment does not have the form that is expected.",
                    errors);
        }
    }
}
