package io.clientele.reporting;

import io.clientele.common.kafka.BackgroundStart;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.kafka.TopicCreator;
import io.clientele.contracts.Topics;
import io.clientele.reporting.fact.FactConsumer;
import io.clientele.reporting.program.DefinedSegments;
import io.clientele.reporting.program.Programs;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What happens beside the first requests: topics, registry and definitions, then facts. Readiness
 * is down until then.
 */
@ApplicationScoped
class StartUp {
    private final BackgroundStart background;
    private final TopicCreator topics;
    private final KafkaSettings settings;
    private final Programs programs;
    private final DefinedSegments segments;
    private final FactConsumer facts;

    @Inject
    StartUp(
            BackgroundStart background,
            TopicCreator topics,
            KafkaSettings settings,
            Programs programs,
            DefinedSegments segments,
            FactConsumer facts) {
        this.background = background;
        this.topics = topics;
        this.settings = settings;
        this.programs = programs;
        this.segments = segments;
        this.facts = facts;
    }

    void start(@Observes StartupEvent event) {
        int partitions = settings.partitions();
        // All are others' topics; whoever starts first creates them, all in the same way.
        background.begin(
                List.of(
                        topics.compacted(Topics.PROGRAM_REGISTRY, 1),
                        topics.compacted(Topics.SEGMENT_DEFINITIONS, partitions),
                        topics.log(Topics.MEMBER_EVENTS),
                        topics.log(Topics.SEGMENT_MEMBERSHIPS),
                        topics.log(Topics.CAMPAIGN_CONTACTS),
                        topics.log(Topics.CAMPAIGN_RESPONSES),
                        topics.log(Topics.DEAD_LETTERS, 1)),
                Set.of(),
                this::work);
    }

    private boolean work() throws InterruptedException {
        if (!programs.start(Duration.ofSeconds(60)) || !segments.start(Duration.ofSeconds(60))) {
            return false;
        }
        facts.start();
        return true;
    }
}
