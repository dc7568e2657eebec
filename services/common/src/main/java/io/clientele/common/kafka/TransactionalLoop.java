package io.clientele.common.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Consume, transform, produce: each batch's output and its offsets are one Kafka transaction, so
 * that a reader of committed records sees the output of each input exactly once, whatever is killed
 * in between. One thread; one loop per group and process.
 *
 * <p>What {@link Step#process} throws is taken for transient: the transaction is aborted, the same
 * batch is tried again after a growing pause, without end, and {@link #isHealthy()} is false
 * meanwhile. What can never be applied is therefore not thrown but written to the dead letters, as
 * output of the batch. A batch is never skipped.
 *
 * <p>A process that was killed and comes back under the same {@link KafkaSettings#instance()}
 * aborts what it left open and takes its partitions over at once (static membership).
 */
public final class TransactionalLoop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TransactionalLoop.class);

    /** What is done with a batch. */
    @FunctionalInterface
    public interface Step {
        /**
         * Transforms a batch. Called in the loop's thread; may be called again with the same
         * records after a failure.
         *
         * @param batch records in the order of their partitions; empty when nothing came within the
         *     poll interval
         * @param output takes what is to be written
         * @throws Exception if it has to be tried again
         */
        void process(List<ConsumerRecord<byte[], byte[]>> batch, Output output) throws Exception;
    }

    /** Takes a batch's output. Valid during {@link Step#process}. */
    public interface Output {
        /** Writes a record in the batch's transaction. */
        void send(ProducerRecord<byte[], byte[]> record);

        /** The partitions this loop has now. */
        Set<TopicPartition> assignment();

        /**
         * The offset of the next record to be read of a partition; equal to the end of the
         * partition when all of it has been read, the ends of transactions included.
         */
        long position(TopicPartition partition);
    }

    private final String group;
    private final List<String> topics;
    private final KafkaSettings settings;
    private final Duration pollInterval;
    private final Map<String, Object> consumerOverrides;
    private final Step step;
    private final Thread thread;
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    // Of the loop's thread, within which Kafka tells of rebalances.
    private boolean rebalanced;
    private volatile boolean closed;
    private volatile boolean healthy;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> running;

    /**
     * Makes a loop; {@link #start()} starts it.
     *
     * @param group consumer group, and prefix of the transactional id
     * @param topics what is read; must exist
     * @param settings where
     * @param pollInterval an empty batch is processed this long after the last record
     * @param consumerOverrides consumer settings other than the platform's, such as the size of a
     *     batch
     * @param step what is done
     */
    public TransactionalLoop(
            String group,
            List<String> topics,
            KafkaSettings settings,
            Duration pollInterval,
            Map<String, Object> consumerOverrides,
            Step step) {
        this.group = group;
        this.topics = List.copyOf(topics);
        this.settings = settings;
        this.pollInterval = pollInterval;
        this.consumerOverrides = Map.copyOf(consumerOverrides);
        this.step = step;
        this.thread = Thread.ofPlatform().name(group).unstarted(this::run);
    }

    /** Starts to read. */
    public void start() {
        thread.start();
    }

    /** False until the first poll has ended, and while the last attempt of a batch has failed. */
    public boolean isHealthy() {
        return healthy;
    }

    @Override
    public void close() {
        closed = true;
        var consumer = running;
        if (consumer != null) {
            consumer.wakeup();
        }
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var pause = Backoff.standard();
        while (!closed) {
            try (var consumer = new KafkaConsumer<byte[], byte[]>(consumerSettings());
                    var producer = new KafkaProducer<byte[], byte[]>(producerSettings())) {
                running = consumer;
                producer.initTransactions();
                consumer.subscribe(topics, new Positions());
                turn(consumer, producer, pause);
            } catch (WakeupException e) {
                LOG.debugf("loop stops group=%s", group);
            } catch (RuntimeException e) {
                healthy = false;
                LOG.warnf("loop starts again group=%s reason=%s", group, e);
                if (!pause.sleep(() -> closed)) {
                    return;
                }
            }
        }
    }

    private void turn(
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer,
            Backoff pause) {
        while (!closed) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(pollInterval);
            var batch = new ArrayList<ConsumerRecord<byte[], byte[]>>(records.count());
            records.forEach(batch::add);
            consumer.assignment()
                    .forEach(partition -> positions.put(partition, consumer.position(partition)));
            while (!closed && !attempt(consumer, producer, batch)) {
                healthy = false;
                if (!holdOn(consumer, pause.advance())) {
                    // Partitions moved on while we waited: what was read may be another's now.
                    throw new IllegalStateException("rebalanced during a failure");
                }
            }
            pause.reset();
            healthy = true;
        }
    }

    /** One transaction; says whether it was committed. Fatal errors of the producer are thrown. */
    private boolean attempt(
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer,
            List<ConsumerRecord<byte[], byte[]>> batch) {
        var output = new BatchOutput(consumer, producer);
        try {
            if (!batch.isEmpty()) {
                output.begin();
            }
            step.process(batch, output);
        } catch (WakeupException e) {
            throw e;
        } catch (Exception e) {
            LOG.warnf(
                    "batch failed, trying again group=%s records=%d reason=%s",
                    group, batch.size(), e);
            output.abort();
            return false;
        }
        if (!output.begun) {
            return true;
        }
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var record : batch) {
            var partition = new TopicPartition(record.topic(), record.partition());
            offsets.put(
                    partition,
                    new OffsetAndMetadata(positions.getOrDefault(partition, record.offset() + 1)));
        }
        ConsumerGroupMetadata member = consumer.groupMetadata();
        producer.sendOffsetsToTransaction(offsets, member);
        producer.commitTransaction();
        return true;
    }

    /**
     * Stays in the group without reading on for {@code time}; false if the group was rebalanced:
     * even partitions that came back are then no longer paused, and may have been read on.
     */
    private boolean holdOn(KafkaConsumer<byte[], byte[]> consumer, Duration time) {
        rebalanced = false;
        consumer.pause(consumer.assignment());
        long deadline = System.nanoTime() + time.toNanos();
        while (!closed && System.nanoTime() < deadline) {
            boolean nothing = consumer.poll(Duration.ofMillis(50)).isEmpty();
            if (rebalanced || !nothing) {
                return false;
            }
        }
        consumer.resume(consumer.assignment());
        return true;
    }

    private Map<String, Object> consumerSettings() {
        var all = new HashMap<>(settings.consumer());
        all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, group + "-" + settings.instance());
        all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        all.putAll(consumerOverrides);
        return all;
    }

    private Map<String, Object> producerSettings() {
        var all = new HashMap<>(settings.producer());
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + "-" + settings.instance());
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
        all.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        return all;
    }

    private final class Positions implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            rebalanced = true;
            partitions.forEach(positions::remove);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            rebalanced = true;
            LOG.infof("partitions assigned group=%s partitions=%d", group, partitions.size());
        }
    }

    private static final class BatchOutput implements Output {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final KafkaProducer<byte[], byte[]> producer;
        private boolean begun;

        private BatchOutput(
                KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
            this.consumer = consumer;
            this.producer = producer;
        }

        private void begin() {
            producer.beginTransaction();
            begun = true;
        }

        private void abort() {
            if (begun) {
                producer.abortTransaction();
            }
        }

        @Override
        public void send(ProducerRecord<byte[], byte[]> record) {
            if (!begun) {
                begin();
            }
            // A failed send fails the commit, which is where it is dealt with.
            var unused = producer.send(record);
        }

        @Override
        public Set<TopicPartition> assignment() {
            return consumer.assignment();
        }

        @Override
        public long position(TopicPartition partition) {
            return consumer.position(partition);
        }
    }
}
