package io.clientele.engine;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Whole years since a birth date; who is born on 29 February has a birthday on the 28th where there
 * is no 29th.
 */
final class Ages {
    private Ages() {}

    /** The age on a day, or null before birth. */
    static @Nullable Value at(Value birthDate, long today) {
        if (!(birthDate instanceof Value.Day birth) || birth.epochDay() > today) {
            return null;
        }
        return new Value.Num(years(birth.date(), LocalDate.ofEpochDay(today)) * Decimals.UNIT);
    }

    private static long years(LocalDate birth, LocalDate today) {
        long years = (long) today.getYear() - birth.getYear();
        return birth.plusYears(years).isAfter(today) ? years - 1 : years;
    }

    /** The next birthday on which the verdict over the age is another. */
    static long next(Value birthDate, ValueTest test, Frame frame, boolean memberZone) {
        if (!(birthDate instanceof Value.Day birth)) {
            return ValueTest.NEVER;
        }
        long today = frame.today(memberZone);
        Value age = at(birth, today);
        if (!(age instanceof Value.Num(long scaled))) {
            return frame.startOfDay(birth.epochDay(), memberZone);
        }
        if (!(test instanceof ValueTest.Numeric numeric)) {
            return ValueTest.NEVER;
        }
        boolean verdict = numeric.testNumber(scaled);
        long last = Math.min(numeric.largestBound() / Decimals.UNIT + 2, 10_000);
        for (long years = scaled / Decimals.UNIT + 1; years <= last; years++) {
            if (numeric.testNumber(years * Decimals.UNIT) != verdict) {
                return frame.startOfDay(birth.date().plusYears(years).toEpochDay(), memberZone);
            }
        }
        return ValueTest.NEVER;
    }
}
