package io.clientele.engine.internal.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import io.clientele.engine.internal.bitmap.Bits;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is kept while events go by, against what is counted afterwards. */
class TotalsTest {
    /** Events in batches, as a scan hands them on. */
    private static final class Events {
        final Random random;
        final int size;
        final char[] members;
        final long[] values;
        final int count;

        Events(long seed, long most, boolean negative) {
            random = new Random(seed);
            size = 1 + random.nextInt(random.nextBoolean() ? 5 : 200);
            count = random.nextInt(600);
            members = new char[count];
            values = new long[count];
            for (int i = 0; i < count; i++) {
                members[i] = (char) random.nextInt(size);
                values[i] =
                        random.nextLong(most + 1) - (negative && random.nextBoolean() ? most : 0);
            }
        }

        /** Each event once, in batches. */
        void feed(Totals totals) {
            for (int from = 0; from < count; ) {
                int to = Math.min(count, from + 1 + random.nextInt(100));
                char[] some = Arrays.copyOfRange(members, from, to);
                long[] numbers = Arrays.copyOfRange(values, from, to);
                totals.add(some, numbers, to - from);
                from = to;
            }
        }

        void feedMembers(Totals totals) {
            int middle = count == 0 ? 0 : random.nextInt(count);
            totals.add(members, 0, middle);
            totals.add(members, middle, count);
        }

        /** As cells of two bytes and a divisor, some of them unset; false if that is not taken. */
        boolean feedCells(Totals totals, long divisor) {
            short[] cells = new short[count];
            for (int i = 0; i < count; i++) {
                boolean unset = random.nextInt(5) == 0;
                cells[i] = unset ? Short.MIN_VALUE : (short) (random.nextInt(2_000) - 50);
                values[i] = unset ? Long.MIN_VALUE : cells[i] * divisor;
            }
            return totals.add(members, cells, divisor, 0, count);
        }

        long sum(int member) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sum += members[i] == member && values[i] != Long.MIN_VALUE ? values[i] : 0;
            }
            return sum;
        }

        int count(int member) {
            int found = 0;
            for (int i = 0; i < count; i++) {
                found += members[i] == member && values[i] != Long.MIN_VALUE ? 1 : 0;
            }
            return found;
        }

        int distinct(int member) {
            Set<Long> found = new HashSet<>();
            for (int i = 0; i < count; i++) {
                if (members[i] == member && values[i] != 0) {
                    found.add(values[i]);
                }
            }
            return found.size();
        }
    }

    @Test
    void countsAndWhoIsSeen() {
        Totals.Seen seen = new Totals.Seen();
        for (long seed : Seeds.of(200)) {
            Events events = new Events(seed, 10, false);
            int goal = 1 + events.random.nextInt(5);
            Totals.Count count = new Totals.Count(goal);
            seen.reset(events.size);
            count.reset(events.size);
            events.feedMembers(seen);
            events.feedMembers(count);
            for (int member = 0; member < events.size; member++) {
                int wanted = events.count(member);
                assertThat(Bits.get(seen.bits(), member)).as("seed %d", seed).isEqualTo(wanted > 0);
                assertThat(count.count(member)).as("seed %d", seed).isEqualTo(wanted);
                assertThat(Bits.get(count.bits(), member))
                        .as("seed %d", seed)
                        .isEqualTo(wanted >= goal);
            }
        }
    }

    @Test
    void sums() {
        Totals.Sum sum = new Totals.Sum(true);
        Totals.Sum plain = new Totals.Sum(false);
        for (long seed : Seeds.of(200)) {
            Events events = new Events(seed, 1_000_000_000_000L, true);
            sum.reset(events.size);
            events.feed(sum);
            for (int member = 0; member < events.size; member++) {
                assertThat(sum.sum(member)).as("seed %d", seed).isEqualTo(events.sum(member));
                assertThat(sum.count(member)).as("seed %d", seed).isEqualTo(events.count(member));
            }
            plain.reset(events.size);
            if (!events.feedCells(plain, 10_000)) {
                plain.reset(events.size);
                continue;
            }
            for (int member = 0; member < events.size; member++) {
                assertThat(plain.sum(member)).as("seed %d", seed).isEqualTo(events.sum(member));
            }
        }
    }

    @Test
    void sumsThatReachAGoal() {
        for (long seed : Seeds.of(200)) {
            Events events = new Events(seed, 100, false);
            long goal = 1 + events.random.nextInt(500);
            Totals.SumTo sum = new Totals.SumTo(goal);
            for (int again = 0; again < 2; again++) {
                sum.reset(events.size);
                events.feed(sum);
                for (int member = 0; member < events.size; member++) {
                    assertThat(Bits.get(sum.bits(), member))
                            .as("seed %d", seed)
                            .isEqualTo(events.sum(member) >= goal);
                }
            }
        }
    }

    @Test
    void averagesAboveABound() {
        for (long seed : Seeds.of(200)) {
            Events events = new Events(seed, 20, true);
            long bound = events.random.nextInt(20) - 5;
            Totals.Above above = new Totals.Above(bound);
            above.reset(events.size);
            events.feed(above);
            checkAverages(above, events, bound, seed);
            above.reset(events.size);
            if (events.feedCells(above, 1)) {
                checkAverages(above, events, bound, seed);
            }
        }
    }

    private static void checkAverages(Totals.Above above, Events events, long bound, long seed) {
        for (boolean orEqual : new boolean[] {true, false}) {
            int words = Bits.words(events.size);
            long[] found = new long[words];
            above.above(orEqual, found, words);
            for (int member = 0; member < events.size; member++) {
                long sum = events.sum(member);
                long wanted = bound * events.count(member);
                assertThat(Bits.get(found, member))
                        .as("seed %d", seed)
                        .isEqualTo(
                                events.count(member) > 0
                                        && (sum > wanted || (orEqual && sum == wanted)));
            }
        }
    }

    @Test
    void extremes() {
        Totals.Extreme least = new Totals.Extreme(true);
        Totals.Extreme most = new Totals.Extreme(false);
        for (long seed : Seeds.of(200)) {
            Events events = new Events(seed, 1_000, true);
            least.reset(events.size);
            most.reset(events.size);
            events.feed(least);
            events.feed(most);
            for (int member = 0; member < events.size; member++) {
                assertThat(least.has(member)).isEqualTo(events.count(member) > 0);
                if (least.has(member)) {
                    long lowest = Long.MAX_VALUE;
                    long highest = Long.MIN_VALUE;
                    for (int i = 0; i < events.count; i++) {
                        if (events.members[i] == member) {
                            lowest = Math.min(lowest, events.values[i]);
                            highest = Math.max(highest, events.values[i]);
                        }
                    }
                    assertThat(least.best(member)).as("seed %d", seed).isEqualTo(lowest);
                    assertThat(most.best(member)).as("seed %d", seed).isEqualTo(highest);
                }
            }
        }
    }

    @Test
    void differentCodes() {
        for (long seed : Seeds.of(400)) {
            Random random = new Random(seed);
            // Every way of counting: few codes, small goals, any.
            int largest = new int[] {5, 63, 64, 65_535, 70_000}[random.nextInt(5)];
            int goal = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(7);
            Events events = new Events(seed, random.nextBoolean() ? largest : 5, false);
            for (int i = 0; i < events.count; i++) {
                // Unset codes are left out by who hands them on.
                events.values[i] = Math.max(1, events.values[i]);
            }
            Totals.Distinct distinct = Totals.Distinct.of(goal, largest);
            for (int again = 0; again < 2; again++) {
                distinct.reset(events.size);
                events.feed(distinct);
                checkDistinct(distinct, events, goal, seed);
            }
            distinct.reset(events.size);
            byte[] codes = new byte[events.count];
            int most = Math.min(largest, 127);
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) events.random.nextInt(most + 1);
                events.values[i] = codes[i];
            }
            if (distinct.add(events.members, codes, 0, events.count)) {
                checkDistinct(distinct, events, goal, seed);
            }
            distinct.reset(events.size);
            char[] wide = new char[events.count];
            int widest = Math.min(largest, random.nextBoolean() ? 6 : Character.MAX_VALUE);
            for (int i = 0; i < wide.length; i++) {
                wide[i] = (char) events.random.nextInt(widest + 1);
                events.values[i] = wide[i];
            }
            if (distinct.add(events.members, wide, 0, events.count)) {
                checkDistinct(distinct, events, goal, seed);
            }
        }
    }

    private static void checkDistinct(
            Totals.Distinct distinct, Events events, int goal, long seed) {
        for (int member = 0; member < events.size; member++) {
            int wanted = events.distinct(member);
            if (goal == Integer.MAX_VALUE) {
                assertThat(distinct.count(member)).as("seed %d", seed).isEqualTo(wanted);
            }
            assertThat(Bits.get(distinct.bits(), member))
                    .as("seed %d, member %d", seed, member)
                    .isEqualTo(wanted >= goal);
        }
    }
}
