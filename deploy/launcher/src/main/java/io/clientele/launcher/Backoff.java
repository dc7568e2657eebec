package io.clientele.launcher;

import java.time.Duration;

/**
 * How long to wait before a process that ended unasked is started again: at once the first time,
 * then doubling, so that a process that cannot live does not eat the machine. A life of {@link
 * #STEADY} or more is forgiven all before. Not thread-safe.
 */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofSeconds(30);
    static final Duration STEADY = Duration.ofSeconds(60);

    private int quickEnds;

    /** The pause after a process that lived for {@code life}; the first one is zero. */
    Duration after(Duration life) {
        if (life.compareTo(STEADY) >= 0) {
            quickEnds = 0;
        }
        int ends = quickEnds++;
        if (ends == 0) {
            return Duration.ZERO;
        }
        Duration pause = FIRST.multipliedBy(1L << Math.min(ends - 1, 10));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    /** How many processes in a row ended before they were steady. */
    int quickEnds() {
        return quickEnds;
    }
}
