package io.clientele.reporting.fact;

import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.kafka.PositionedLoop;
import io.clientele.contracts.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads committed records of all four topics into facts. The positions are kept with what was
 * written, so that a crash neither loses nor doubles a record; emptied tables are filled again from
 * the beginning. What fails is tried again without end.
 */
@ApplicationScoped
public class FactConsumer {
    private static final String GROUP = "reporting-facts";
    private static final List<String> TOPICS =
            List.of(
                    Topics.MEMBER_EVENTS,
                    Topics.SEGMENT_MEMBERSHIPS,
                    Topics.CAMPAIGN_CONTACTS,
                    Topics.CAMPAIGN_RESPONSES);

    /**
     * A campaign's results are at most two seconds old. What is read was fetched when the batch
     * before began, so it is up to two paces old.
     */
    private static final PositionedLoop.Batches BATCHES =
            new PositionedLoop.Batches(8_000, Duration.ofMillis(300));

    private final FactService facts;
    private final PositionedLoop loop;
    private volatile Map<String, Long> lag = Map.of();

    @Inject
    FactConsumer(FactService facts, KafkaSettings settings) {
        this.facts = facts;
        this.loop =
                new PositionedLoop(
                        GROUP,
                        TOPICS,
                        settings,
                        Duration.ofSeconds(5),
                        BATCHES,
                        Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20),
                        new Facts());
    }

    /** Starts; the topics must exist. */
    public void start() {
        loop.start();
    }

    /** False until partitions are assigned, and while the last attempt has failed. */
    public boolean isHealthy() {
        return loop.isHealthy();
    }

    /** Records that waited after the latest poll, by topic. */
    public Map<String, Long> lag() {
        return lag;
    }

    /** Records set aside since this process started. */
    public long refused() {
        return facts.refused();
    }

    @PreDestroy
    void close() {
        loop.close();
    }

    private static Map<String, Long> lag(Consumer<byte[], byte[]> consumer) {
        var lag = new TreeMap<String, Long>();
        for (var partition : consumer.assignment()) {
            consumer.currentLag(partition)
                    .ifPresent(records -> lag.merge(partition.topic(), records, Long::sum));
        }
        return lag;
    }

    private final class Facts implements PositionedLoop.Reader {
        @Override
        public Map<TopicPartition, Long> assigned(Collection<TopicPartition> partitions) {
            return facts.assigned(partitions);
        }

        @Override
        public void revoked(Collection<TopicPartition> partitions) {
            facts.revoked(partitions);
        }

        @Override
        public void read(
                ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
            if (records.isEmpty()) {
                return;
            }
            facts.write(PositionedLoop.list(records), PositionedLoop.next(records, consumer));
            lag = lag(consumer);
        }
    }
}
