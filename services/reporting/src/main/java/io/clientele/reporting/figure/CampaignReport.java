package io.clientele.reporting.figure;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;

/**
 * A campaign's funnel.
 *
 * @param campaign which
 * @param currency of values
 * @param items per segment and channel, in their order
 * @param total all of them
 * @param asOf the instant up to which every accepted event is counted
 */
public record CampaignReport(
        String campaign, String currency, List<Item> items, Funnel total, Instant asOf) {
    /** Takes a copy. */
    public CampaignReport {
        items = List.copyOf(items);
    }

    /**
     * One segment and channel.
     *
     * @param segment the members were contacted for
     * @param channel how they were contacted
     * @param funnel what became of it
     */
    public record Item(String segment, String channel, @JsonUnwrapped Funnel funnel) {}
}
