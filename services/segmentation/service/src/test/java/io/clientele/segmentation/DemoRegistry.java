package io.clientele.segmentation;

import com.fasterxml.jackson.core.type.TypeReference;
import io.clientele.common.json.Json;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What the registry says of a program in tests: all built-in event types, two attributes. */
public final class DemoRegistry {
    private DemoRegistry() {}

    /** The settings of a program. */
    public static RegistryRecord.Program settings(ProgramId program) {
        return new RegistryRecord.Program(
                program,
                1,
                "UTC",
                "USD",
                "MONDAY",
                true,
                RegistryRecord.UnknownMembers.CREATE,
                null);
    }

    /** Everything else. */
    public static List<RegistryRecord> records(ProgramId program) {
        var records = new ArrayList<RegistryRecord>();
        for (var type : EventTypes.BUILT_IN) {
            try (var schema =
                    EventTypes.class
                            .getClassLoader()
                            .getResourceAsStream(EventTypes.schemaResource(type))) {
                records.add(
                        new RegistryRecord.EventType(
                                program,
                                1,
                                type,
                                true,
                                Json.mapper().readValue(schema, new TypeReference<>() {})));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        records.add(attribute(program, "country", "string", false));
        records.add(attribute(program, "birthDate", "date", false));
        records.add(attribute(program, "email", "string", true));
        return records;
    }

    private static RegistryRecord attribute(
            ProgramId program, String name, String type, boolean personal) {
        return new RegistryRecord.Attribute(
                program, 1, name, type, "demographic", null, List.of(), false, personal);
    }
}
