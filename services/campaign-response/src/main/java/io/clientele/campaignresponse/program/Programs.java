package io.clientele.campaignresponse.program;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CompactedTopicReader;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.kafka.TopicCreator;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Follows the topic {@code program-registry}. Thread-safe; a look-up costs that of a map. */
@ApplicationScoped
public class Programs implements Vocabulary {
    /** Personal though the registry may not have them. */
    private static final Set<String> ALWAYS_PERSONAL =
            Set.of("name", "firstName", "lastName", "email", "phone", "street");

    private final TopicCreator creator;
    private final Set<ProgramId> known = ConcurrentHashMap.newKeySet();
    private final CompactedTopicReader<RegistryRecord> reader;

    @Inject
    Programs(KafkaSettings settings, TopicCreator creator) {
        this.creator = creator;
        reader =
                new CompactedTopicReader<>(
                        Topics.PROGRAM_REGISTRY,
                        settings,
                        value -> Json.read(value, RegistryRecord.class),
                        this::take);
    }

    /**
     * Reads the registry as it stands, then follows it. The topic must exist. Called again, it only
     * waits.
     *
     * @return whether all that stood there was read within {@code atMost}
     */
    public boolean start(Duration atMost) throws InterruptedException {
        return reader.start(atMost);
    }

    @PreDestroy
    void close() {
        reader.close();
    }

    /** Every program there is; each has its topic. */
    public Set<ProgramId> all() {
        return Set.copyOf(known);
    }

    /** Whether the program's settings have come. */
    public boolean isKnown(ProgramId program) {
        return known.contains(program);
    }

    /** The program's currency, ISO 4217. */
    public Optional<String> currency(ProgramId program) {
        return find(program + ":program", RegistryRecord.Program.class)
                .map(RegistryRecord.Program::currency);
    }

    @Override
    public boolean isAttribute(ProgramId program, String name) {
        return ALWAYS_PERSONAL.contains(name) || attribute(program, name).isPresent();
    }

    @Override
    public boolean isPersonal(ProgramId program, String name) {
        return attribute(program, name)
                .map(RegistryRecord.Attribute::personal)
                .orElse(ALWAYS_PERSONAL.contains(name));
    }

    /** The names of a type's properties; empty if the program has no such event type. */
    public Optional<Set<String>> properties(ProgramId program, String eventType) {
        return find(program + ":event-type:" + eventType, RegistryRecord.EventType.class)
                .map(type ->
                        type.schema().get("properties") instanceof Map<?, ?> properties
                                ? properties.keySet().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.toUnmodifiableSet())
                                : Set.of());
    }

    private Optional<RegistryRecord.Attribute> attribute(ProgramId program, String name) {
        return find(program + ":attribute:" + name, RegistryRecord.Attribute.class);
    }

    private <T extends RegistryRecord> Optional<T> find(String key, Class<T> type) {
        return reader.find(key).filter(type::isInstance).map(type::cast);
    }

    private void take(String key, @Nullable RegistryRecord record) {
        if (record instanceof RegistryRecord.Program program
                && !known.contains(program.program())) {
            creator.create(List.of(creator.log(Topics.campaignContactsOf(program.program()))));
            known.add(program.program());
        }
    }
}
