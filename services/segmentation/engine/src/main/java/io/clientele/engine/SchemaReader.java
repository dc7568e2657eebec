package io.clientele.engine;

import io.clientele.engine.ProgramModel.EventType;
import io.clientele.engine.ProgramModel.Property;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes from a JSON Schema what conditions need to know of an event type. */
final class SchemaReader {
    private SchemaReader() {}

    static EventType eventType(Map<String, ?> schema) {
        Map<String, Property> items = new HashMap<>();
        Object lines = object(schema.get("properties")).get("items");
        if (lines != null) {
            items.putAll(properties(object(object(lines).get("items"))));
        }
        Map<String, Property> properties = properties(schema);
        properties.remove("items");
        return new EventType(properties, items);
    }

    private static Map<String, Property> properties(Map<?, ?> schema) {
        Map<String, Property> properties = new HashMap<>();
        object(schema.get("properties"))
                .forEach((name, value) -> {
                    Map<?, ?> property = object(value);
                    ValueType type = type(property);
                    if (type != null) {
                        properties.put(
                                String.valueOf(name),
                                new Property(
                                        type, Boolean.TRUE.equals(property.get("segmentable"))));
                    }
                });
        return properties;
    }

    private static @Nullable ValueType type(Map<?, ?> schema) {
        return switch (typeName(schema)) {
            case "string" ->
                    switch (String.valueOf(schema.get("format"))) {
                        case "date" -> ValueType.DATE;
                        case "date-time" -> ValueType.TIMESTAMP;
                        default -> ValueType.STRING;
                    };
            case "number" -> ValueType.NUMBER;
            case "integer" -> ValueType.INTEGER;
            case "boolean" -> ValueType.BOOLEAN;
            case "array" ->
                    typeName(object(schema.get("items"))).equals("string")
                            ? ValueType.STRINGS
                            : null;
            case "object" -> {
                Map<?, ?> inner = object(schema.get("properties"));
                yield inner.containsKey("latitude") && inner.containsKey("longitude")
                        ? ValueType.PLACE
                        : null;
            }
            default -> null;
        };
    }

    /** The one type that is not null; a schema of an enumeration of texts may leave it out. */
    private static String typeName(Map<?, ?> schema) {
        Object type = schema.get("type");
        if (type instanceof List<?> several) {
            List<?> others = several.stream().filter(one -> !"null".equals(one)).toList();
            return others.size() == 1 ? String.valueOf(others.getFirst()) : "";
        }
        if (type == null
                && schema.get("enum") instanceof List<?> values
                && values.stream().allMatch(value -> value instanceof String)) {
            return "string";
        }
        return String.valueOf(type);
    }

    private static Map<?, ?> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
