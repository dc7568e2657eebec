package io.clientele.reporting.figure;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * A segment over time.
 *
 * @param segment which
 * @param from the first day
 * @param to the last day
 * @param interval {@code day}, {@code week} or {@code month}
 * @param timeZone the zone of the days
 * @param currency of amounts
 * @param items each interval, ascending
 * @param total the whole period
 * @param asOf the instant up to which every accepted event is counted
 */
public record SegmentReport(
        String segment,
        LocalDate from,
        LocalDate to,
        String interval,
        String timeZone,
        String currency,
        List<Part> items,
        SegmentFigures total,
        Instant asOf) {
    /** Takes a copy. */
    public SegmentReport {
        items = List.copyOf(items);
    }

    /**
     * One interval.
     *
     * @param from its first day
     * @param to its last day
     * @param figures what happened in it
     */
    public record Part(LocalDate from, LocalDate to, @JsonUnwrapped SegmentFigures figures) {}
}
