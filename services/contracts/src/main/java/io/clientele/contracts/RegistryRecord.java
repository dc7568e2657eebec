package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a program allows, on the compacted topic {@link Topics#PROGRAM_REGISTRY}. Every service
 * holds the latest of each key in memory. A record is whole: it stands in for the one before it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "record")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RegistryRecord.Program.class, name = "program"),
    @JsonSubTypes.Type(value = RegistryRecord.Attribute.class, name = "attribute"),
    @JsonSubTypes.Type(value = RegistryRecord.EventType.class, name = "event-type")
})
public sealed interface RegistryRecord {
    /** Whose it is. */
    ProgramId program();

    /** Orders the records of one key: a reader ignores a version older than the one it holds. */
    long version();

    /**
     * The record's key on the topic: {@code program}, then what it is, then its name, joined by
     * {@code :}.
     */
    String key();

    /**
     * A program's settings.
     *
     * @param program which
     * @param version see {@link RegistryRecord#version()}
     * @param timeZone IANA name: the zone of calendar windows, dates and birthdays
     * @param currency ISO 4217: the only currency of amounts until exchange rates exist
     * @param weekStart {@code MONDAY} to {@code SUNDAY}
     * @param openAttributes true: an unknown attribute is kept aside with a warning; false: refused
     * @param unknownMembers what an event of an unknown member id does
     * @param retention ISO 8601 period that events are kept, or null for ever
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Program(
            ProgramId program,
            long version,
            String timeZone,
            String currency,
            String weekStart,
            boolean openAttributes,
            UnknownMembers unknownMembers,
            @Nullable String retention)
            implements RegistryRecord {
        @Override
        public String key() {
            return program + ":program";
        }
    }

    /** What an event of a member id nobody has seen does. */
    enum UnknownMembers {
        /** The event makes the member. */
        @JsonProperty("create")
        CREATE,
        /** The event goes to the dead letters as {@code member-unknown}. */
        @JsonProperty("refuse")
        REFUSE
    }

    /**
     * An attribute of members.
     *
     * @param program whose
     * @param version see {@link RegistryRecord#version()}
     * @param name as in events and conditions
     * @param type {@code string number integer boolean date timestamp place strings}
     * @param kind {@code demographic geographic psychographic needs loyalty technical custom}
     * @param label for people
     * @param values the values allowed, or empty for any
     * @param required at enrollment
     * @param personal true: stays in profile
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Attribute(
            ProgramId program,
            long version,
            String name,
            String type,
            String kind,
            @Nullable String label,
            List<Object> values,
            boolean required,
            boolean personal)
            implements RegistryRecord {
        /** Takes a copy. */
        public Attribute {
            values = List.copyOf(values);
        }

        @Override
        public String key() {
            return program + ":attribute:" + name;
        }
    }

    /**
     * An event type, built-in or the program's own.
     *
     * @param program whose
     * @param version see {@link RegistryRecord#version()}
     * @param type as in events and conditions
     * @param builtIn true: part of the platform, not to be changed
     * @param schema JSON Schema 2020-12 of the event's properties; a property schema with {@code
     *     "segmentable": true} may be named in conditions, as may those of the objects in {@code
     *     items}
     */
    record EventType(
            ProgramId program,
            long version,
            String type,
            boolean builtIn,
            Map<String, Object> schema)
            implements RegistryRecord {
        /** Takes a copy. */
        public EventType {
            schema = Collections.unmodifiableMap(new LinkedHashMap<>(schema));
        }

        @Override
        public String key() {
            return program + ":event-type:" + type;
        }
    }
}
