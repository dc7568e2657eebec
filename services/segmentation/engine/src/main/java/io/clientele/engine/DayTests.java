package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Judges each day that an attribute has once, not each member. */
final class DayTests {
    /** No table has more days; a hundred and eighty years. */
    private static final long MOST_DAYS = 65_536;

    private static final LocalDate LEAP_DAY = LocalDate.of(2000, 2, 29);

    private DayTests() {}

    /** The first and last day that any member has. */
    record Days(long first, long last) {
        int count() {
            return (int) (last - first + 1);
        }
    }

    /** The days of an attribute; null if there are none, or too many for a table. */
    static @Nullable Days days(Snapshot snapshot, int attribute) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int i = 0; i < snapshot.blockCount(); i++) {
            AttributeStore store = snapshot.block(i).attribute(attribute);
            if (store != null) {
                first = Math.min(first, store.numbers().smallest());
                last = Math.max(last, store.numbers().largest());
            }
        }
        return last < first || last - first >= MOST_DAYS ? null : new Days(first, last);
    }

    static QueryNode table(
            int attribute,
            long inForce,
            QueryNode each,
            Days days,
            ValueTest test,
            Comparison comparison,
            Frame frame) {
        boolean[] passes = new boolean[days.count()];
        if (comparison
                        instanceof
                        Comparison.Relative(Comparison.Direction direction, Duration ahead)
                && direction == Comparison.Direction.ANNIVERSARY_WITHIN_NEXT
                && ahead.toDays() < 300) {
            Set<Integer> codes = new TreeSet<>();
            long today = frame.today(false);
            int firstYear = LocalDate.ofEpochDay(days.first()).getYear();
            int lastYear = LocalDate.ofEpochDay(days.last()).getYear();
            for (long day = today; day < today + ahead.toDays(); day++) {
                LocalDate celebrated = LocalDate.ofEpochDay(day);
                codes.add(AttributeStore.dayOfYear(celebrated));
                if (celebrated.getMonthValue() == 2 && celebrated.getDayOfMonth() == 28) {
                    codes.add(AttributeStore.dayOfYear(LEAP_DAY));
                }
                for (int year = firstYear; year <= lastYear; year++) {
                    LocalDate first = celebrated.withYear(year);
                    mark(first.toEpochDay(), days, test, frame, passes);
                    // Who was born on 29 February celebrates on the 28th in other years.
                    mark(first.toEpochDay() + 1, days, test, frame, passes);
                }
            }
            return new AttributeQuery.InTable(
                    attribute,
                    inForce,
                    each,
                    days.first(),
                    passes,
                    codes.stream().mapToInt(Integer::intValue).toArray());
        }
        for (int i = 0; i < passes.length; i++) {
            passes[i] = test.test(new Value.Day(days.first() + i), frame);
        }
        return new AttributeQuery.InTable(attribute, inForce, each, days.first(), passes, null);
    }

    private static void mark(long day, Days days, ValueTest test, Frame frame, boolean[] passes) {
        if (day >= days.first() && day <= days.last()) {
            passes[(int) (day - days.first())] = test.test(new Value.Day(day), frame);
        }
    }

    /** By birth date: the later it is, the lower the age. */
    static QueryNode age(
            int attribute, long inForce, QueryNode each, Days days, ValueTest test, Frame frame) {
        long today = frame.today(false);
        if (test instanceof ValueTest.Range range) {
            long last = days.last();
            long youngest = firstDay(days, today, age -> age < 0 || !isAtLeast(range, age)) - 1;
            long oldest = firstDay(days, today, age -> age < 0 || isAtMost(range, age));
            return new AttributeQuery.Between(
                    attribute, inForce, each, oldest, Math.min(Math.min(youngest, last), today));
        }
        boolean[] passes = new boolean[days.count()];
        for (int i = 0; i < passes.length; i++) {
            Value age = Ages.at(new Value.Day(days.first() + i), today);
            passes[i] = age != null && test.test(age, frame);
        }
        return new AttributeQuery.InTable(attribute, inForce, each, days.first(), passes, null);
    }

    private static boolean isAtLeast(ValueTest.Range range, long age) {
        return range.lowest() == Long.MIN_VALUE || age >= range.lowest();
    }

    private static boolean isAtMost(ValueTest.Range range, long age) {
        return age <= range.highest();
    }

    /** The first birth date for which a verdict is true that stays true for later ones. */
    private static long firstDay(Days days, long today, LongPredicate verdict) {
        long low = days.first();
        long high = days.last() + 1;
        while (low < high) {
            long middle = (low + high) >> 1;
            Value age = Ages.at(new Value.Day(middle), today);
            if (verdict.test(age == null ? -1 : AttributeSpec.number(age))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
