package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.internal.column.EventLog;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** More members than a block and more events than a chunk, against the exact evaluator. */
class LargeShardTest {
    private static final Instant START = Worlds.at("2026-01-01T00:00:00Z");
    private static final int MEMBERS = Block.CAPACITY + 300;
    private static final int EVENTS = 136_000;
    private static final int STORES = 700;

    private static final List<String> CONDITIONS =
            List.of(
                    "{\"event\":\"purchase\",\"within\":{\"last\":\"P7D\"}}",
                    "{\"event\":\"purchase\",\"within\":{\"last\":\"P20D\"},\"atLeast\":4}",
                    "{\"event\":\"purchase\",\"atMost\":6}",
                    "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":\"s650\"}}",
                    "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"in\":"
                        + "[\"s3\",\"s300\",\"s650\",\"s699\"]},\"within\":{\"last\":\"P40D\"}}",
                    "{\"event\":\"purchase\",\"where\":{\"all\":[{\"property\":\"channel\",\"equals\":\"web\"},"
                        + "{\"property\":\"amount\",\"atLeast\":50}]},\"atLeast\":3}",
                    "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},"
                            + "\"within\":{\"last\":\"P30D\"},\"atLeast\":300}",
                    "{\"event\":\"purchase\",\"measure\":{\"average\":\"amount\"},\"greaterThan\":60}",
                    "{\"event\":\"purchase\",\"measure\":{\"distinct\":\"store\"},\"atLeast\":6}",
                    "{\"event\":\"purchase\",\"measure\":{\"distinct\":\"channel\"},\"equals\":2}",
                    "{\"event\":\"purchase\",\"measure\":{\"max\":\"amount\"},"
                            + "\"within\":{\"last\":\"P10D\"},\"atLeast\":95}",
                    "{\"event\":\"purchase\",\"measure\":\"last\",\"withinLast\":\"P5D\"}",
                    "{\"event\":\"purchase\",\"measure\":{\"share\":{\"of\":\"amount\","
                        + "\"where\":{\"property\":\"channel\",\"equals\":\"web\"}}},\"atLeast\":0.7}",
                    "{\"trend\":{\"event\":\"purchase\",\"period\":\"P15D\"},\"lessThan\":-0.3}",
                    "{\"sequence\":[{\"event\":\"purchase\",\"where\":{\"property\":\"channel\",\"equals\":\"web\"}},"
                        + "{\"event\":\"purchase\",\"where\":{\"property\":\"channel\",\"equals\":\"shop\"}},"
                        + "{\"event\":\"purchase\"}],\"span\":\"P10D\"}",
                    "{\"sequence\":[{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"in\":[\"s3\",\"s4\"]}},"
                        + "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"in\":[\"s4\",\"s650\"]}}],"
                        + "\"span\":\"P40D\"}",
                    "{\"sequence\":[{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":\"s4\"}},"
                        + "{\"event\":\"purchase\",\"where\":{\"property\":\"amount\",\"atLeast\":50}}],"
                        + "\"span\":\"P5D\",\"within\":{\"last\":\"P30D\"}}");

    @Test
    void agreesWithTheExactEvaluator() {
        long seed = Seeds.of(1)[0];
        Random random = new Random(seed);
        LiveShard live = new LiveShard(Worlds.shop(ZoneId.of("Asia/Bangkok")));
        live.shard.advanceTo(START);
        for (int i = 0; i < CONDITIONS.size() - 2; i += 2) {
            live.define("s" + i, CONDITIONS.get(i));
        }
        for (int i = 0; i < MEMBERS; i++) {
            live.shard.member("m" + i);
        }
        // Some of each block, each with several.
        Map<Integer, MemberHistory> histories = new HashMap<>();
        ProgramModel model = live.shard.model();
        for (int i = 0; i < EVENTS; i++) {
            int member = random.nextInt(20_300);
            member = member < 20_000 ? member * 3 : Block.CAPACITY + member - 20_000;
            // In order but for some, over 60 days.
            long seconds = random.nextInt(100) == 0 ? random.nextInt(5_184_000) : i * 37L;
            Instant at = START.plusSeconds(seconds);
            // Those of high numbers come late, so that chunks differ in the width of codes.
            Map<String, Object> properties =
                    Map.of(
                            "amount",
                            BigDecimal.valueOf(random.nextInt(10_000), 2),
                            "store",
                            "s" + random.nextInt(i < EVENTS / 2 ? 20 : STORES),
                            "channel",
                            random.nextInt(3) == 0 ? "web" : "shop");
            live.shard.addEvent(member, "purchase", at, properties);
            histories
                    .computeIfAbsent(member, ordinal -> new MemberHistory("m" + ordinal))
                    .addEvent(model, "pos", "e" + i, "purchase", at, properties);
            if (i % 20_000 == 0) {
                live.shard.advanceTo(START.plusSeconds(i * 37L));
            }
        }
        Instant clock = START.plus(Duration.ofDays(57));
        live.shard.advanceTo(clock);
        live.check("seed " + seed);
        Snapshot snapshot = live.shard.snapshot();
        EventLog log =
                Objects.requireNonNull(snapshot.block(0).log(snapshot.logIndex("purchase", false)));
        assertThat(log.chunkCount()).isGreaterThan(2);
        Evaluator evaluator = new Evaluator(live.shard.model());
        MemberHistory nothing = new MemberHistory("nobody");
        for (String json : CONDITIONS) {
            Condition condition = live.condition(json);
            RoaringBitmap wanted = new RoaringBitmap();
            if (evaluator.matches(condition, nothing, clock)) {
                wanted.add(0L, (long) MEMBERS);
            }
            histories.forEach((member, history) -> {
                if (evaluator.matches(condition, history, clock)) {
                    wanted.add(member);
                } else {
                    wanted.remove(member);
                }
            });
            RoaringBitmap found = snapshot.members(condition, clock, 1);
            assertThat(RoaringBitmap.xor(found, wanted).toArray())
                    .as("%s, %d wanted, seed %d", json, wanted.getCardinality(), seed)
                    .isEmpty();
            assertThat(wanted.getCardinality()).as(json).isBetween(1, MEMBERS - 1);
            assertThat(snapshot.count(condition, clock, 2)).isEqualTo(wanted.getCardinality());
        }
    }
}
