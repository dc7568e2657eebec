package io.clientele.simulator.world;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * When people shop: by weekday and hour as in UCI Online Retail (whose shop is closed on
 * Saturdays), with the rise of its last quarter. Days are those of UTC.
 */
final class ShoppingCalendar {
    /** Highest value of {@link #season}. */
    static final double HIGHEST_SEASON = 1.4;

    private static final long SECONDS_OF_DAY = 86_400;
    private static final double NOON_SECONDS = 13 * 3_600;
    private static final double SPREAD_SECONDS = 2.2 * 3_600;

    /** Shares of purchases, Monday to Sunday. */
    private static final double[] WEEKDAYS = {0.1545, 0.1718, 0.1864, 0.2176, 0.1527, 0, 0.1170};

    private static final double BUSIEST = 0.2176;

    private ShoppingCalendar() {}

    /** How much is bought at this time of the year, relative to an ordinary day. */
    static double season(Instant at, boolean giftGiver) {
        int day = at.atZone(ZoneOffset.UTC).getDayOfYear();
        double beforeHolidays = Math.exp(-Math.pow((day - 330) / 30.0, 2));
        return 1 + (giftGiver ? HIGHEST_SEASON - 1 : 0.3) * beforeHolidays;
    }

    /**
     * An instant of shopping near {@code wish}: on the same day, or if that day is a poor one for
     * shopping, on another of the same week.
     */
    static Instant near(Instant wish, Draws draws) {
        LocalDate day = wish.atZone(ZoneOffset.UTC).toLocalDate();
        if (draws.uniform() > WEEKDAYS[index(day.getDayOfWeek())] / BUSIEST) {
            day = day.minusDays(index(day.getDayOfWeek())).plusDays(drawnWeekday(draws));
        }
        long second =
                Math.clamp(
                        (long) (NOON_SECONDS + SPREAD_SECONDS * draws.normal()),
                        6 * 3_600,
                        SECONDS_OF_DAY - 3_600);
        return day.atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plusSeconds(second)
                .plusMillis(draws.below(1_000));
    }

    private static int drawnWeekday(Draws draws) {
        double left = draws.uniform();
        for (int day = 0; day < WEEKDAYS.length; day++) {
            left -= WEEKDAYS[day];
            if (left < 0) {
                return day;
            }
        }
        return index(DayOfWeek.THURSDAY);
    }

    private static int index(DayOfWeek day) {
        return day.getValue() - 1;
    }

    /** The last instant of the same day, less a minute. */
    static Instant closing(Instant at) {
        return at.truncatedTo(ChronoUnit.DAYS).plusSeconds(SECONDS_OF_DAY - 60);
    }
}
