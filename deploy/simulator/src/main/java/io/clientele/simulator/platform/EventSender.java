package io.clientele.simulator.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends many events: several bodies at a time, the events of one member one after the other.
 *
 * <p>One thread calls {@link #add} and then {@link #close}, which waits for the last answer. The
 * counts may be read from any thread.
 */
public final class EventSender implements AutoCloseable {
    private static final int BODY = 500;
    private static final int AHEAD = 4 * BODY;
    private static final byte[] END = new byte[0];

    private final PlatformClient client;
    private final List<BlockingQueue<byte[]>> lanes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final long nanosAnEvent;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final List<String> problems = new ArrayList<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final long started = System.nanoTime();
    private long added;

    /**
     * Starts its threads.
     *
     * @param parallel bodies under way at most
     * @param rate events a second at most; 0 for as many as go
     */
    public EventSender(PlatformClient client, int parallel, int rate) {
        this.client = client;
        this.nanosAnEvent = rate == 0 ? 0 : 1_000_000_000L / rate;
        for (int lane = 0; lane < parallel; lane++) {
            BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(AHEAD);
            lanes.add(queue);
            threads.add(Thread.ofVirtual().name("event-sender-" + lane).start(() -> run(queue)));
        }
    }

    /**
     * Takes an event as a line of JSON; waits while too many are under way, or for the rate.
     *
     * @throws PlatformException if sending has failed for good
     */
    public void add(String member, byte[] line) {
        long due = started + added * nanosAnEvent;
        for (long left = due - System.nanoTime(); nanosAnEvent > 0 && left > 0; ) {
            LockSupport.parkNanos(left);
            left = due - System.nanoTime();
        }
        added++;
        put(lanes.get(Math.floorMod(member.hashCode(), lanes.size())), line);
    }

    private void put(BlockingQueue<byte[]> lane, byte[] line) {
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        try {
            lane.put(line);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PlatformException("Interrupted while sending events.", interrupted);
        }
    }

    private void run(BlockingQueue<byte[]> lane) {
        List<byte[]> body = new ArrayList<>(BODY);
        boolean isOpen = true;
        while (isOpen) {
            try {
                body.add(lane.take());
                lane.drainTo(body, BODY - 1);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
            // The end is the last of its lane.
            if (body.getLast() == END) {
                body.removeLast();
                isOpen = false;
            }
            if (!body.isEmpty() && failure.get() == null) {
                send(body);
            }
            body.clear();
        }
    }

    private void send(List<byte[]> body) {
        try {
            PlatformClient.Taken taken = client.events(body);
            accepted.addAndGet(taken.accepted());
            rejected.addAndGet(taken.rejected());
            synchronized (problems) {
                problems.addAll(taken.problems());
            }
        } catch (RuntimeException failed) {
            // Handed to the thread that adds; the lanes go on being emptied so that it is not held.
            failure.compareAndSet(null, failed);
        }
    }

    /** Events that the platform has taken durably. */
    public long accepted() {
        return accepted.get();
    }

    /** Events that it refused for good. */
    public long rejected() {
        return rejected.get();
    }

    /** Why, for the first few. */
    public List<String> problems() {
        synchronized (problems) {
            return problems.stream().limit(5).toList();
        }
    }

    /**
     * Sends what is left and waits for the last answer.
     *
     * @throws PlatformException if sending has failed for good
     */
    @Override
    public void close() {
        try {
            for (BlockingQueue<byte[]> lane : lanes) {
                lane.put(END);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PlatformException("Interrupted while sending events.", interrupted);
        }
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }
}
