package io.clientele.ingestion.eventtype;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.IngestionError;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An event type as the API has it.
 *
 * @param type not read from a body
 * @param builtIn not read from a body
 * @param schema of the events' properties
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "An event type")
record EventTypeView(
        @Schema(readOnly = true, examples = "table.booked") @Nullable String type,
        @Schema(readOnly = true) @Nullable Boolean builtIn,
        @Schema(
                        description =
                                "JSON Schema 2020-12 of the events' properties; those with"
                                        + " \"segmentable\": true may be named in conditions",
                        type = SchemaType.OBJECT)
                @Nullable Map<String, Object> schema) {
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9][a-z0-9-]{0,30}(\\.[a-z0-9][a-z0-9-]{0,30})?");

    static EventTypeView of(RegistryRecord.EventType type) {
        return new EventTypeView(type.type(), type.builtIn(), type.schema());
    }

    /**
     * The registry's record of this.
     *
     * @throws RequestException 422 naming everything that is not valid
     */
    RegistryRecord.EventType toRecord(ProgramId program, String name, long version) {
        var errors = new ArrayList<FieldError>();
        if (!NAME.matcher(name).matches() || EventTypes.DERIVED.contains(name)) {
            errors.add(
                    new FieldError(
                            "/type",
                            "expected one or two words of a-z, 0-9 and -, joined by a dot, such as"
                                    + " table.booked, and none of "
                                    + String.join(", ", EventTypes.DERIVED)));
        }
        if (schema == null) {
            errors.add(new FieldError("/schema", "is required"));
        } else {
            SchemaRules.check(schema, errors);
        }
        if (!errors.isEmpty() || schema == null) {
            throw new RequestException(
                    IngestionError.EVENT_TYPE_INVALID, "The event type is not valid.", errors);
        }
        return new RegistryRecord.EventType(program, version, name, false, schema);
    }
}
