package io.clientele.common.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/**
 * Creates the topics a service writes, at its start, before anything else; one that exists is left
 * as it is.
 */
@ApplicationScoped
public class TopicCreator {
    private static final Logger LOG = Logger.getLogger(TopicCreator.class);

    private final KafkaSettings settings;

    @Inject
    TopicCreator(KafkaSettings settings) {
        this.settings = settings;
    }

    /** A log keyed by member, kept for 14 days. */
    public NewTopic log(String name) {
        return log(name, settings.partitions());
    }

    /** A log kept for 14 days. */
    public NewTopic log(String name, int partitions) {
        return new NewTopic(name, partitions, settings.replication())
                .configs(
                        Map.of(
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(Duration.ofDays(14).toMillis()),
                                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                                Long.toString(Long.MAX_VALUE)));
    }

    /** The latest record of each key, for ever. */
    public NewTopic compacted(String name, int partitions) {
        return new NewTopic(name, partitions, settings.replication())
                .configs(
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT));
    }

    /**
     * Creates what is missing; waits for the broker as long as its client does.
     *
     * @throws IllegalStateException if the broker refuses
     */
    public void create(Collection<NewTopic> topics) {
        try (var admin = settings.admin()) {
            var missing = new ArrayList<>(topics);
            var existing = admin.listTopics().names().get();
            missing.removeIf(topic -> existing.contains(topic.name()));
            for (var created : admin.createTopics(missing).values().entrySet()) {
                try {
                    created.getValue().get();
                    LOG.infof("topic created topic=%s", created.getKey());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics could not be created", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were created", e);
        }
    }
}
