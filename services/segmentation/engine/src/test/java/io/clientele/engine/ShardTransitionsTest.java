package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Segments that ask who entered or left others, followed in one shard. */
class ShardTransitionsTest {
    private static final Instant START = Worlds.at("2026-01-01T00:00:00Z");

    private static LiveShard shop() {
        LiveShard live = new LiveShard(Worlds.shop(ZoneId.of("UTC")));
        live.shard.advanceTo(START);
        return live;
    }

    private static String day(int hours) {
        return "{\"event\":\"purchase\",\"within\":{\"last\":\"PT" + hours + "H\"}}";
    }

    private static String crossed(String how, String segment, int hours) {
        return "{\""
                + how
                + "\":{\"segment\":\""
                + segment
                + "\"},\"within\":{\"last\":\"PT"
                + hours
                + "H\"}}";
    }

    @Test
    void whoEnteredAndLeftIsFollowed() {
        LiveShard live = shop();
        int member = live.shard.member("m");
        live.define("active", day(24));
        live.define("newcomers", crossed("entered", "active", 2));
        live.define("lost", crossed("left", "active", 2));
        live.buy(member, START, "1");
        live.check("bought");
        live.shard.advanceTo(START.plus(Duration.ofDays(3)));
        assertThat(live.told)
                .extracting(it -> (it.entered() ? "+" : "-") + it.segment() + " " + it.at())
                .containsExactlyInAnyOrder(
                        "+active 2026-01-01T00:00:00Z",
                        "+newcomers 2026-01-01T00:00:00Z",
                        "-newcomers 2026-01-01T02:00:00Z",
                        "-active 2026-01-02T00:00:00Z",
                        "+lost 2026-01-02T00:00:00Z",
                        "-lost 2026-01-02T02:00:00Z");
        live.check("later");
    }

    @Test
    void cascadesOfOneInstantAreToldOnceInWhateverOrderSegmentsLie() {
        for (long seed : Seeds.of(120)) {
            Random random = new Random(seed);
            List<String> names = new ArrayList<>(List.of("a", "b", "c", "d", "e", "f", "g", "h"));
            Collections.shuffle(names, random);
            LiveShard live = shop();
            String active = names.get(0);
            live.define(active, random.nextBoolean() ? day(4) : "{\"not\":" + day(4) + "}");
            live.define(names.get(1), crossed("entered", active, 3));
            live.define(names.get(2), crossed("left", active, 3));
            // They depend on the same leaf as what they ask about, and on each other.
            live.define(
                    names.get(3),
                    "{\"all\":[" + day(4) + "," + crossed("entered", active, 5) + "]}");
            live.define(
                    names.get(4),
                    "{\"all\":[" + day(4) + ",{\"not\":" + crossed("entered", active, 1) + "}]}");
            live.define(names.get(5), crossed("entered", names.get(3), 2));
            live.define(names.get(6), crossed("left", names.get(4), 2));
            live.define(
                    names.get(7),
                    "{\"any\":["
                            + crossed("entered", names.get(4), 2)
                            + ",{\"segment\":\""
                            + names.get(5)
                            + "\"}]}");
            for (int i = 0; i < 25; i++) {
                String id = "m" + random.nextInt(3);
                live.told.clear();
                Instant clock = live.shard.clock();
                switch (random.nextInt(8)) {
                    case 0 -> live.shard.remove(id);
                    case 1 -> live.shard.member(id);
                    case 2, 3 -> live.buy(live.shard.member(id), clock, "1");
                    case 4 ->
                            live.buy(
                                    live.shard.member(id),
                                    clock.plus(Duration.ofHours(random.nextInt(6))),
                                    "1");
                    default -> {
                        Instant to = clock.plus(Duration.ofHours(1 + random.nextInt(4)));
                        int budget = 1 + random.nextInt(10);
                        while (!live.shard.advanceTo(to, budget)) {
                            assertThat(live.shard.clock()).isBeforeOrEqualTo(to);
                        }
                    }
                }
                Set<String> once = new HashSet<>();
                for (LiveShard.Told told : live.told) {
                    assertThat(once.add(told.segment() + told.member() + told.at() + told.cause()))
                            .as("%s twice of %s, seed %d", told, live.told, seed)
                            .isTrue();
                }
                live.check("seed " + seed + ", names " + names);
            }
        }
    }

    @Test
    void anyConditionOnWhoEnteredAndLeftIsFollowed() {
        int asked = 0;
        for (long seed : Seeds.of(600)) {
            RandomWorld world = new RandomWorld(seed);
            String text = world.json.toString() + world.segments;
            if (text.contains("\"entered\"") || text.contains("\"left\"")) {
                asked++;
                follow(world);
            }
        }
        assertThat(asked).isPositive();
    }

    private static void follow(RandomWorld world) {
        LiveShard live = new LiveShard(world.model);
        List<RandomWorld> members = List.of(world, world.another());
        live.shard.advanceTo(world.instant());
        for (String key : List.of("inner", "outer")) {
            live.define(key, String.valueOf(world.segments.get(key)));
        }
        live.define("followed", world.json.toString());
        List<Runnable> inputs = new ArrayList<>();
        for (RandomWorld member : members) {
            String id = member.history.member();
            member.inputs
                    .events()
                    .forEach(event ->
                            inputs.add(() ->
                                    live.shard.addEvent(
                                            live.shard.member(id),
                                            event.type(),
                                            event.occurredAt(),
                                            event.properties())));
            member.inputs
                    .changes()
                    .forEach(change ->
                            inputs.add(() ->
                                    live.shard.setAttribute(
                                            live.shard.member(id),
                                            change.name(),
                                            change.value(),
                                            change.at())));
            inputs.add(() -> live.shard.put(member.history));
            inputs.add(() -> live.shard.remove(id));
        }
        Collections.shuffle(inputs, world.random);
        for (Runnable input : inputs) {
            input.run();
            live.check(world.describe());
            Instant to = world.instant();
            if (world.random.nextInt(3) == 0 && to.isAfter(live.shard.clock())) {
                int budget = 1 + world.random.nextInt(20);
                while (!live.shard.advanceTo(to, budget)) {
                    assertThat(live.shard.clock()).isBeforeOrEqualTo(to);
                }
                live.check(world.describe());
            }
        }
    }
}
