package io.clientele.segmentation;

import io.clientele.common.kafka.BackgroundStart;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.kafka.TopicCreator;
import io.clientele.contracts.Topics;
import io.clientele.segmentation.membership.MembershipHistoryConsumer;
import io.clientele.segmentation.program.RegistryPrograms;
import io.clientele.segmentation.segment.DefinitionPublisher;
import io.clientele.segmentation.shard.ShardStreams;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What happens beside the first requests: own topics, others' topics, the registry, then the work.
 * Readiness is down until then.
 */
@ApplicationScoped
class StartUp {
    /** Created by the services that write them; Kafka Streams needs them to be there. */
    private static final Set<String> AWAITED =
            Set.of(Topics.MEMBER_EVENTS, Topics.PROGRAM_REGISTRY);

    private final BackgroundStart background;
    private final TopicCreator topics;
    private final KafkaSettings settings;
    private final RegistryPrograms programs;
    private final DefinitionPublisher publisher;
    private final ShardStreams streams;
    private final MembershipHistoryConsumer history;

    @Inject
    StartUp(
            BackgroundStart background,
            TopicCreator topics,
            KafkaSettings settings,
            RegistryPrograms programs,
            DefinitionPublisher publisher,
            ShardStreams streams,
            MembershipHistoryConsumer history) {
        this.background = background;
        this.topics = topics;
        this.settings = settings;
        this.programs = programs;
        this.publisher = publisher;
        this.streams = streams;
        this.history = history;
    }

    void start(@Observes StartupEvent event) {
        int partitions = settings.partitions();
        background.begin(
                List.of(
                        topics.compacted(Topics.SEGMENT_DEFINITIONS, partitions),
                        topics.compacted(Topics.SEGMENT_OVERRIDES, partitions),
                        topics.log(Topics.SEGMENT_MEMBERSHIPS),
                        topics.compacted(Topics.MEMBER_SEGMENTS, partitions),
                        topics.log(Topics.DEAD_LETTERS, 1)),
                AWAITED,
                this::work);
    }

    private boolean work() throws InterruptedException {
        if (!programs.start(Duration.ofSeconds(60))) {
            return false;
        }
        publisher.start();
        streams.start();
        history.start();
        return true;
    }
}
