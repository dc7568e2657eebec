package io.clientele.reporting.figure;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** What a series is cut into. */
enum ReportInterval {
    /** A calendar day. */
    DAY,
    /** Seven days from the program's first day of the week on. */
    WEEK,
    /** A calendar month. */
    MONTH;

    /** As callers name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The first day after the interval that holds {@code day}. */
    LocalDate next(LocalDate day, DayOfWeek weekStart) {
        return switch (this) {
            case DAY -> day.plusDays(1);
            case WEEK -> day.with(TemporalAdjusters.next(weekStart));
            case MONTH -> day.with(TemporalAdjusters.firstDayOfNextMonth());
        };
    }
}
