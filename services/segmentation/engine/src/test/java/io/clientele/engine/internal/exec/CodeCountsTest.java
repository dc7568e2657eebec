package io.clientele.engine.internal.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CodeCountsTest {
    /** Against a map for each window, with windows that come and go. */
    @Test
    void countsAsMapsDo() {
        SplittableRandom random = new SplittableRandom(5);
        CodeCounts counts = new CodeCounts();
        List<Integer> slots = new ArrayList<>();
        Map<Integer, Map<List<Integer>, Integer>> truth = new HashMap<>();
        for (int step = 0; step < 100_000; step++) {
            if (slots.isEmpty() || (slots.size() < 5 && random.nextInt(500) == 0)) {
                int slot = counts.addSlot();
                assertThat(truth).doesNotContainKey(slot);
                slots.add(slot);
                truth.put(slot, new HashMap<>());
            } else if (random.nextInt(1_000) == 0) {
                int slot = slots.remove(random.nextInt(slots.size()));
                truth.remove(slot);
                counts.removeSlot(slot);
            } else {
                int slot = slots.get(random.nextInt(slots.size()));
                int block = random.nextInt(2);
                int member = random.nextInt(3) * 1_000;
                int code = 1 + random.nextInt(random.nextBoolean() ? 12 : 300);
                Map<List<Integer>, Integer> window =
                        truth.computeIfAbsent(slot, unused -> new HashMap<>());
                List<Integer> key = List.of(block, member, code);
                int before = window.getOrDefault(key, 0);
                int sign = before > 0 && random.nextBoolean() ? -1 : 1;
                window.put(key, before + sign);
                int expected = before == 0 ? 1 : before + sign == 0 ? -1 : 0;
                assertThat(counts.add(block, member, code, slot, sign))
                        .as("step %s", step)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void lastMemberOfABlockHasRoom() {
        CodeCounts counts = new CodeCounts();
        int slot = counts.addSlot();
        assertThat(counts.add(0, 65_534, 1, slot, 1)).isEqualTo(1);
        assertThat(counts.add(0, 65_535, 1, slot, 1)).isEqualTo(1);
        assertThat(counts.add(0, 65_535, 1, slot, 1)).isZero();
        assertThat(counts.retainedBytes()).isLessThan(1_000_000);
    }
}
