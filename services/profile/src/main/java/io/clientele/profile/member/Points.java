package io.clientele.profile.member;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event does to a member's points.
 *
 * @param delta earned, or less than 0
 * @param balance afterwards, if the sender said so: it is then right whatever came before
 */
record Points(BigDecimal delta, @Nullable BigDecimal balance) {
    /** The balance after this event, when it was {@code before}. */
    BigDecimal after(BigDecimal before) {
        return balance != null ? balance : before.add(delta);
    }

    /**
     * A balance after an event.
     *
     * @param moment the event
     * @param balance after it
     */
    record Balance(Moment moment, BigDecimal balance) {}

    /** The balances after each of {@code events} that touches points, in the order of time. */
    static List<Balance> balances(Collection<StoredEvent> events) {
        var sorted =
                events.stream()
                        .filter(it -> it.points() != null)
                        .sorted(Comparator.comparing(StoredEvent::moment))
                        .toList();
        var balances = new ArrayList<Balance>(sorted.size());
        var running = BigDecimal.ZERO;
        for (var event : sorted) {
            var points = event.points();
            if (points != null) {
                running = points.after(running);
                balances.add(new Balance(event.moment(), running));
            }
        }
        return balances;
    }
}
