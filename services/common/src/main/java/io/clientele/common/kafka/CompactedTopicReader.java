package io.clientele.common.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the latest value of each key of a compacted topic in memory: reads it from its beginning at
 * start and goes on reading. It belongs to no group, so that every process sees everything. A
 * record that cannot be read is logged and passed over. Readers may come from any thread; cost of a
 * look-up is that of a map.
 *
 * @param <T> what the values are
 */
public final class CompactedTopicReader<T> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CompactedTopicReader.class);

    private final String topic;
    private final KafkaSettings settings;
    private final Function<byte[], T> decoder;
    private final BiConsumer<String, @Nullable T> listener;
    private final Map<String, T> latest = new ConcurrentHashMap<>();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread thread;
    private final Object refreshed = new Object();
    private final AtomicLong refreshesWanted = new AtomicLong();
    private volatile long refreshesDone;
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Makes a reader; {@link #start()} starts it.
     *
     * @param topic which; must exist
     * @param settings where
     * @param decoder reads a value
     * @param listener called in the reader's thread with each key and its new value, null when it
     *     was deleted
     */
    public CompactedTopicReader(
            String topic,
            KafkaSettings settings,
            Function<byte[], T> decoder,
            BiConsumer<String, @Nullable T> listener) {
        this.topic = topic;
        this.settings = settings;
        this.decoder = decoder;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name(topic + "-reader").daemon().unstarted(this::run);
    }

    /** Starts to read; called again, it does nothing. */
    public synchronized void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /**
     * {@link #start()}, and {@link #awaitCaughtUp}: reads what stands on the topic, then follows
     * it.
     *
     * @return whether all that stood there was read within {@code atMost}
     */
    public boolean start(Duration atMost) throws InterruptedException {
        start();
        return awaitCaughtUp(atMost);
    }

    /** True once everything that stood on the topic when reading began has been seen. */
    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /** Waits until {@link #isCaughtUp()}, at most {@code atMost}; says whether it came true. */
    public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
        return caughtUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until everything that stood on the topic when this was called has been seen: what is
     * missing afterwards was not there. Costs a round trip to the broker.
     *
     * @param atMost how long to wait
     * @return false if it took longer
     */
    public boolean refresh(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long mine = refreshesWanted.incrementAndGet();
        var running = consumer;
        if (running != null) {
            running.wakeup();
        }
        synchronized (refreshed) {
            while (refreshesDone < mine) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || closed) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(refreshed, left);
            }
        }
        return true;
    }

    /** The latest value of {@code key}. */
    public Optional<T> find(String key) {
        return Optional.ofNullable(latest.get(key));
    }

    /** A live, read-only view of everything. */
    public Map<String, T> all() {
        return Collections.unmodifiableMap(latest);
    }

    @Override
    public void close() {
        closed = true;
        var running = consumer;
        if (running != null) {
            running.wakeup();
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
            try (var current = new KafkaConsumer<byte[], byte[]>(settings.consumer())) {
                consumer = current;
                read(current);
            } catch (WakeupException e) {
                LOG.debugf("reader stops topic=%s", topic);
            } catch (RuntimeException e) {
                LOG.warnf("topic not readable, trying again topic=%s reason=%s", topic, e);
                if (!pause.sleep(() -> closed)) {
                    return;
                }
            }
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> current) {
        var partitions =
                current.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            // Just made: this broker has not heard of it yet.
            throw new UnknownTopicOrPartitionException(topic);
        }
        current.assign(partitions);
        current.seekToBeginning(partitions);
        long wanted = refreshesWanted.get();
        Map<TopicPartition, Long> wantedEnd = current.endOffsets(partitions);
        while (!closed) {
            try {
                if (wantedEnd.isEmpty() && refreshesWanted.get() > refreshesDone) {
                    wanted = refreshesWanted.get();
                    wantedEnd = current.endOffsets(partitions);
                }
                if (!wantedEnd.isEmpty() && hasReached(current, wantedEnd)) {
                    wantedEnd = Map.of();
                    caughtUp.countDown();
                    synchronized (refreshed) {
                        refreshesDone = Math.max(refreshesDone, wanted);
                        refreshed.notifyAll();
                    }
                    continue;
                }
                current.poll(wantedEnd.isEmpty() ? Duration.ofSeconds(30) : Duration.ofMillis(100))
                        .forEach(this::take);
            } catch (WakeupException e) {
                LOG.debugf("reader looks again topic=%s", topic);
            }
        }
    }

    private static boolean hasReached(
            KafkaConsumer<byte[], byte[]> current, Map<TopicPartition, Long> end) {
        return end.entrySet().stream()
                .allMatch(it -> current.position(it.getKey()) >= it.getValue());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        var key = new String(record.key(), StandardCharsets.UTF_8);
        try {
            if (record.value() == null) {
                latest.remove(key);
                listener.accept(key, null);
            } else {
                var value = decoder.apply(record.value());
                latest.put(key, value);
                listener.accept(key, value);
            }
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "record not readable, passed over topic=%s partition=%d offset=%d",
                    topic,
                    record.partition(),
                    record.offset());
        }
    }
}
