package io.clientele.engine;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;

/** Days and calendar units of a zone as instants in milliseconds. */
final class Calendars {
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private Calendars() {}

    /**
     * The first instant of a day; of a day or midnight that does not exist: the first instant
     * after.
     */
    static long startOfDay(long epochDay, ZoneId zone) {
        if (zone instanceof ZoneOffset offset) {
            return epochDay * MILLIS_PER_DAY - offset.getTotalSeconds() * 1000L;
        }
        return LocalDate.ofEpochDay(epochDay).atStartOfDay(zone).toInstant().toEpochMilli();
    }

    /**
     * The latest day that has begun. It is the wall's day but in the rare hour that clocks are put
     * back over a midnight: days never go back, so that every instant is in exactly one.
     */
    static long today(long millis, ZoneId zone) {
        long offsetMillis =
                zone.getRules().getOffset(Instant.ofEpochMilli(millis)).getTotalSeconds() * 1000L;
        long day = Math.floorDiv(millis + offsetMillis, MILLIS_PER_DAY);
        if (zone instanceof ZoneOffset) {
            return day;
        }
        // Only near the end of the wall's day can the next one have begun already.
        long left = MILLIS_PER_DAY - Math.floorMod(millis + offsetMillis, MILLIS_PER_DAY);
        return left <= MILLIS_PER_DAY / 4 && startOfDay(day + 1, zone) <= millis ? day + 1 : day;
    }

    static LocalDate unitStart(Condition.Unit unit, LocalDate day, DayOfWeek weekStart) {
        return switch (unit) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(weekStart));
            case MONTH -> day.withDayOfMonth(1);
            case QUARTER -> LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1);
            case YEAR -> LocalDate.of(day.getYear(), 1, 1);
        };
    }

    /**
     * The start of the unit that is {@code count} units after the one that starts on {@code start}.
     */
    static LocalDate plusUnits(Condition.Unit unit, LocalDate start, int count) {
        return switch (unit) {
            case DAY -> start.plusDays(count);
            case WEEK -> start.plusWeeks(count);
            case MONTH -> start.plusMonths(count);
            case QUARTER -> start.plusMonths(3L * count);
            case YEAR -> start.plusYears(count);
        };
    }

    /** The zone of that name, or {@code otherwise} if there is none. */
    static ZoneId zone(String name, ZoneId otherwise) {
        try {
            return ZoneId.of(name).normalized();
        } catch (DateTimeException unknown) {
            return otherwise;
        }
    }
}
