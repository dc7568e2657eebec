package io.clientele.contracts;

import java.util.List;

/**
 * The event types that every program has. Their properties are described by JSON Schemas beside
 * this class, {@link #schemaResource(String)}.
 */
public final class EventTypes {
    /**
     * Takes an earlier event back; its properties {@code source} and {@code id} name that event.
     */
    public static final String EVENT_RETRACTED = "event.retracted";

    /** Somebody joins the program. */
    public static final String ENROLLMENT = "enrollment";

    /** Something is declared about a member. */
    public static final String PROFILE_UPDATED = "profile.updated";

    /** Every built-in type, in alphabetical order. */
    public static final List<String> BUILT_IN =
            List.of(
                    "app.opened",
                    "cart.updated",
                    ENROLLMENT,
                    EVENT_RETRACTED,
                    "feedback.given",
                    "location.visited",
                    "message.bounced",
                    "message.clicked",
                    "message.complained",
                    "message.delivered",
                    "message.opened",
                    "message.sent",
                    "message.unsubscribed",
                    "offer.received",
                    "offer.redeemed",
                    "offer.viewed",
                    "page.viewed",
                    "points.earned",
                    "points.expired",
                    "points.spent",
                    "product.viewed",
                    PROFILE_UPDATED,
                    "purchase",
                    "referral.made",
                    "return",
                    "reward.redeemed",
                    "search.performed",
                    "social.interacted",
                    "support.contacted",
                    "survey.answered",
                    "tier.changed");

    /**
     * Names that conditions derive from built-in types; no program can have a type of such a name.
     */
    public static final List<String> DERIVED =
            List.of("purchase.item", "return.item", "spend", "spend.item");

    private EventTypes() {}

    /**
     * The class path resource with the JSON Schema (2020-12) of a built-in type's properties. A
     * property with {@code "segmentable": true} may be named in conditions.
     */
    public static String schemaResource(String type) {
        return "event-types/" + type + ".schema.json";
    }
}
