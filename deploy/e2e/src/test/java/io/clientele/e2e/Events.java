package io.clientele.e2e;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Events as a client of the platform writes them: JSON text. */
final class Events {
    private Events() {}

    static String event(
            String source,
            String id,
            String type,
            String member,
            Instant occurredAt,
            Map<String, Object> properties) {
        var event = new TreeMap<String, Object>();
        event.put("id", id);
        event.put("type", type);
        event.put("source", source);
        event.put("member", member);
        event.put("occurredAt", occurredAt.toString());
        event.put("properties", properties);
        return PlatformJson.text(event);
    }

    /** A purchase; {@code store} is how a test tells its own events from those of others. */
    static String purchase(
            String source, String id, String member, Instant at, String amount, String store) {
        return event(
                source,
                id,
                "purchase",
                member,
                at,
                Map.of(
                        "amount",
                        new BigDecimal(amount),
                        "store",
                        store,
                        "items",
                        List.of(
                                Map.of(
                                        "sku",
                                        "sku-1",
                                        "quantity",
                                        1,
                                        "category",
                                        "shoes",
                                        "amount",
                                        new BigDecimal(amount)))));
    }

    /** A condition on purchases of one store; {@code rest} continues the leaf, or is empty. */
    static String purchasesOf(String store, String rest) {
        return "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":\""
                + store
                + "\"}"
                + (rest.isEmpty() ? "" : "," + rest)
                + "}";
    }
}
