package io.clientele.common.kafka;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Growing pauses between attempts of something that is tried without end: 100 ms, doubled up to 5
 * s. Not thread-safe.
 */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = FIRST;

    private Backoff() {}

    /** The platform's pauses. */
    public static Backoff standard() {
        return new Backoff();
    }

    /** The next attempt is the first again. */
    public void reset() {
        next = FIRST;
    }

    /** The length of the pause that is due; the one after it is longer. */
    public Duration advance() {
        var due = next;
        var doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return due;
    }

    /** Pauses, or ends early when {@code cancelled} or interrupted; says whether to go on. */
    public boolean sleep(BooleanSupplier cancelled) {
        long deadline = System.nanoTime() + advance().toNanos();
        while (!cancelled.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return true;
            }
            LockSupport.parkNanos(Math.min(left, 50_000_000L));
        }
        return false;
    }
}
