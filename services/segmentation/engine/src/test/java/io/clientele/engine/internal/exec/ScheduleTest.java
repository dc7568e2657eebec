package io.clientele.engine.internal.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is due first, against a search of all. */
class ScheduleTest {
    @Test
    void agreesWithASearch() {
        for (long seed : Seeds.of(80)) {
            Random random = new Random(seed);
            Schedule schedule = new Schedule();
            List<Long> wanted = new ArrayList<>();
            assertThat(schedule.firstInstant()).isEqualTo(Schedule.NEVER);
            for (int i = 0; i < 600; i++) {
                if (random.nextInt(5) == 0 || wanted.isEmpty()) {
                    assertThat(schedule.add()).isEqualTo(wanted.size());
                    wanted.add(Schedule.NEVER);
                } else {
                    int thing = random.nextInt(wanted.size());
                    long instant =
                            random.nextInt(4) == 0 ? Schedule.NEVER : random.nextInt(50) - 25L;
                    schedule.set(thing, instant);
                    wanted.set(thing, instant);
                    assertThat(schedule.instant(thing)).isEqualTo(instant);
                }
                long first = wanted.stream().mapToLong(Long::longValue).min().orElseThrow();
                assertThat(schedule.firstInstant()).as("seed %d", seed).isEqualTo(first);
                assertThat(wanted.get(schedule.first())).as("seed %d", seed).isEqualTo(first);
            }
            assertThat(schedule.retainedBytes()).isGreaterThan(16L * wanted.size());
        }
    }
}
