package io.clientele.simulator.platform;

import io.clientele.simulator.world.SimulatedEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Posts each event when it happens: at its {@code occurredAt}, some hundredths of a second later at
 * most as long as the platform answers. Thread-safe.
 */
public final class DueEvents implements AutoCloseable {
    private static final int BODY = 500;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final PlatformClient client;
    private final InstantSource clock;
    private final PriorityQueue<SimulatedEvent> waiting =
            new PriorityQueue<>(Comparator.comparing(SimulatedEvent::occurredAt));
    private final Thread thread;

    // Guarded by this.
    private int underWay;
    private long accepted;
    private @Nullable RuntimeException failure;
    private boolean closed;

    /** Starts its thread. */
    public DueEvents(PlatformClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("due-events").start(this::run);
    }

    /**
     * Takes an event to be posted when it happens.
     *
     * @throws PlatformException if posting has failed for good
     */
    public synchronized void add(SimulatedEvent event) {
        requireHealthy();
        waiting.add(event);
        notifyAll();
    }

    private void run() {
        while (true) {
            List<SimulatedEvent> due = take();
            if (due.isEmpty()) {
                return;
            }
            try {
                PlatformClient.Taken taken = client.events(due.stream().map(Json::bytes).toList());
                synchronized (this) {
                    accepted += taken.accepted();
                    if (taken.rejected() > 0) {
                        failure =
                                new PlatformException(
                                        "The platform refused events: " + taken.problems());
                    }
                    underWay = 0;
                    notifyAll();
                }
            } catch (RuntimeException failed) {
                synchronized (this) {
                    failure = failed;
                    underWay = 0;
                    notifyAll();
                }
            }
        }
    }

    /** Waits for events that are due; empty when closed or failed. */
    private synchronized List<SimulatedEvent> take() {
        while (true) {
            if (closed || failure != null) {
                return List.of();
            }
            Instant now = clock.instant();
            List<SimulatedEvent> due = new ArrayList<>();
            while (due.size() < BODY && isDue(waiting.peek(), now)) {
                due.add(waiting.remove());
            }
            if (!due.isEmpty()) {
                underWay = due.size();
                return due;
            }
            SimulatedEvent next = waiting.peek();
            long pause =
                    next == null
                            ? LONGEST_PAUSE_MILLIS
                            : Duration.between(now, next.occurredAt()).toMillis() + 1;
            if (!pause(Math.min(pause, LONGEST_PAUSE_MILLIS))) {
                return List.of();
            }
        }
    }

    private static boolean isDue(@Nullable SimulatedEvent event, Instant now) {
        return event != null && !event.occurredAt().isAfter(now);
    }

    /** False if interrupted. */
    private synchronized boolean pause(long millis) {
        try {
            wait(millis);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Waits until everything added so far is posted.
     *
     * @throws PlatformException if posting has failed for good
     */
    public synchronized void drain() {
        while (failure == null && (underWay > 0 || !waiting.isEmpty())) {
            if (!pause(LONGEST_PAUSE_MILLIS)) {
                throw new PlatformException("Interrupted while events were posted.");
            }
        }
        requireHealthy();
    }

    /** Whether everything added so far is posted. */
    public synchronized boolean isIdle() {
        return underWay == 0 && waiting.isEmpty();
    }

    /** Events taken by the platform. */
    public synchronized long accepted() {
        return accepted;
    }

    private synchronized void requireHealthy() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /** Gives up what is not due yet. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
