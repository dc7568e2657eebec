package io.clientele.reporting.figure;

import io.clientele.contracts.ResponseKind;
import java.math.BigDecimal;
import java.util.Map;

/**
 * What became of contacts. Each kind counts contacts that were answered so at least once.
 *
 * @param contacts how many were decided
 * @param value what reaching the goal was worth, in the program's currency
 */
public record Funnel(
        long contacts,
        long sent,
        long delivered,
        long opened,
        long clicked,
        long bounced,
        long unsubscribed,
        long complained,
        long redeemed,
        long goal,
        BigDecimal value) {
    static final Funnel NONE = new Funnel(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, BigDecimal.ZERO);

    static Funnel of(long contacts, Map<ResponseKind, Long> responses, BigDecimal value) {
        return new Funnel(
                contacts,
                responses.getOrDefault(ResponseKind.SENT, 0L),
                responses.getOrDefault(ResponseKind.DELIVERED, 0L),
                responses.getOrDefault(ResponseKind.OPENED, 0L),
                responses.getOrDefault(ResponseKind.CLICKED, 0L),
                responses.getOrDefault(ResponseKind.BOUNCED, 0L),
                responses.getOrDefault(ResponseKind.UNSUBSCRIBED, 0L),
                responses.getOrDefault(ResponseKind.COMPLAINED, 0L),
                responses.getOrDefault(ResponseKind.REDEEMED, 0L),
                responses.getOrDefault(ResponseKind.GOAL, 0L),
                value);
    }

    /** Both together: a contact is of one segment and channel only. */
    Funnel plus(Funnel other) {
        return new Funnel(
                contacts + other.contacts,
                sent + other.sent,
                delivered + other.delivered,
                opened + other.opened,
                clicked + other.clicked,
                bounced + other.bounced,
                unsubscribed + other.unsubscribed,
                complained + other.complained,
                redeemed + other.redeemed,
                goal + other.goal,
                value.add(other.value));
    }
}
