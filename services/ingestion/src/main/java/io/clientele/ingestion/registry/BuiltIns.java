package io.clientele.ingestion.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import io.clientele.common.json.Json;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.RegistryRecord.UnknownMembers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every program has from its beginning. */
public final class BuiltIns {
    /**
     * Version of the built-in event types: to be raised with every change of one of their schemas,
     * so that the new one takes the old one's place on the topic.
     */
    static final long EVENT_TYPES_VERSION = 1;

    private BuiltIns() {}

    /** Everything a program has from its beginning. */
    public static List<RegistryRecord> all(ProgramId program) {
        var all = new ArrayList<RegistryRecord>();
        all.add(program(program));
        all.addAll(attributes(program));
        all.addAll(eventTypes(program));
        return all;
    }

    /** The settings a program starts with. */
    static RegistryRecord.Program program(ProgramId program) {
        return new RegistryRecord.Program(
                program, 1, "UTC", "USD", "MONDAY", true, UnknownMembers.CREATE, null);
    }

    /** The built-in event types. */
    static List<RegistryRecord.EventType> eventTypes(ProgramId program) {
        return EventTypes.BUILT_IN.stream()
                .map(type ->
                        new RegistryRecord.EventType(
                                program, EVENT_TYPES_VERSION, type, true, schema(type)))
                .toList();
    }

    private static Map<String, Object> schema(String type) {
        var resource = EventTypes.schemaResource(type);
        try (var in = EventTypes.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return Json.mapper().readValue(in, new TypeReference<Map<String, Object>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /**
     * The attributes that exist without being defined. Those that identify a person stay in
     * profile.
     */
    static List<RegistryRecord.Attribute> attributes(ProgramId program) {
        var all = new ArrayList<RegistryRecord.Attribute>();
        var countries = Arrays.stream(Locale.getISOCountries()).sorted().toArray(Object[]::new);
        for (var name : List.of("firstName", "lastName", "email", "phone", "street")) {
            all.add(attribute(program, name, "string", "demographic", null, true));
        }
        all.add(attribute(program, "postalCode", "string", "geographic", null, true));
        for (var name : List.of("gender", "education", "occupation", "maritalStatus")) {
            all.add(attribute(program, name, "string", "demographic", null, false));
        }
        all.add(attribute(program, "birthDate", "date", "demographic", null, false));
        all.add(attribute(program, "income", "number", "demographic", null, false));
        all.add(attribute(program, "familySize", "integer", "demographic", null, false));
        all.add(attribute(program, "language", "string", "demographic", null, false));
        all.add(
                attribute(
                        program,
                        "country",
                        "string",
                        "geographic",
                        "ISO 3166-1 alpha-2",
                        false,
                        countries));
        for (var name : List.of("region", "city", "district", "climate")) {
            all.add(attribute(program, name, "string", "geographic", null, false));
        }
        all.add(attribute(program, "home", "place", "geographic", null, false));
        for (var name : List.of("personality", "lifestyle")) {
            all.add(attribute(program, name, "string", "psychographic", null, false));
        }
        for (var name : List.of("interests", "values", "aspirations")) {
            all.add(attribute(program, name, "strings", "psychographic", null, false));
        }
        all.add(attribute(program, "needs", "strings", "needs", null, false));
        all.add(attribute(program, "membershipType", "string", "loyalty", null, false));
        all.add(attribute(program, "favoriteStore", "string", "loyalty", null, false));
        all.add(attribute(program, "timeZone", "string", "technical", "IANA time zone", false));
        return all;
    }

    private static RegistryRecord.Attribute attribute(
            ProgramId program,
            String name,
            String type,
            String kind,
            @Nullable String label,
            boolean personal,
            Object... values) {
        return new RegistryRecord.Attribute(
                program, 1, name, type, kind, label, List.of(values), false, personal);
    }
}
