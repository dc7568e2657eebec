package io.clientele.reporting.program;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CompactedTopicReader;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.reporting.ReportingError;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Follows the topic {@code program-registry}. Thread-safe. */
@ApplicationScoped
public class Programs {
    private final Map<ProgramId, ProgramSettings> programs = new ConcurrentHashMap<>();
    private final CompactedTopicReader<RegistryRecord> reader;

    @Inject
    Programs(KafkaSettings settings) {
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

    /**
     * How the program counts.
     *
     * @throws TransientException if the registry does not have it (yet)
     */
    public ProgramSettings require(ProgramId program) {
        var settings = programs.get(program);
        if (settings == null) {
            throw new TransientException(
                    ReportingError.PROGRAM_NOT_READY,
                    "The settings of program " + program + " have not arrived here yet.",
                    null);
        }
        return settings;
    }

    private void take(String key, @Nullable RegistryRecord record) {
        if (record instanceof RegistryRecord.Program program) {
            programs.put(
                    program.program(),
                    new ProgramSettings(
                            ZoneId.of(program.timeZone()),
                            DayOfWeek.valueOf(program.weekStart()),
                            program.currency()));
        }
    }
}
