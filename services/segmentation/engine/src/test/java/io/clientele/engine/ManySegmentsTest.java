package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Many segments over few and over many leaves, with edits, held against counts from scratch. */
class ManySegmentsTest {
    private static final Instant START = Worlds.at("2026-01-01T00:00:00Z");
    private static final List<String> STORES = List.of("s1", "s2", "s3");

    @Test
    void followsManySegmentsOverFewLeaves() {
        for (long seed : Seeds.of(12)) {
            run(seed, 90, 4);
        }
    }

    @Test
    void followsManySegmentsOverManyLeaves() {
        for (long seed : Seeds.of(12)) {
            run(seed, 80, 60);
        }
    }

    private static void run(long seed, int segments, int variety) {
        Random random = new Random(seed);
        LiveShard live = new LiveShard(Worlds.shop(ZoneId.of("Europe/Berlin")));
        live.shard.advanceTo(START);
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < segments; i++) {
            live.define("s" + i, condition(random, variety, 2));
            keys.add("s" + i);
            if (i % 10 == 0) {
                input(live, random);
            }
        }
        live.check("seed " + seed);
        for (int i = 0; i < 150; i++) {
            switch (random.nextInt(12)) {
                case 0 -> {
                    String key = "s" + random.nextInt(segments);
                    live.define(key, condition(random, variety, 2));
                    keys.add(key);
                }
                case 1 -> {
                    String key = "s" + random.nextInt(segments);
                    if (keys.remove(key)) {
                        live.drop(key);
                    }
                }
                case 2, 3, 4 -> {
                    Instant to =
                            live.shard.clock().plus(Duration.ofMinutes(random.nextInt(60 * 24)));
                    int budget = 1 + random.nextInt(30);
                    while (!live.shard.advanceTo(to, budget)) {
                        if (random.nextInt(4) == 0) {
                            input(live, random);
                        }
                    }
                    assertThat(live.shard.clock()).isEqualTo(to);
                }
                default -> input(live, random);
            }
            if (i % 5 == 0) {
                live.check("seed " + seed);
            }
        }
        live.check("seed " + seed);
    }

    private static void input(LiveShard live, Random random) {
        String id = "m" + random.nextInt(12);
        Instant at = live.shard.clock().plus(Duration.ofHours(random.nextInt(96) - 72L));
        Map<String, Object> properties =
                Map.of(
                        "amount",
                        random.nextInt(40),
                        "store",
                        STORES.get(random.nextInt(3)),
                        "items",
                        List.of(Map.of("category", "c" + random.nextInt(3), "amount", 3)));
        switch (random.nextInt(8)) {
            case 0 -> live.shard.remove(id);
            case 1 ->
                    live.shard.setAttribute(live.shard.member(id), "income", random.nextInt(9), at);
            case 2 -> {
                MemberHistory history = live.shard.export(id);
                if (history != null) {
                    live.shard.put(history);
                }
            }
            case 3 -> {
                int member = live.shard.member(id);
                live.shard.addEvent(member, "purchase", at, properties);
                assertThat(live.shard.removeEvent(member, "purchase", at, properties)).isTrue();
            }
            case 4 -> live.shard.addEvent(live.shard.member(id), "return", at, Map.of("amount", 5));
            default -> live.shard.addEvent(live.shard.member(id), "purchase", at, properties);
        }
    }

    private static String condition(Random random, int variety, int depth) {
        int form = depth == 0 ? 3 : random.nextInt(6);
        return switch (form) {
            case 0, 1 ->
                    "{\""
                            + (form == 0 ? "all" : "any")
                            + "\":["
                            + condition(random, variety, depth - 1)
                            + ","
                            + condition(random, variety, depth - 1)
                            + "]}";
            case 2 -> "{\"not\":" + condition(random, variety, depth - 1) + "}";
            default -> leaf(random, variety);
        };
    }

    private static String leaf(Random random, int variety) {
        int number = random.nextInt(variety);
        String last = ",\"within\":{\"last\":\"PT" + (6 + number) + "H\"}";
        return switch (number % 8) {
            case 0 -> "{\"event\":\"purchase\"" + last + ",\"atLeast\":2}";
            case 1 ->
                    "{\"event\":\"spend\""
                            + last
                            + ",\"measure\":{\"sum\":\"amount\"},\"atLeast\":30}";
            case 2 -> "{\"attribute\":\"income\",\"atLeast\":" + number % 9 + "}";
            case 3 ->
                    "{\"event\":\"purchase\""
                            + last
                            + ",\"measure\":{\"distinct\":\"store\"},\"atLeast\":2}";
            case 4 ->
                    "{\"event\":\"purchase.item\",\"where\":{\"property\":\"category\",\"equals\":\"c1\"}"
                            + last
                            + "}";
            case 5 ->
                    "{\"event\":\"purchase\""
                            + last
                            + ",\"measure\":{\"average\":\"amount\"},\"greaterThan\":20}";
            case 6 -> "{\"event\":\"purchase\",\"within\":{\"current\":\"day\"}}";
            default ->
                    "{\"event\":\"purchase\",\"measure\":\"last\",\"withinLast\":\"PT"
                            + (6 + number)
                            + "H\"}";
        };
    }
}
