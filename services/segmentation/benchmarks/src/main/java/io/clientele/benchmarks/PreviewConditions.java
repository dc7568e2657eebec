package io.clientele.benchmarks;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.ProgramModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The 16 conditions that previews are measured with. */
final class PreviewConditions {
    private static final String FILE = "preview-conditions.json";

    private PreviewConditions() {}

    /** By name, in the order of the file. */
    static Map<String, Condition> read(ProgramModel model) {
        ObjectMapper mapper =
                new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        try (InputStream in = PreviewConditions.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            Map<String, Condition> conditions = new LinkedHashMap<>();
            for (JsonNode entry : mapper.readTree(in).path("conditions")) {
                conditions.put(
                        entry.path("name").textValue(),
                        Conditions.read(entry.path("condition"), model));
            }
            return conditions;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
