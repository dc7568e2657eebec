package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;

/** The JSON Schema of conditions as it is published. */
final class PublishedSchema {
    private static final JsonSchema SCHEMA = read("/schemas/segment-condition.schema.json");

    private PublishedSchema() {}

    private static JsonSchema read(String resource) {
        try (InputStream in = PublishedSchema.class.getResourceAsStream(resource)) {
            JsonNode schema = Worlds.JSON.readTree(Objects.requireNonNull(in, resource));
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is wrong with the shape of a condition; empty if nothing is. */
    static Set<ValidationMessage> problems(JsonNode condition) {
        return SCHEMA.validate(condition);
    }
}
