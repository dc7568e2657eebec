package io.clientele.ingestion;

import io.clientele.common.kafka.TopicCreator;
import io.clientele.contracts.Topics;
import io.clientele.ingestion.deadletter.DeadLetterConsumer;
import io.clientele.ingestion.importing.ImportRunner;
import io.clientele.ingestion.registry.RegistryService;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;

/** What happens before the first request: topics, programs, then the background work. */
@ApplicationScoped
class StartUp {
    private final TopicCreator topics;
    private final RegistryService registry;
    private final DeadLetterConsumer deadLetters;
    private final ImportRunner imports;

    @Inject
    StartUp(
            TopicCreator topics,
            RegistryService registry,
            DeadLetterConsumer deadLetters,
            ImportRunner imports) {
        this.topics = topics;
        this.registry = registry;
        this.deadLetters = deadLetters;
        this.imports = imports;
    }

    void start(@Observes StartupEvent event) {
        topics.create(
                List.of(
                        topics.log(Topics.MEMBER_EVENTS_RECEIVED),
                        topics.log(Topics.DEAD_LETTERS, 1),
                        topics.compacted(Topics.PROGRAM_REGISTRY, 1)));
        registry.start();
        deadLetters.start();
        imports.start();
    }
}
