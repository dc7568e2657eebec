package io.clientele.campaignresponse.status;

import java.time.Instant;
import java.util.Map;

/**
 * How this service is.
 *
 * @param freshness how old its figures are
 * @param lag records that wait to be read, by topic, and {@code outbox}: of the caller's program,
 *     that wait to be published
 */
record StatusView(Freshness freshness, Map<String, Long> lag) {
    StatusView {
        lag = Map.copyOf(lag);
    }

    /**
     * How old figures are.
     *
     * @param asOf everything published before this instant is applied
     * @param behindMillis now minus that
     */
    record Freshness(Instant asOf, long behindMillis) {}
}
