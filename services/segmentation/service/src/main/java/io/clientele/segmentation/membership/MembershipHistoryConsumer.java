package io.clientele.segmentation.membership;

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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads committed membership changes into history. The offset is kept with what was written, so
 * that a crash neither loses nor doubles a change. What fails is tried again without end.
 */
@ApplicationScoped
public class MembershipHistoryConsumer {
    private static final String GROUP = "segmentation-history";

    private static final PositionedLoop.Batches BATCHES =
            new PositionedLoop.Batches(4_000, Duration.ofMillis(500));

    private final PositionedLoop loop;

    @Inject
    MembershipHistoryConsumer(MembershipHistoryService history, KafkaSettings settings) {
        this.loop =
                new PositionedLoop(
                        GROUP,
                        List.of(Topics.SEGMENT_MEMBERSHIPS),
                        settings,
                        Duration.ofSeconds(5),
                        BATCHES,
                        Map.of(),
                        new Changes(history));
    }

    /** Starts; the topic must exist. */
    public void start() {
        loop.start();
    }

    /** False until partitions are assigned, and while the last attempt has failed. */
    public boolean isHealthy() {
        return loop.isHealthy();
    }

    @PreDestroy
    void close() {
        loop.close();
    }

    private record Changes(MembershipHistoryService history) implements PositionedLoop.Reader {
        @Override
        public Map<TopicPartition, Long> assigned(Collection<TopicPartition> partitions) {
            return history.positions(partitions);
        }

        @Override
        public void read(
                ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
            if (!records.isEmpty()) {
                history.write(PositionedLoop.list(records), PositionedLoop.next(records, consumer));
            }
        }
    }
}
