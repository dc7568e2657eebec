package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Many changes of one instant, told in slices, and what happens in between. */
class ShardWaveTest {
    private static final Instant START = Worlds.at("2026-01-01T00:00:00Z");
    private static final Instant BOUGHT = START.plusSeconds(1);
    private static final Instant WAVE = BOUGHT.plus(Duration.ofDays(1));
    private static final String LAST_DAY = "{\"event\":\"purchase\",\"within\":{\"last\":\"P1D\"}}";

    private final LiveShard live = new LiveShard(Worlds.shop(ZoneId.of("UTC")));

    private void members(int count) {
        live.shard.advanceTo(START);
        for (int i = 0; i < count; i++) {
            live.shard.member("m" + i);
        }
    }

    /** Everybody buys; at {@link #WAVE} all leave at once. */
    private void bought(int count) {
        members(count);
        for (int i = 0; i < count; i++) {
            live.buy(i, BOUGHT, "1");
        }
        live.define("day", LAST_DAY);
        live.shard.advanceTo(WAVE.minusMillis(1));
        live.told.clear();
    }

    @Test
    void tellsAHundredThousandChangesOnceEachAndTakesEventsInBetween() {
        // given
        int count = 100_000;
        bought(count);
        assertThat(live.shard.size("day")).isEqualTo(count);
        Random random = new Random(1);
        RoaringBitmap buyAgain = new RoaringBitmap();

        // when: what comes in the middle is of the wave's instant, of that of the events, or past
        int slices = 0;
        while (!live.shard.advanceTo(WAVE, 1_000)) {
            slices++;
            assertThat(live.shard.clock()).isEqualTo(WAVE);
            int member = random.nextInt(count);
            switch (slices % 4) {
                case 0 -> {
                    live.buy(member, WAVE, "1");
                    buyAgain.add(member);
                }
                case 1 -> live.buy(member, BOUGHT, "1");
                case 2 -> live.buy(member, BOUGHT.minusMillis(1), "1");
                default -> {
                    live.buy(member, BOUGHT.plusMillis(1), "1");
                    buyAgain.add(member);
                }
            }
        }

        // then
        assertThat(slices).isGreaterThan(100);
        assertThat(live.inside("day")).isEqualTo(buyAgain);
        assertThat(live.told).allMatch(it -> it.at().equals(WAVE));
        live.check("drained");
        live.shard.advanceTo(WAVE.plus(Duration.ofDays(2)));
        live.check("later");
        assertThat(live.inside("day").isEmpty()).isTrue();
    }

    @Test
    void eventsOfTheInstantAtWhichOthersEnterAreTakenToo() {
        members(1_000);
        live.define("day", LAST_DAY);
        live.define("two", LAST_DAY.replace("}}", "},\"atLeast\":2}"));
        for (int i = 0; i < 1_000; i++) {
            live.buy(i, BOUGHT, "1");
        }
        int member = 0;
        while (!live.shard.advanceTo(BOUGHT, 10)) {
            live.buy(member, BOUGHT, "1");
            member = (member + 7) % 1_000;
        }
        assertThat(live.shard.size("day")).isEqualTo(1_000);
        live.check("drained");
        assertThat(live.told).allMatch(it -> it.at().equals(BOUGHT));
    }

    @Test
    void definesNothingWhileAWaveIsHalfDrained() {
        bought(100);
        assertThat(live.shard.advanceTo(WAVE, 10)).isFalse();
        Condition another = live.condition("{\"event\":\"return\"}");
        assertThatIllegalStateException().isThrownBy(() -> live.shard.define("other", another));
        assertThatIllegalStateException().isThrownBy(() -> live.shard.drop("day"));
        assertThat(live.shard.model().segments()).containsOnlyKeys("day");
        assertThat(live.shard.size("other")).isEqualTo(-1);
        live.shard.advanceTo(WAVE);
        live.define("other", "{\"event\":\"return\"}");
        live.check("drained");
    }

    @Test
    void snapshotsOfAHalfDrainedWaveAreRight() {
        members(500);
        for (int i = 0; i < 500; i++) {
            live.shard.setAttribute(i, "country", "TH", START);
            live.shard.setAttribute(i, "country", "VN", WAVE);
            live.shard.setAttribute(i, "income", 1, START);
            live.shard.setAttribute(i, "income", 2, WAVE);
        }
        live.define("vietnam", "{\"attribute\":\"country\",\"equals\":\"VN\"}");
        Condition vietnam = live.condition("{\"attribute\":\"country\",\"equals\":\"VN\"}");
        Condition two = live.condition("{\"attribute\":\"income\",\"atLeast\":2}");
        while (!live.shard.advanceTo(WAVE, 100)) {
            Snapshot snapshot = live.shard.snapshot();
            assertThat(snapshot.count(vietnam, WAVE, 1)).isEqualTo(500);
            assertThat(snapshot.count(two, WAVE, 1)).isEqualTo(500);
            assertThat(snapshot.count(vietnam, WAVE.minusMillis(1), 1)).isZero();
            assertThat(
                            snapshot.distribution("country", new Condition.All(List.of()), WAVE, 1)
                                    .counts())
                    .isEqualTo(Map.of("VN", 500L));
        }
        live.check("drained");
    }

    @Test
    void valuesOfTheInstantAtWhichOthersComeInForceAreTakenToo() {
        members(300);
        live.define("vietnam", "{\"attribute\":\"country\",\"equals\":\"VN\"}");
        for (int i = 0; i < 300; i++) {
            live.shard.setAttribute(i, "country", "TH", START);
            live.shard.setAttribute(i, "country", "VN", WAVE);
        }
        int member = 0;
        while (!live.shard.advanceTo(WAVE, 10)) {
            live.shard.setAttribute(member, "country", "TH", WAVE);
            member = (member + 9) % 300;
        }
        live.check("drained");
        assertThat(live.told).allMatch(it -> it.at().equals(WAVE));
    }

    @Test
    void membersComeAndGoWhileAWaveIsDrained() {
        for (String json :
                new String[] {
                    LAST_DAY, "{\"not\":" + LAST_DAY + "}", "{\"all\":[" + LAST_DAY + "]}"
                }) {
            ShardWaveTest wave = new ShardWaveTest();
            wave.bought(400);
            wave.live.define("s", json);
            Random random = new Random(7);
            int next = 400;
            while (!wave.live.shard.advanceTo(WAVE, 7)) {
                wave.live.shard.remove("m" + random.nextInt(next));
                int member = wave.live.shard.member("m" + next++);
                if (random.nextBoolean()) {
                    wave.live.buy(member, random.nextBoolean() ? BOUGHT : WAVE, "1");
                }
                MemberHistory other = new MemberHistory("m" + random.nextInt(next));
                other.addEvent(
                        wave.live.shard.model(),
                        "pos",
                        "e",
                        "purchase",
                        WAVE.minusSeconds(5),
                        LiveShard.purchase("3"));
                wave.live.shard.put(other);
            }
            wave.live.check(json);
            wave.live.shard.advanceTo(WAVE.plus(Duration.ofDays(2)));
            wave.live.check(json);
        }
    }
}
