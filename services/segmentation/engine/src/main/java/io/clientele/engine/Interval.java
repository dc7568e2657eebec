package io.clientele.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time in which a member satisfies a condition: {@code [since, until)}.
 *
 * @param since the first instant; the beginning of the question if the member was already in
 * @param until the first instant out again, or null if the member is still in at the end of the
 *     question
 */
public record Interval(Instant since, @Nullable Instant until) {
    /** Checks the order. */
    public Interval {
        if (until != null && !until.isAfter(since)) {
            throw new IllegalArgumentException("until " + until + " must be after since " + since);
        }
    }
}
