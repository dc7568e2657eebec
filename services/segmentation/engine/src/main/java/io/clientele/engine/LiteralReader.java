package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.Condition.Literal;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Reads constants: numbers, texts, times, durations. What returns null has noted why. For one
 * thread.
 */
final class LiteralReader {
    /** A program without a first day in its calendar may not appear: years of four digits only. */
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);

    private final ProgramModel model;
    private final Problems problems;

    LiteralReader(ProgramModel model, Problems problems) {
        this.model = model;
        this.problems = problems;
    }

    @Nullable Literal literal(JsonNode given, String at, ValueType type) {
        switch (type) {
            case STRING, STRINGS -> {
                String text = problems.text(given, at, "a text");
                return text == null ? null : new Literal.Text(text);
            }
            case NUMBER, INTEGER -> {
                if (!given.isNumber()) {
                    problems.add(at, "expected a number, came " + Problems.shown(given));
                    return null;
                }
                BigDecimal number = exact(given);
                if (number == null) {
                    problems.add(
                            at,
                            "expected a number of at most 6 decimal places and at most"
                                    + " 9,223,372,036,854 in size, came "
                                    + Problems.shown(given));
                    return null;
                }
                return new Literal.Number(number);
            }
            case BOOLEAN -> {
                if (!given.isBoolean()) {
                    problems.add(at, "expected true or false, came " + Problems.shown(given));
                    return null;
                }
                return new Literal.Flag(given.booleanValue());
            }
            case DATE, TIMESTAMP -> {
                return time(given, at);
            }
            case PLACE -> throw new AssertionError("places have no literals");
        }
        throw new AssertionError(type);
    }

    static @Nullable BigDecimal exact(JsonNode number) {
        if (number.isFloatingPointNumber()
                && !number.isBigDecimal()
                && !Double.isFinite(number.doubleValue())) {
            return null;
        }
        BigDecimal value = number.decimalValue();
        return Decimals.scale(value) == null ? null : value;
    }

    @Nullable Literal time(JsonNode given, String at) {
        if (given.isTextual() && given.textValue().length() <= 40) {
            String text = given.textValue();
            try {
                if (text.length() <= 10) {
                    LocalDate day = LocalDate.parse(text);
                    if (!day.isBefore(FIRST_DAY) && day.getYear() <= 9999) {
                        return new Literal.Day(day);
                    }
                } else {
                    OffsetDateTime moment = OffsetDateTime.parse(text);
                    if (moment.getYear() >= 1
                            && moment.getYear() <= 9999
                            && moment.getNano() % 1_000_000 == 0) {
                        return new Literal.Moment(moment.toInstant());
                    }
                }
            } catch (DateTimeException notATime) {
                // The problem below says what was expected.
            }
        }
        problems.add(
                at,
                "expected a date such as 2026-11-01 or a time with its offset, to the millisecond,"
                        + " such as 2026-11-01T17:15:00+07:00; came "
                        + Problems.shown(given));
        return null;
    }

    @Nullable Duration duration(JsonNode given, String at, boolean zeroAllowed, boolean wholeDays) {
        String example = wholeDays ? "P30D" : "P30D or PT12H";
        Duration duration = given.isTextual() ? Durations.parse(given.textValue()) : null;
        if (duration == null) {
            String why =
                    given.isTextual() && Durations.hasYearsOrMonths(given.textValue())
                            ? "; months and years have no fixed length: say days, or use a calendar"
                                    + " window such as {\"current\":\"month\"} or"
                                    + " {\"previous\":\"month\"}"
                            : "; at most " + Durations.format(Durations.LONGEST);
            problems.add(
                    at,
                    "expected a duration of a fixed length such as "
                            + example
                            + ", came "
                            + Problems.shown(given)
                            + why);
            return null;
        }
        if (duration.isZero() && !zeroAllowed) {
            problems.add(at, "expected a duration above zero, came " + Problems.shown(given));
            return null;
        }
        if (wholeDays && !duration.equals(Duration.ofDays(duration.toDays()))) {
            problems.add(
                    at,
                    "expected whole days such as P30D, as dates have no time; came "
                            + Problems.shown(given));
            return null;
        }
        return duration;
    }

    /** Whether the first is certainly after the second, or ({@code strictly}) not before it. */
    boolean notAscending(Literal low, Literal high, boolean strictly) {
        int order;
        if (low instanceof Literal.Number(BigDecimal first)
                && high instanceof Literal.Number(BigDecimal second)) {
            order = first.compareTo(second);
        } else {
            order = instant(low).compareTo(instant(high));
        }
        return strictly ? order >= 0 : order > 0;
    }

    private Instant instant(Literal time) {
        return switch (time) {
            case Literal.Day(LocalDate day) ->
                    Instant.ofEpochMilli(Calendars.startOfDay(day.toEpochDay(), model.zone()));
            case Literal.Moment(Instant moment) -> moment;
            default -> throw new AssertionError(time);
        };
    }

    // Small things

    @Nullable Boolean zone(JsonNode given, String at) {
        String text = given.isTextual() ? given.textValue() : "";
        if (!text.equals("member") && !text.equals("program")) {
            problems.add(at, "expected \"member\" or \"program\", came " + Problems.shown(given));
            return null;
        }
        return text.equals("member");
    }
}
