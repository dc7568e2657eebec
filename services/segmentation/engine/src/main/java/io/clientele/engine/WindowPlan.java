package io.clientele.engine;

import io.clientele.engine.Condition.Literal;
import io.clientele.engine.Condition.Unit;
import io.clientele.engine.Condition.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A window made ready. At every instant it is a stretch of time whose ends never go back (but when
 * a member's zone changes), so that each event enters it once and leaves it once. Immutable and
 * thread-safe.
 */
abstract class WindowPlan {
    private static final long NEVER = ValueTest.NEVER;

    /** The earliest instant inside. */
    abstract long first(Frame frame);

    /** The latest instant inside, never after the frame's. */
    abstract long last(Frame frame);

    /**
     * When an event of that instant comes in, in the frame's zone; {@link ValueTest#NEVER} if it
     * does not.
     */
    abstract long enters(long at, Frame frame);

    /** When an event of that instant is out again, in the frame's zone. */
    abstract long leaves(long at, Frame frame);

    static WindowPlan of(Window window, boolean memberZone) {
        return switch (window) {
            case Window.AllTime() -> new Ago(NEVER, 0);
            case Window.Last(Duration duration) -> new Ago(duration.toMillis(), 0);
            case Window.Ago(@Nullable Duration from, Duration to) ->
                    new Ago(from == null ? NEVER : from.toMillis(), to.toMillis());
            case Window.Absolute(@Nullable Literal from, @Nullable Literal to) ->
                    new Absolute(from, to, memberZone);
            case Window.Current(Unit unit) -> new Calendar(unit, 0, memberZone);
            case Window.Previous(Unit unit) -> new Calendar(unit, 1, memberZone);
        };
    }

    /** {@code (t - from, t - to]}; {@link #NEVER} as from: no beginning. */
    static final class Ago extends WindowPlan {
        final long from;
        final long to;

        Ago(long from, long to) {
            this.from = from;
            this.to = to;
        }

        @Override
        long first(Frame frame) {
            return from == NEVER ? Long.MIN_VALUE : frame.at - from + 1;
        }

        @Override
        long last(Frame frame) {
            return frame.at - to;
        }

        @Override
        long enters(long at, Frame frame) {
            return at + to;
        }

        @Override
        long leaves(long at, Frame frame) {
            return from == NEVER ? NEVER : at + from;
        }
    }

    /** {@code [from, to)}. */
    private static final class Absolute extends WindowPlan {
        private final @Nullable Literal from;
        private final @Nullable Literal to;
        private final boolean memberZone;

        Absolute(@Nullable Literal from, @Nullable Literal to, boolean memberZone) {
            this.from = from;
            this.to = to;
            this.memberZone = memberZone;
        }

        @Override
        long first(Frame frame) {
            return from == null ? Long.MIN_VALUE : millis(from, frame);
        }

        @Override
        long last(Frame frame) {
            return to == null ? frame.at : Math.min(frame.at, millis(to, frame) - 1);
        }

        @Override
        long enters(long at, Frame frame) {
            return to != null && at >= millis(to, frame) ? NEVER : at;
        }

        @Override
        long leaves(long at, Frame frame) {
            return NEVER;
        }

        private long millis(Literal literal, Frame frame) {
            return switch (literal) {
                case Literal.Day(LocalDate day) -> frame.startOfDay(day.toEpochDay(), memberZone);
                case Literal.Moment(Instant moment) -> moment.toEpochMilli();
                case Literal.Text ignored -> throw new AssertionError(literal);
                case Literal.Number ignored -> throw new AssertionError(literal);
                case Literal.Flag ignored -> throw new AssertionError(literal);
            };
        }
    }

    /**
     * The calendar unit that holds t up to t, or the whole one that lies {@code back} units before.
     */
    private static final class Calendar extends WindowPlan {
        private final Unit unit;
        private final int back;
        private final boolean memberZone;

        Calendar(Unit unit, int back, boolean memberZone) {
            this.unit = unit;
            this.back = back;
            this.memberZone = memberZone;
        }

        @Override
        long first(Frame frame) {
            return start(frame.at, -back, frame);
        }

        @Override
        long last(Frame frame) {
            return back == 0 ? frame.at : start(frame.at, 1 - back, frame) - 1;
        }

        @Override
        long enters(long at, Frame frame) {
            return back == 0 ? at : start(at, back, frame);
        }

        @Override
        long leaves(long at, Frame frame) {
            return start(at, back + 1, frame);
        }

        /** The start of the unit so many after the one that holds an instant. */
        private long start(long at, int units, Frame frame) {
            ZoneId zone = frame.zone(memberZone);
            LocalDate today = LocalDate.ofEpochDay(Calendars.today(at, zone));
            LocalDate start =
                    Calendars.plusUnits(
                            unit, Calendars.unitStart(unit, today, frame.model.weekStart()), units);
            return Calendars.startOfDay(start.toEpochDay(), zone);
        }
    }
}
