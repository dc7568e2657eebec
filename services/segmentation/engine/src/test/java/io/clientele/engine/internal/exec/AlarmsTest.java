package io.clientele.engine.internal.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The earliest of many, against a list. */
class AlarmsTest {
    private record Alarm(long instant, long tag) {}

    @Test
    void agreesWithAList() {
        for (long seed : Seeds.of(80)) {
            Random random = new Random(seed);
            Alarms alarms = new Alarms();
            List<Alarm> wanted = new ArrayList<>();
            for (int i = 0; i < 800; i++) {
                if (random.nextInt(3) != 0) {
                    Alarm alarm = new Alarm(random.nextInt(60) - 30L, random.nextInt(5));
                    alarms.add(alarm.instant(), alarm.tag());
                    wanted.add(alarm);
                } else if (!wanted.isEmpty()) {
                    Alarm first = new Alarm(alarms.firstInstant(), alarms.firstTag());
                    assertThat(wanted.remove(first)).as("seed %d", seed).isTrue();
                    alarms.removeFirst();
                }
                if (random.nextInt(100) == 0) {
                    int gone = random.nextInt(5);
                    alarms.removeIf(tag -> tag == gone);
                    wanted.removeIf(alarm -> alarm.tag() == gone);
                }
                assertThat(alarms.firstInstant())
                        .as("seed %d", seed)
                        .isEqualTo(
                                wanted.stream()
                                        .mapToLong(Alarm::instant)
                                        .min()
                                        .orElse(Schedule.NEVER));
            }
            assertThat(alarms.retainedBytes()).isGreaterThan(16L * wanted.size());
        }
    }
}
