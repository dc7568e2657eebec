package io.clientele.campaignresponse.campaign;

import java.time.Duration;
import java.time.Instant;

/** When members are contacted. */
public sealed interface Trigger {
    /**
     * When a member enters one of the segments.
     *
     * @param maxAge an entry that became known later than this after it happened contacts nobody
     */
    record OnEntry(Duration maxAge) implements Trigger {}

    /**
     * Once, whoever is inside then.
     *
     * @param instant when
     */
    record At(Instant instant) implements Trigger {}
}
