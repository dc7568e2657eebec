package io.clientele.profile.registry;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CompactedTopicReader;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/** The registry as {@link Topics#PROGRAM_REGISTRY} has it, held in memory. */
@ApplicationScoped
public class ProgramRegistry implements Registry {
    private static final Duration LONGEST_REFRESH = Duration.ofSeconds(5);

    private final CompactedTopicReader<RegistryRecord> reader;

    @Inject
    ProgramRegistry(KafkaSettings kafka) {
        reader =
                new CompactedTopicReader<>(
                        Topics.PROGRAM_REGISTRY,
                        kafka,
                        value -> Json.read(value, RegistryRecord.class),
                        (key, value) -> {});
    }

    /** Starts to read; the topic exists. */
    public void start() {
        reader.start();
    }

    /** True once what stood on the topic at the start has been read. */
    public boolean isCaughtUp() {
        return reader.isCaughtUp();
    }

    @PreDestroy
    void close() {
        reader.close();
    }

    @Override
    public Optional<RegistryRecord.Program> program(ProgramId program) {
        return find(program + ":program", RegistryRecord.Program.class);
    }

    @Override
    public Optional<RegistryRecord.Attribute> attribute(ProgramId program, String name) {
        return find(program + ":attribute:" + name, RegistryRecord.Attribute.class);
    }

    @Override
    public Optional<RegistryRecord.EventType> eventType(ProgramId program, String type) {
        return find(program + ":event-type:" + type, RegistryRecord.EventType.class);
    }

    @Override
    public void refresh() throws InterruptedException {
        if (!reader.refresh(LONGEST_REFRESH)) {
            throw new IllegalStateException("the program registry could not be read in time");
        }
    }

    private <T extends RegistryRecord> Optional<T> find(String key, Class<T> type) {
        return reader.find(key).filter(type::isInstance).map(type::cast);
    }
}
