package io.clientele.profile.member;

import io.clientele.contracts.EventTypes;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a member has bought and brought back, in the program's currency.
 *
 * @param events all events, retracted ones not counted
 * @param enrollments how many of them are enrollments
 * @param purchases how many of them are purchases
 * @param purchaseAmount their sum
 * @param returns how many of them are returns
 * @param returnAmount their sum, positive
 * @param firstPurchaseAt the earliest purchase
 * @param lastPurchaseAt the latest purchase
 */
record Totals(
        long events,
        long enrollments,
        long purchases,
        BigDecimal purchaseAmount,
        long returns,
        BigDecimal returnAmount,
        @Nullable Instant firstPurchaseAt,
        @Nullable Instant lastPurchaseAt) {
    static final Totals NONE = new Totals(0, 0, 0, BigDecimal.ZERO, 0, BigDecimal.ZERO, null, null);

    /** These and one event more. */
    Totals plus(StoredEvent event) {
        var amount = amount(event);
        var at = event.occurredAt();
        boolean bought = event.type().equals(Declarations.PURCHASE);
        return new Totals(
                events + counted(event),
                enrollments + enrollment(event),
                purchases + (bought ? 1 : 0),
                bought ? purchaseAmount.add(amount) : purchaseAmount,
                returns + (isReturn(event) ? 1 : 0),
                isReturn(event) ? returnAmount.add(amount) : returnAmount,
                bought && (firstPurchaseAt == null || at.isBefore(firstPurchaseAt))
                        ? at
                        : firstPurchaseAt,
                bought && (lastPurchaseAt == null || at.isAfter(lastPurchaseAt))
                        ? at
                        : lastPurchaseAt);
    }

    /**
     * These without one event.
     *
     * @param event a part of these
     * @param rest the member's other events, to find the first and last purchase among
     */
    Totals minus(StoredEvent event, Iterable<StoredEvent> rest) {
        var amount = amount(event);
        boolean bought = event.type().equals(Declarations.PURCHASE);
        Instant first = firstPurchaseAt;
        Instant last = lastPurchaseAt;
        if (bought) {
            first = null;
            last = null;
            for (var other : rest) {
                if (other.type().equals(Declarations.PURCHASE)) {
                    var at = other.occurredAt();
                    first = first == null || at.isBefore(first) ? at : first;
                    last = last == null || at.isAfter(last) ? at : last;
                }
            }
        }
        return new Totals(
                events - counted(event),
                enrollments - enrollment(event),
                purchases - (bought ? 1 : 0),
                bought ? purchaseAmount.subtract(amount) : purchaseAmount,
                returns - (isReturn(event) ? 1 : 0),
                isReturn(event) ? returnAmount.subtract(amount) : returnAmount,
                first,
                last);
    }

    private static int counted(StoredEvent event) {
        return event.type().equals(EventTypes.EVENT_RETRACTED) ? 0 : 1;
    }

    private static boolean isReturn(StoredEvent event) {
        return event.type().equals(Declarations.RETURN);
    }

    private static int enrollment(StoredEvent event) {
        return event.type().equals(EventTypes.ENROLLMENT) ? 1 : 0;
    }

    private static BigDecimal amount(StoredEvent event) {
        var amount = event.amount();
        return amount == null ? BigDecimal.ZERO : amount;
    }
}
