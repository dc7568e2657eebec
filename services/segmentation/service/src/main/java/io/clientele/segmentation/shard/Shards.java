package io.clientele.segmentation.shard;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** The shards that run in this process. Thread-safe. */
@ApplicationScoped
public class Shards {
    private final Map<Integer, ShardView> running = new ConcurrentSkipListMap<>();
    private final Object monitor = new Object();
    private final LongAdder published = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** A live view of them, by partition. */
    public Collection<ShardView> running() {
        return running.values();
    }

    /** Waits until a shard comes, goes or has other segments, or until {@code atMost} is over. */
    void awaitChange(Duration atMost) throws InterruptedException {
        synchronized (monitor) {
            monitor.wait(Math.max(1, atMost.toMillis()));
        }
    }

    /** Changes published since the process started; more than were committed after a failure. */
    public long published() {
        return published.sum();
    }

    /** Records set aside since the process started. */
    public long refused() {
        return refused.sum();
    }

    void countPublished() {
        published.increment();
    }

    void countRefused() {
        refused.increment();
    }

    void add(ShardView view) {
        running.put(view.partition(), view);
        signal();
    }

    void remove(ShardView view) {
        running.remove(view.partition(), view);
        signal();
    }

    void signal() {
        synchronized (monitor) {
            monitor.notifyAll();
        }
    }
}
