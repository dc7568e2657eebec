package io.clientele.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.clientele.testkit.KafkaProbe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PositionedLoopIT {
    private static final int RECORDS = 100;
    private static final int KEPT = 30;

    private final String topic = "positioned-" + UUID.randomUUID();

    /** Keeps values and position, as a database does; every second write fails. */
    private static final class Store implements PositionedLoop.Reader {
        private final List<String> values = new CopyOnWriteArrayList<>();
        private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
        private final List<Boolean> healthAfterFailure = new CopyOnWriteArrayList<>();
        private final List<PositionedLoop> loop = new ArrayList<>();
        private int writes;

        @Override
        public Map<TopicPartition, Long> assigned(Collection<TopicPartition> partitions) {
            if (writes > 0) {
                healthAfterFailure.add(loop.getFirst().isHealthy());
            }
            var next = new HashMap<TopicPartition, Long>();
            partitions.forEach(
                    partition -> next.put(partition, positions.getOrDefault(partition, 0L)));
            return next;
        }

        @Override
        public void read(
                ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
            if (records.isEmpty()) {
                return;
            }
            if (++writes % 2 == 0) {
                throw new IllegalStateException("the store is away");
            }
            PositionedLoop.list(records)
                    .forEach(it -> values.add(new String(it.value(), StandardCharsets.UTF_8)));
            positions.putAll(PositionedLoop.next(records, consumer));
        }
    }

    @Test
    void goesOnAtThePositionsThatAreKeptThoughEverySecondWriteFails() {
        try (var kafka = KafkaProbe.connect()) {
            kafka.createTopic(topic, 1, Map.of());
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = ("v" + i).getBytes(StandardCharsets.UTF_8);
                kafka.send(new ProducerRecord<>(topic, "k", value));
            }
            var store = new Store();
            store.positions.put(new TopicPartition(topic, 0), (long) KEPT);
            try (var loop = loop(store)) {
                store.loop.add(loop);
                assertThat(loop.isHealthy()).isFalse();
                loop.start();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> store.values.size() >= RECORDS - KEPT && loop.isHealthy());
            }

            assertThat(store.values)
                    .containsExactlyElementsOf(
                            IntStream.range(KEPT, RECORDS).mapToObj(i -> "v" + i).toList());
            assertThat(store.healthAfterFailure).isNotEmpty().containsOnly(false);
        }
    }

    private PositionedLoop loop(PositionedLoop.Reader reader) {
        return new PositionedLoop(
                "keep-" + topic,
                List.of(topic),
                TransactionalLoopIT.settings("0"),
                Duration.ofMillis(100),
                new PositionedLoop.Batches(20, Duration.ofMillis(10)),
                Map.of(),
                reader);
    }
}
