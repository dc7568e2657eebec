package io.clientele.ingestion.eventtype;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.resource.DisallowSchemaLoader;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.attribute.AttributeValues;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks events' properties against their type's schema. A schema is compiled once for each version
 * of a type. Thread-safe.
 */
@Singleton
public class PropertyChecks {
    private static final JsonSchemaFactory FACTORY =
            JsonSchemaFactory.getInstance(
                    SpecVersion.VersionFlag.V202012,
                    it ->
                            it.metaSchema(
                                            JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                                                    .keyword(
                                                            new NonValidationKeyword("segmentable"))
                                                    .build())
                                    .schemaLoaders(
                                            all -> all.add(DisallowSchemaLoader.getInstance())));
    private static final SchemaValidatorsConfig CONFIGURATION =
            SchemaValidatorsConfig.builder()
                    .pathType(PathType.JSON_POINTER)
                    .formatAssertionsEnabled(true)
                    .locale(Locale.ENGLISH)
                    .build();
    private static final int MOST_ERRORS = 20;

    private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();

    /**
     * @param version of the type it was made from
     * @param schema the validator
     * @param numbers properties that conditions may name and that are numbers
     * @param lines per array property: the same of the objects in it
     */
    private record Compiled(
            long version, JsonSchema schema, Set<String> numbers, Map<String, Set<String>> lines) {}

    /**
     * Checks one event's properties.
     *
     * @param type the event's type
     * @param properties an object
     * @param errors takes what is wrong, with pointers from the event on; at most 20
     */
    public void check(RegistryRecord.EventType type, JsonNode properties, List<FieldError> errors) {
        var checks = compiled(type);
        for (var message : checks.schema().validate(properties)) {
            if (errors.size() == MOST_ERRORS) {
                return;
            }
            var place = "/properties" + message.getInstanceLocation();
            if (message.getType().equals("required")) {
                errors.add(new FieldError(place + "/" + message.getProperty(), "is required"));
            } else {
                errors.add(new FieldError(place, withoutPlace(message.getMessage())));
            }
        }
        checkNumbers(properties, checks.numbers(), "/properties", errors);
        for (var array : checks.lines().entrySet()) {
            int index = 0;
            for (var line : properties.path(array.getKey())) {
                checkNumbers(
                        line,
                        array.getValue(),
                        "/properties/" + array.getKey() + "/" + index,
                        errors);
                index++;
            }
        }
    }

    private static String withoutPlace(String message) {
        int colon = message.indexOf(": ");
        return colon >= 0 && colon < 200 && (colon == 0 || message.charAt(0) == '/')
                ? message.substring(colon + 2)
                : message;
    }

    /** What conditions can name is an exact decimal; the schema alone cannot say so cheaply. */
    private static void checkNumbers(
            JsonNode object, Set<String> names, String pointer, List<FieldError> errors) {
        for (var name : names) {
            var value = object.get(name);
            if (value != null && value.isNumber()) {
                var wrong = AttributeValues.wrongDecimal(value.decimalValue());
                if (wrong != null && errors.size() < MOST_ERRORS) {
                    errors.add(new FieldError(pointer + "/" + name, wrong));
                }
            }
        }
    }

    private Compiled compiled(RegistryRecord.EventType type) {
        // Built-in types are the same for every program: one copy serves all.
        var key = type.builtIn() ? type.type() : type.key();
        var found = compiled.get(key);
        if (found == null || found.version() != type.version()) {
            found = compile(type);
            compiled.put(key, found);
        }
        return found;
    }

    private static Compiled compile(RegistryRecord.EventType type) {
        JsonNode schema = Json.mapper().valueToTree(type.schema());
        var lines = new HashMap<String, Set<String>>();
        for (var property : schema.path("properties").properties()) {
            var numbers = numbers(property.getValue().path("items"));
            if (!numbers.isEmpty()) {
                lines.put(property.getKey(), numbers);
            }
        }
        return new Compiled(
                type.version(), FACTORY.getSchema(schema, CONFIGURATION), numbers(schema), lines);
    }

    private static Set<String> numbers(JsonNode schema) {
        var names = new HashSet<String>();
        for (var property : schema.path("properties").properties()) {
            var kind = property.getValue().path("type").asText();
            if (property.getValue().path("segmentable").asBoolean()
                    && (kind.equals("number") || kind.equals("integer"))) {
                names.add(property.getKey());
            }
        }
        return names;
    }

    /** What is wrong with a schema as such, against the meta schema of 2020-12. */
    static List<FieldError> checkSchema(JsonNode schema) {
        var errors = new ArrayList<FieldError>();
        var meta =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(SchemaLocation.of(SchemaId.V202012), CONFIGURATION);
        for (var message : meta.validate(schema)) {
            errors.add(
                    new FieldError(
                            "/schema" + message.getInstanceLocation(),
                            withoutPlace(message.getMessage())));
        }
        return errors;
    }
}
