package io.clientele.common.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads committed records for somebody who keeps the positions himself, in the same transaction as
 * what he writes, so that a crash neither loses nor doubles a record. Kafka keeps no offsets of the
 * group. One daemon thread; one loop per group and process.
 *
 * <p>What a {@link Reader} throws is taken for transient: after a growing pause a new consumer
 * reads on at the positions that are kept, without end, and {@link #isHealthy()} is false
 * meanwhile.
 *
 * <p>A process that was killed and comes back under the same {@link KafkaSettings#instance()} takes
 * its partitions over at once (static membership).
 */
public final class PositionedLoop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PositionedLoop.class);

    /** Polls are this short until partitions are assigned: health does not wait for a record. */
    private static final Duration FIRST_POLLS = Duration.ofMillis(500);

    /**
     * How much is read at a time. A store takes many records in one transaction for far less than
     * it takes them one by one, so whoever may be a little late lets them gather.
     *
     * @param mostRecords at most so many
     * @param pace batches that are not full begin at least this far apart: under load few of many
     *     records, after quiet no delay
     */
    public record Batches(int mostRecords, Duration pace) {}

    /** What is done with records. Called in the loop's thread only. */
    public interface Reader {
        /** Where to read on, for each of these partitions: they are this loop's from now on. */
        Map<TopicPartition, Long> assigned(Collection<TopicPartition> partitions);

        /**
         * These are another's now. What was read of them is written: this is never told in the
         * middle of {@link #read}, unless the reader polls in there.
         */
        default void revoked(Collection<TopicPartition> partitions) {}

        /**
         * Writes what was read, and that it was read.
         *
         * @param records what came; empty when nothing did within the poll interval
         * @param consumer tells the positions; may be read on. When the loop is closed meanwhile,
         *     its next poll throws a {@link WakeupException}, which is let through
         * @throws InterruptedException ends the loop
         */
        void read(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer)
                throws InterruptedException;
    }

    private final String group;
    private final List<String> topics;
    private final KafkaSettings settings;
    private final Duration pollInterval;
    private final Batches batches;
    private final Map<String, Object> consumerOverrides;
    private final Reader reader;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    // Of the loop's thread, within which Kafka tells of rebalances.
    private boolean joined;
    private volatile boolean closed;
    private volatile boolean healthy;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> running;

    /**
     * Makes a loop; {@link #start()} starts it.
     *
     * @param group consumer group
     * @param topics what is read; must exist when the loop is started
     * @param settings where
     * @param pollInterval an empty batch is read this long after the last record
     * @param batches how much is read at a time
     * @param consumerOverrides consumer settings other than the platform's
     * @param reader what is done
     */
    public PositionedLoop(
            String group,
            List<String> topics,
            KafkaSettings settings,
            Duration pollInterval,
            Batches batches,
            Map<String, Object> consumerOverrides,
            Reader reader) {
        this.group = group;
        this.topics = List.copyOf(topics);
        this.settings = settings;
        this.pollInterval = pollInterval;
        this.batches = batches;
        this.consumerOverrides = Map.copyOf(consumerOverrides);
        this.reader = reader;
        this.thread = Thread.ofPlatform().name(group).daemon().unstarted(this::run);
    }

    /** Starts to read. */
    public void start() {
        thread.start();
    }

    /** False until partitions are assigned, and while the last attempt has failed. */
    public boolean isHealthy() {
        return healthy;
    }

    /** The records, in the order of their partitions. */
    public static List<ConsumerRecord<byte[], byte[]>> list(
            ConsumerRecords<byte[], byte[]> records) {
        var list = new ArrayList<ConsumerRecord<byte[], byte[]>>(records.count());
        records.forEach(list::add);
        return list;
    }

    /** Where to read on after {@code records}, which were the last that {@code consumer} polled. */
    public static Map<TopicPartition, Long> next(
            ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
        var next = new HashMap<TopicPartition, Long>();
        records.partitions()
                .forEach(partition -> next.put(partition, consumer.position(partition)));
        return next;
    }

    /** Waits for the records in hand, 5 s at most. */
    @Override
    public void close() {
        closed = true;
        closing.countDown();
        var consumer = running;
        if (consumer != null) {
            consumer.wakeup();
        }
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var pause = Backoff.standard();
        while (!closed) {
            try (var consumer = new KafkaConsumer<byte[], byte[]>(consumerSettings())) {
                running = consumer;
                joined = false;
                consumer.subscribe(topics, new Seek(consumer));
                while (!closed) {
                    var records = consumer.poll(healthy ? pollInterval : FIRST_POLLS);
                    long began = System.nanoTime();
                    reader.read(records, consumer);
                    healthy = joined;
                    pause.reset();
                    gather(records.count(), began);
                }
            } catch (WakeupException e) {
                LOG.debugf("loop stops group=%s", group);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                healthy = false;
                LOG.warnf("records not written, trying again group=%s reason=%s", group, e);
                if (!pause.sleep(() -> closed)) {
                    return;
                }
            }
        }
    }

    /** Waits for as long as the next batch is not due. */
    private void gather(int count, long began) throws InterruptedException {
        long left = batches.pace().toNanos() - (System.nanoTime() - began);
        if (count > 0 && count < batches.mostRecords() && left > 0) {
            boolean unused = closing.await(left, TimeUnit.NANOSECONDS);
        }
    }

    private Map<String, Object> consumerSettings() {
        var all = new HashMap<>(settings.consumer());
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batches.mostRecords());
        all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, group + "-" + settings.instance());
        all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        all.putAll(consumerOverrides);
        return all;
    }

    private final class Seek implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        private Seek(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            reader.revoked(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            joined = true;
            LOG.infof("partitions assigned group=%s partitions=%d", group, partitions.size());
            reader.assigned(partitions).forEach(consumer::seek);
        }
    }
}
