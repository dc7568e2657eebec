package io.clientele.segmentation.program;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Follows the topic {@code program-registry}; models are made when they are asked for. */
@ApplicationScoped
public class RegistryPrograms implements Programs {
    /** All records of a program; its model is made anew after each change. */
    private static final class Entry {
        private final Map<String, RegistryRecord> records = new ConcurrentHashMap<>();
        private long changes;
        private @Nullable Known known;

        private synchronized void put(String key, @Nullable RegistryRecord record) {
            if (record == null) {
                records.remove(key);
            } else {
                records.put(key, record);
            }
            changes++;
            known = null;
        }

        private synchronized Optional<Known> known(ProgramId program) {
            if (known == null
                    && records.get(program + ":program")
                            instanceof RegistryRecord.Program settings) {
                known = new Known(Programs.modelOf(settings, records.values()), changes);
            }
            return Optional.ofNullable(known);
        }
    }

    private final ProgramTopics topics;
    private final Map<ProgramId, Entry> programs = new ConcurrentHashMap<>();
    private final CompactedTopicReader<RegistryRecord> reader;

    @Inject
    RegistryPrograms(KafkaSettings settings, ProgramTopics topics) {
        this.topics = topics;
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

    @Override
    public Optional<Known> find(ProgramId program) {
        var entry = programs.get(program);
        return entry == null ? Optional.empty() : entry.known(program);
    }

    @Override
    public Set<ProgramId> all() {
        return programs.entrySet().stream()
                .filter(entry -> entry.getValue().known(entry.getKey()).isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void take(String key, @Nullable RegistryRecord record) {
        int end = key.indexOf(':');
        var program = new ProgramId(end < 0 ? key : key.substring(0, end));
        programs.computeIfAbsent(program, unused -> new Entry()).put(key, record);
        if (record instanceof RegistryRecord.Program) {
            topics.ensure(program);
        }
    }
}
