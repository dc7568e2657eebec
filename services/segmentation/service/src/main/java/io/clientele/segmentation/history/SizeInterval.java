package io.clientele.segmentation.history;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** What a history of sizes is cut into; calendar units of the program's zone. */
enum SizeInterval {
    HOUR,
    DAY,
    /** From the program's first day of the week on. */
    WEEK,
    MONTH;

    /** As callers name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The begin of the interval that holds {@code at}. */
    ZonedDateTime begin(ZonedDateTime at, DayOfWeek weekStart) {
        return switch (this) {
            case HOUR -> at.truncatedTo(ChronoUnit.HOURS);
            case DAY -> day(at);
            case WEEK -> day(at.with(TemporalAdjusters.previousOrSame(weekStart)));
            case MONTH -> day(at.with(TemporalAdjusters.firstDayOfMonth()));
        };
    }

    /** The begin of an interval some intervals after one that begins at {@code begin}. */
    ZonedDateTime plus(ZonedDateTime begin, long count) {
        return switch (this) {
            case HOUR -> begin.plusHours(count);
            case DAY -> day(begin.plusDays(count));
            case WEEK -> day(begin.plusWeeks(count));
            case MONTH -> day(begin.plusMonths(count));
        };
    }

    /** A midnight that does not exist is the first instant after. */
    private static ZonedDateTime day(ZonedDateTime at) {
        return at.toLocalDate().atTime(LocalTime.MIN).atZone(at.getZone());
    }
}
