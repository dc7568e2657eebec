package io.clientele.reporting.figure;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * All segments in a period.
 *
 * @param from the first day
 * @param to the last day
 * @param timeZone the zone of the days
 * @param currency of amounts
 * @param items in the order of their keys
 * @param asOf the instant up to which every accepted event is counted
 */
public record SegmentsReport(
        LocalDate from,
        LocalDate to,
        String timeZone,
        String currency,
        List<Item> items,
        Instant asOf) {
    /** Takes a copy. */
    public SegmentsReport {
        items = List.copyOf(items);
    }

    /**
     * One segment.
     *
     * @param segment its key
     * @param figures the whole period
     */
    public record Item(String segment, @JsonUnwrapped SegmentFigures figures) {}
}
