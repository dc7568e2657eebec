package io.clientele.ingestion.attribute;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.IngestionError;
import io.clientele.ingestion.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An attribute as the API has it.
 *
 * @param name not read from a body
 * @param type of its values
 * @param kind where it belongs, default {@code custom}
 * @param label for people
 * @param values those allowed, absent for any
 * @param required at enrollment, default false
 * @param personal stays in profile and cannot be used in conditions, default false
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "An attribute of members")
record AttributeView(
        @Schema(readOnly = true, examples = "country") @Nullable String name,
        @Schema(
                        enumeration = {
                            "string",
                            "number",
                            "integer",
                            "boolean",
                            "date",
                            "timestamp",
                            "place",
                            "strings"
                        })
                @Nullable String type,
        @Schema(
                        enumeration = {
                            "demographic",
                            "geographic",
                            "psychographic",
                            "needs",
                            "loyalty",
                            "technical",
                            "custom"
                        },
                        defaultValue = "custom")
                @Nullable String kind,
        @Nullable String label,
        @Schema(description = "The values allowed; absent for any") @Nullable List<Object> values,
        @Schema(description = "An enrollment must declare it", defaultValue = "false")
                @Nullable Boolean required,
        @Schema(
                        description = "Stays where members are kept; never in conditions",
                        defaultValue = "false")
                @Nullable Boolean personal) {
    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,62}");
    private static final List<String> TYPES =
            List.of(
                    "string",
                    "number",
                    "integer",
                    "boolean",
                    "date",
                    "timestamp",
                    "place",
                    "strings");
    private static final List<String> KINDS =
            List.of(
                    "demographic",
                    "geographic",
                    "psychographic",
                    "needs",
                    "loyalty",
                    "technical",
                    "custom");

    static AttributeView of(RegistryRecord.Attribute attribute) {
        return new AttributeView(
                attribute.name(),
                attribute.type(),
                attribute.kind(),
                attribute.label(),
                attribute.values().isEmpty() ? null : attribute.values(),
                attribute.required(),
                attribute.personal());
    }

    /**
     * The registry's record of this.
     *
     * @throws RequestException 422 naming every field that is not valid
     */
    RegistryRecord.Attribute toRecord(ProgramId program, String name, long version) {
        var errors = new ArrayList<FieldError>();
        if (!NAME.matcher(name).matches() || name.equals("age")) {
            errors.add(
                    new FieldError(
                            "/name",
                            "expected a letter a-z, then up to 62 letters and digits, and not"
                                    + " \"age\", which follows from birthDate; was \""
                                    + name
                                    + "\""));
        }
        check(errors, "/type", type, TYPES);
        if (kind != null) {
            check(errors, "/kind", kind, KINDS);
        }
        if (label != null && label.length() > 256) {
            errors.add(new FieldError("/label", "expected at most 256 characters"));
        }
        var allowed = values == null ? List.of() : values;
        if (allowed.size() > 1000) {
            errors.add(new FieldError("/values", "expected at most 1000, were " + allowed.size()));
        }
        if (errors.isEmpty() && !allowed.isEmpty()) {
            var element = Objects.equals(type, "strings") ? "string" : String.valueOf(type);
            AttributeValues.checkAllowed(element, allowed, errors);
        }
        if (!errors.isEmpty()) {
            throw new RequestException(
                    IngestionError.ATTRIBUTE_INVALID, "The attribute is not valid.", errors);
        }
        return new RegistryRecord.Attribute(
                program,
                version,
                name,
                Objects.requireNonNull(type),
                kind == null ? "custom" : kind,
                label,
                allowed,
                required != null && required,
                personal != null && personal);
    }

    private static void check(
            List<FieldError> errors, String pointer, @Nullable String value, List<String> valid) {
        if (value == null || !valid.contains(value)) {
            errors.add(
                    new FieldError(
                            pointer,
                            "expected one of "
                                    + String.join(", ", valid)
                                    + (value == null
                                            ? ", was absent"
                                            : ", was \""
                                                    + value
                                                    + "\"."
                                                    + Suggestions.nearest(value, valid))));
        }
    }
}
