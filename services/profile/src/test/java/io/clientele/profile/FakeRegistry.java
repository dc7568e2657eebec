package io.clientele.profile;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.profile.registry.Registry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry that a test fills; what {@link #later} takes is seen after a refresh only. */
public final class FakeRegistry implements Registry {
    private final Map<String, RegistryRecord> records = new HashMap<>();
    private final Map<String, RegistryRecord> later = new HashMap<>();
    private int refreshes;

    /** The attributes that programs have from the start, as far as tests use them. */
    public static FakeRegistry standard() {
        var registry = new FakeRegistry();
        for (var program : List.of("demo", "other")) {
            registry.program(program, true, RegistryRecord.UnknownMembers.CREATE);
            registry.attribute(program, "email", "string", true);
            registry.attribute(program, "phone", "string", true);
            registry.attribute(program, "firstName", "string", true);
            registry.attribute(program, "country", "string", false, "TH", "VN", "GB");
            registry.attribute(program, "income", "number", false);
            registry.attribute(program, "interests", "strings", false);
            registry.attribute(program, "birthDate", "date", false);
        }
        return registry;
    }

    public void program(String program, boolean open, RegistryRecord.UnknownMembers unknown) {
        put(
                records,
                new RegistryRecord.Program(
                        new ProgramId(program), 1, "UTC", "USD", "MONDAY", open, unknown, null));
    }

    public void attribute(
            String program, String name, String type, boolean personal, Object... values) {
        put(records, attributeOf(program, name, type, personal, values));
    }

    /** Defines an attribute that is seen after the next refresh. */
    public void later(String program, String name, String type) {
        put(later, attributeOf(program, name, type, false));
    }

    public int refreshes() {
        return refreshes;
    }

    @Override
    public Optional<RegistryRecord.Program> program(ProgramId program) {
        return Optional.ofNullable((RegistryRecord.Program) records.get(program + ":program"));
    }

    @Override
    public Optional<RegistryRecord.Attribute> attribute(ProgramId program, String name) {
        return Optional.ofNullable(
                (RegistryRecord.Attribute) records.get(program + ":attribute:" + name));
    }

    @Override
    public Optional<RegistryRecord.EventType> eventType(ProgramId program, String type) {
        return Optional.ofNullable(
                (RegistryRecord.EventType) records.get(program + ":event-type:" + type));
    }

    @Override
    public void refresh() {
        refreshes++;
        records.putAll(later);
    }

    private static RegistryRecord.Attribute attributeOf(
            String program, String name, String type, boolean personal, Object... values) {
        return new RegistryRecord.Attribute(
                new ProgramId(program),
                1,
                name,
                type,
                "custom",
                null,
                List.of(values),
                false,
                personal);
    }

    private static void put(Map<String, RegistryRecord> where, RegistryRecord record) {
        where.put(record.key(), record);
    }
}
