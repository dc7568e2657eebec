package io.clientele.segmentation.feed;

import io.clientele.common.feed.FeedReader;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import io.clientele.segmentation.program.Programs;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A program's membership changes, committed ones only, from any position on. Each reader has a
 * consumer of its own, of no group. Thread-safe.
 */
@ApplicationScoped
public class MembershipFeed {
    /** Readers at the same time; each holds a connection to Kafka and a buffer. */
    private static final int MOST_READERS = 64;

    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaSettings settings;
    private final Programs programs;
    private final Semaphore readers = new Semaphore(MOST_READERS);
    private volatile boolean closed;

    @Inject
    MembershipFeed(KafkaSettings settings, Programs programs) {
        this.settings = settings;
        this.programs = programs;
    }

    @PreDestroy
    void close() {
        closed = true;
    }

    /** The position that {@code after} names. */
    FeedPosition position(@Nullable String after) {
        return FeedPosition.parse(after, settings.partitions());
    }

    /**
     * Reads until the reader has enough, or this service ends.
     *
     * @throws TransientException if too many read already, or the program is not known yet
     */
    void read(ProgramId program, FeedPosition from, FeedReader reader) throws IOException {
        programs.get(program);
        if (!readers.tryAcquire()) {
            throw new TransientException(
                    CommonError.UNAVAILABLE, "Too many readers of feeds at once.", null);
        }
        try (var consumer = new KafkaConsumer<byte[], byte[]>(consumerSettings())) {
            var topic = Topics.segmentMembershipsOf(program);
            List<TopicPartition> partitions =
                    IntStream.range(0, settings.partitions())
                            .mapToObj(partition -> new TopicPartition(topic, partition))
                            .toList();
            consumer.assign(partitions);
            partitions.forEach(partition ->
                    consumer.seek(partition, from.offsets().get(partition.partition())));
            follow(consumer, from, reader);
        } finally {
            readers.release();
        }
    }

    private void follow(
            KafkaConsumer<byte[], byte[]> consumer, FeedPosition from, FeedReader reader)
            throws IOException {
        var position = from;
        Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
        while (!closed) {
            boolean isAtEnd =
                    end.entrySet().stream()
                            .allMatch(
                                    entry -> consumer.position(entry.getKey()) >= entry.getValue());
            if (isAtEnd && !reader.pause(true)) {
                return;
            }
            var records = consumer.poll(isAtEnd ? POLL : Duration.ofMillis(100));
            for (ConsumerRecord<byte[], byte[]> record : records) {
                position = position.after(record.partition(), record.offset());
                var json = new String(record.value(), StandardCharsets.UTF_8);
                if (!reader.take(json, position.text())) {
                    return;
                }
            }
            if (records.isEmpty() && !reader.pause(false)) {
                return;
            }
        }
    }

    private Map<String, Object> consumerSettings() {
        var all = new HashMap<>(settings.consumer());
        // A position older than what is kept goes on with the oldest that is.
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1 << 20);
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return all;
    }
}
