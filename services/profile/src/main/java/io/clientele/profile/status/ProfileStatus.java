package io.clientele.profile.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How profile does.
 *
 * @param freshness how old what it passed on is
 * @param lag what waits
 * @param rejects of the program of the token, since this process started
 */
public record ProfileStatus(Freshness freshness, Lag lag, Rejects rejects) {
    /**
     * How old what was passed on is.
     *
     * @param receivedThrough everything received up to then was passed on, in every partition of
     *     this process; absent before the first watermark
     * @param ageMillis now minus that
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Freshness(@Nullable Instant receivedThrough, @Nullable Long ageMillis) {}

    /**
     * What waits.
     *
     * @param toResolve received records not resolved yet
     * @param toApply resolved records not applied yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Lag(@Nullable Long toResolve, @Nullable Long toApply) {}

    /**
     * What became of events.
     *
     * @param applied taken
     * @param duplicates came again, without effect
     * @param refused went to the dead letters
     * @param unknownAttributes values kept aside
     */
    public record Rejects(long applied, long duplicates, long refused, long unknownAttributes) {}
}
