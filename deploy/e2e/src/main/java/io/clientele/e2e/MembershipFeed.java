package io.clientele.e2e;

import io.clientele.contracts.SegmentMembershipRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a program's topic of membership changes as a campaign engine would: with the program's own
 * principal, committed records only. One thread calls the listener with one change after another.
 */
public final class MembershipFeed implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * A change, and when it was there to be read.
     *
     * @param change what the record says
     * @param partition where it stood
     * @param offset where it stood
     * @param timestampMillis the Kafka record's timestamp
     * @param seenMillis wall clock when the consumer had it
     * @param seenNanos {@link System#nanoTime()} then
     */
    public record Seen(
            SegmentMembershipRecord.Changed change,
            int partition,
            long offset,
            long timestampMillis,
            long seenMillis,
            long seenNanos) {}

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<Seen> listener;
    private final Clock clock;
    private final Thread thread;
    private final CountDownLatch positioned = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile boolean healthy = true;

    private MembershipFeed(
            Map<String, Object> connection,
            String topic,
            boolean fromBeginning,
            Clock clock,
            Consumer<Seen> listener) {
        var settings = new HashMap<>(connection);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        this.consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.listener = listener;
        this.clock = clock;
        this.thread =
                Thread.ofPlatform()
                        .name("membership-feed")
                        .daemon()
                        .unstarted(() -> run(topic, fromBeginning));
    }

    /**
     * Starts to read.
     *
     * @param connection address and credentials
     * @param topic must exist
     * @param fromBeginning true: all of it; false: what is published from now on
     * @param listener called in the feed's thread
     */
    static MembershipFeed start(
            Map<String, Object> connection,
            String topic,
            boolean fromBeginning,
            Clock clock,
            Consumer<Seen> listener) {
        var feed = new MembershipFeed(connection, topic, fromBeginning, clock, listener);
        feed.thread.start();
        try {
            if (!feed.positioned.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                feed.close();
                throw new PlatformException(
                        "topic "
                                + topic
                                + " could not be read within "
                                + PATIENCE.toSeconds()
                                + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            feed.close();
            throw new PlatformException("interrupted while opening " + topic, e);
        }
        return feed;
    }

    private void run(String topic, boolean fromBeginning) {
        try (consumer) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .collect(Collectors.toList());
            consumer.assign(partitions);
            if (fromBeginning) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            partitions.forEach(consumer::position);
            positioned.countDown();
            while (!closed) {
                var records = consumer.poll(Duration.ofSeconds(1));
                long nanos = System.nanoTime();
                long millis = clock.millis();
                for (var record : records) {
                    listener.accept(
                            new Seen(
                                    PlatformJson.read(
                                            record.value(), SegmentMembershipRecord.Changed.class),
                                    record.partition(),
                                    record.offset(),
                                    record.timestamp(),
                                    millis,
                                    nanos));
                }
            }
        } catch (WakeupException e) {
            closed = true;
        } finally {
            healthy = false;
        }
    }

    /** Whether it still reads. */
    public boolean isHealthy() {
        return healthy;
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
