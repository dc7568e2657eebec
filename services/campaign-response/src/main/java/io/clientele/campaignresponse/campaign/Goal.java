package io.clientele.campaignresponse.campaign;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign is for.
 *
 * @param event the event type
 * @param where which of them, or null for all
 * @param within how long after the decision such an event counts, exclusive
 * @param value the property that says what it is worth, or null
 */
public record Goal(
        String event, @Nullable EventFilter where, Duration within, @Nullable String value) {
    /** Whether an event reaches the goal, apart from when. */
    public boolean matches(String type, Map<String, Object> properties) {
        return event.equals(type) && (where == null || where.matches(properties));
    }
}
