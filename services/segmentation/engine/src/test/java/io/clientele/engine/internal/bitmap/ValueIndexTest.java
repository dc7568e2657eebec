package io.clientele.engine.internal.bitmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Members by code against plain bit sets. */
class ValueIndexTest {
    private static final int WORDS = 1_024;

    private record Seen(ValueIndex view, List<BitSet> members) {}

    private static void check(ValueIndex index, List<BitSet> wanted, String told) {
        for (int code = 0; code < wanted.size(); code++) {
            BitSet members = wanted.get(code);
            assertThat(index.count(code)).as(told).isEqualTo(members.cardinality());
            long[] found = new long[WORDS];
            index.or(code, found, new long[WORDS]);
            assertThat(BitSet.valueOf(found)).as("code %d, %s", code, told).isEqualTo(members);
        }
        assertThat(index.count(wanted.size() + 5)).isZero();
    }

    private static List<BitSet> copy(List<BitSet> members) {
        return members.stream().map(each -> (BitSet) each.clone()).toList();
    }

    @Test
    void agreesWithBitSetsAndViewsNeverChange() {
        for (long seed : Seeds.of(40)) {
            Random random = new Random(seed);
            String told = "seed " + seed;
            ValueIndex index = new ValueIndex();
            List<BitSet> wanted = new ArrayList<>();
            for (int code = 0; code < 6; code++) {
                wanted.add(new BitSet());
            }
            List<Seen> seen = new ArrayList<>();
            long epoch = 1;
            for (int i = 0; i < 3_000; i++) {
                int code = 1 + random.nextInt(5);
                int member = random.nextInt(code == 1 ? 65_536 : 300);
                if (random.nextInt(3) == 0) {
                    index.remove(code, member, epoch);
                    wanted.get(code).clear(member);
                } else {
                    index.add(code, member, epoch);
                    wanted.get(code).set(member);
                }
                if (random.nextInt(500) == 0) {
                    seen.add(new Seen(index.view(), copy(wanted)));
                    epoch++;
                }
            }
            check(index, wanted, told);
            seen.forEach(each -> check(each.view(), each.members(), told));
        }
    }

    @Test
    void fewBecomeManyAndFewAgain() {
        ValueIndex index = new ValueIndex();
        List<BitSet> wanted = List.of(new BitSet(), new BitSet());
        List<Seen> seen = new ArrayList<>();
        long epoch = 1;
        for (int member = 0; member < 4_100; member++) {
            if (member >= 4_094) {
                seen.add(new Seen(index.view(), copy(wanted)));
                epoch++;
            }
            index.add(1, member * 7, epoch);
            wanted.get(1).set(member * 7);
        }
        long many = index.retainedBytes();
        check(index, wanted, "many");
        for (int member = 0; member < 4_100; member++) {
            if (member <= 8) {
                seen.add(new Seen(index.view(), copy(wanted)));
                epoch++;
            }
            index.remove(1, member * 7, epoch);
            wanted.get(1).clear(member * 7);
        }
        check(index, wanted, "none");
        seen.forEach(each -> check(each.view(), each.members(), "seen"));
        assertThat(index.retainedBytes()).isLessThan(many);
        // Small blocks have fewer words than a container.
        index.add(1, 3, epoch);
        long[] one = new long[1];
        index.or(1, one, new long[WORDS]);
        assertThat(one[0]).isEqualTo(8);
        ValueIndex full = new ValueIndex();
        for (int member = 0; member < 5_000; member++) {
            full.add(2, member, 1);
        }
        long[] few = new long[79];
        full.or(2, few, new long[WORDS]);
        assertThat(Bits.count(few, 79)).isEqualTo(5_000);
    }

    @Test
    void nobodyHasACodeThatNeverCame() {
        ValueIndex index = new ValueIndex();
        index.remove(9, 1, 1);
        long[] found = new long[WORDS];
        index.or(9, found, new long[WORDS]);
        assertThat(Bits.isEmpty(found, WORDS)).isTrue();
    }
}
