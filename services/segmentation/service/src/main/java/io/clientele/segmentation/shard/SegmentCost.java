package io.clientele.segmentation.shard;

import java.util.concurrent.atomic.LongAdder;

/**
 * What evaluating a segment takes in a partition, since the partition came here. One evaluation in
 * 64 is timed, which costs the others nothing to speak of. Thread-safe.
 */
final class SegmentCost {
    private static final long SAMPLED = 64;

    private final LongAdder evaluations = new LongAdder();
    private final LongAdder timed = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private long turn;

    /**
     * Begins an evaluation.
     *
     * @return what {@link #end} is to be given
     */
    long begin() {
        evaluations.increment();
        // Not exact with several threads, and need not be.
        return ++turn % SAMPLED == 0 ? System.nanoTime() : 0;
    }

    void end(long begun) {
        if (begun != 0) {
            timed.increment();
            nanos.add(System.nanoTime() - begun);
        }
    }

    long evaluations() {
        return evaluations.sum();
    }

    /** Estimated from those that were timed, in nanoseconds. */
    long nanos() {
        long samples = timed.sum();
        return samples == 0 ? 0 : Math.round((double) nanos.sum() / samples * evaluations.sum());
    }
}
