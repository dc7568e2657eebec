package io.clientele.reporting.figure;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Calendar days in a zone, both ends included. A day begins at its first instant there, so that it
 * may last 23 or 25 hours.
 *
 * @param from the first day
 * @param to the last day
 * @param zone the zone of the days
 */
record Period(LocalDate from, LocalDate to, ZoneId zone) {
    Period {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("from " + from + " is after to " + to);
        }
    }

    int days() {
        return (int) ChronoUnit.DAYS.between(from, to) + 1;
    }

    /** The first instant. */
    Instant start() {
        return from.atStartOfDay(zone).toInstant();
    }

    /** The first instant after it. */
    Instant end() {
        return to.plusDays(1).atStartOfDay(zone).toInstant();
    }

    /** The single days. */
    List<Period> eachDay() {
        return cut(ReportInterval.DAY, DayOfWeek.MONDAY);
    }

    /** This in parts, ascending; the first and the last may be shorter than the interval. */
    List<Period> cut(ReportInterval interval, DayOfWeek weekStart) {
        var parts = new ArrayList<Period>();
        for (var first = from; !first.isAfter(to); ) {
            var next = interval.next(first, weekStart);
            var last = next.minusDays(1);
            parts.add(new Period(first, last.isAfter(to) ? to : last, zone));
            first = next;
        }
        return parts;
    }
}
