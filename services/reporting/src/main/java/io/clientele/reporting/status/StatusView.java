package io.clientele.reporting.status;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How this service is.
 *
 * @param freshness how old figures are
 * @param lag records that wait to be read, by topic
 * @param rejects what was set aside
 */
record StatusView(Freshness freshness, Map<String, Long> lag, Map<String, Long> rejects) {
    StatusView {
        lag = Map.copyOf(lag);
        rejects = Map.copyOf(rejects);
    }

    /**
     * How old figures are.
     *
     * @param asOf the instant up to which every accepted event is counted; null while that is not
     *     known
     * @param behindMillis now minus that
     */
    record Freshness(@Nullable Instant asOf, @Nullable Long behindMillis) {}
}
