package io.clientele.campaignresponse.campaign;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a member is decided for again.
 *
 * @param after not before this long after the decision before; zero: every time; null: never
 */
public record Reentry(@Nullable Duration after) {
    /** Once and never again. */
    public static final Reentry NEVER = new Reentry(null);

    /** Every time. */
    public static final Reentry ALWAYS = new Reentry(Duration.ZERO);

    /** Whether one decided for at {@code last}, or never, may be decided for at {@code now}. */
    public boolean allows(@Nullable Instant last, Instant now) {
        return last == null || (after != null && !last.plus(after).isAfter(now));
    }
}
