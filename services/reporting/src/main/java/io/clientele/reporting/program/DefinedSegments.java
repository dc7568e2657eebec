package io.clientele.reporting.program;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CompactedTopicReader;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows the topic {@code segment-definitions}, so that a segment nobody was ever in is known.
 * Thread-safe.
 */
@ApplicationScoped
public class DefinedSegments {
    private record Known(long revision, boolean active) {}

    private final ConcurrentMap<ProgramId, ConcurrentMap<SegmentKey, Known>> programs =
            new ConcurrentHashMap<>();
    private final CompactedTopicReader<SegmentDefinition> reader;

    @Inject
    DefinedSegments(KafkaSettings settings) {
        reader =
                new CompactedTopicReader<>(
                        Topics.SEGMENT_DEFINITIONS,
                        settings,
                        value -> Json.read(value, SegmentDefinition.class),
                        this::take);
    }

    /**
     * Reads the definitions as they stand, then follows them. The topic must exist. Called again,
     * it only waits.
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

    /** Whether the program ever defined it. */
    public boolean isDefined(ProgramId program, SegmentKey segment) {
        return of(program).containsKey(segment);
    }

    /** The keys of those that members can be in now. */
    public SortedSet<String> active(ProgramId program) {
        var keys = new TreeSet<String>();
        of(program)
                .forEach((key, known) -> {
                    if (known.active()) {
                        keys.add(key.value());
                    }
                });
        return keys;
    }

    private Map<SegmentKey, Known> of(ProgramId program) {
        var known = programs.get(program);
        return known == null ? Map.of() : known;
    }

    /** Each partition tells every revision; they are read in no common order. */
    private void take(String key, @Nullable SegmentDefinition definition) {
        if (definition != null) {
            programs.computeIfAbsent(definition.program(), unused -> new ConcurrentHashMap<>())
                    .merge(
                            definition.segment(),
                            new Known(definition.revision(), definition.active()),
                            (held, told) -> told.revision() >= held.revision() ? told : held);
        }
    }
}
