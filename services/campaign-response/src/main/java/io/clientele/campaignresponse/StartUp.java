package io.clientele.campaignresponse;

import io.clientele.campaignresponse.contact.RunService;
import io.clientele.campaignresponse.outbox.OutboxPublisher;
import io.clientele.campaignresponse.program.Programs;
import io.clientele.campaignresponse.stream.FreshnessService;
import io.clientele.campaignresponse.stream.StreamConsumer;
import io.clientele.common.kafka.BackgroundStart;
import io.clientele.common.kafka.TopicCreator;
import io.clientele.contracts.Topics;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * What happens beside the first requests: own topics, others' topics, the registry, then the work.
 * Readiness is down until then.
 */
@ApplicationScoped
class StartUp {
    private final BackgroundStart background;
    private final TopicCreator topics;
    private final Programs programs;
    private final OutboxPublisher publisher;
    private final StreamConsumer consumer;
    private final RunService runs;
    private final FreshnessService freshness;

    @Inject
    StartUp(
            BackgroundStart background,
            TopicCreator topics,
            Programs programs,
            OutboxPublisher publisher,
            StreamConsumer consumer,
            RunService runs,
            FreshnessService freshness) {
        this.background = background;
        this.topics = topics;
        this.programs = programs;
        this.publisher = publisher;
        this.consumer = consumer;
        this.runs = runs;
        this.freshness = freshness;
    }

    void start(@Observes StartupEvent event) {
        var awaited = new HashSet<>(StreamConsumer.TOPICS);
        awaited.add(Topics.PROGRAM_REGISTRY);
        background.begin(
                List.of(
                        topics.log(Topics.CAMPAIGN_CONTACTS),
                        topics.log(Topics.CAMPAIGN_RESPONSES),
                        topics.log(Topics.DEAD_LETTERS, 1)),
                awaited,
                this::work);
    }

    private boolean work() throws InterruptedException {
        if (!programs.start(Duration.ofSeconds(60))) {
            return false;
        }
        publisher.start();
        consumer.start();
        runs.start(() -> freshness.now().asOf());
        return true;
    }
}
