package io.clientele.ingestion.registry;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everything that programs allow, in memory: complete from start-up on, and up to date in the
 * process that writes as soon as the write is committed; in others of the service as soon as the
 * topic delivers it. Thread-safe.
 */
@Singleton
public class Registry {
    private final Map<ProgramId, Contents> programs = new ConcurrentHashMap<>();

    /** Takes a record over, unless a newer one of its key is held. */
    public void accept(RegistryRecord taken) {
        var contents = programs.computeIfAbsent(taken.program(), unused -> new Contents());
        switch (taken) {
            case RegistryRecord.Program it -> put(contents.settings, "", it);
            case RegistryRecord.Attribute it -> put(contents.attributes, it.name(), it);
            case RegistryRecord.EventType it -> put(contents.eventTypes, it.type(), it);
        }
    }

    /** A program's settings; the program must exist. */
    public RegistryRecord.Program program(ProgramId program) {
        var found = contents(program).settings.get("");
        if (found == null) {
            throw new IllegalStateException("program without settings program=" + program);
        }
        return found;
    }

    /** An attribute of a program. */
    public Optional<RegistryRecord.Attribute> attribute(ProgramId program, String name) {
        return Optional.ofNullable(contents(program).attributes.get(name));
    }

    /** All attributes of a program, by name. */
    public List<RegistryRecord.Attribute> attributes(ProgramId program) {
        return contents(program).attributes.values().stream()
                .sorted(Comparator.comparing(RegistryRecord.Attribute::name))
                .toList();
    }

    /** An event type of a program, built-in or its own. */
    public Optional<RegistryRecord.EventType> eventType(ProgramId program, String type) {
        return Optional.ofNullable(contents(program).eventTypes.get(type));
    }

    /** All event types of a program, by name. */
    public List<RegistryRecord.EventType> eventTypes(ProgramId program) {
        return contents(program).eventTypes.values().stream()
                .sorted(Comparator.comparing(RegistryRecord.EventType::type))
                .toList();
    }

    private Contents contents(ProgramId program) {
        return programs.computeIfAbsent(program, unused -> new Contents());
    }

    private static <T extends RegistryRecord> void put(Map<String, T> held, String name, T taken) {
        held.merge(name, taken, (old, now) -> now.version() >= old.version() ? now : old);
    }

    private static final class Contents {
        private final Map<String, RegistryRecord.Program> settings = new ConcurrentHashMap<>();
        private final Map<String, RegistryRecord.Attribute> attributes = new ConcurrentHashMap<>();
        private final Map<String, RegistryRecord.EventType> eventTypes = new ConcurrentHashMap<>();
    }
}
