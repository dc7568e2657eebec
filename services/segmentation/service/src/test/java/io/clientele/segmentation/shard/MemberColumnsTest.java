package io.clientele.segmentation.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.common.json.Json;
import io.clientele.contracts.EventReference;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.Evaluator;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.Snapshot;
import io.clientele.segmentation.DemoRegistry;
import io.clientele.segmentation.program.Programs;
import io.clientele.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes: columns say of all members what the exact evaluator says of their histories. */
class MemberColumnsTest {
    private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
    private static final List<String> CONDITIONS =
            List.of(
                    "{\"event\":\"purchase\",\"within\":{\"last\":\"PT40S\"}}",
                    "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":100}",
                    "{\"not\":{\"event\":\"purchase\",\"within\":{\"last\":\"PT1M\"}}}",
                    "{\"attribute\":\"country\",\"equals\":\"TH\"}",
                    "{\"any\":[{\"attribute\":\"country\",\"in\":[\"TH\",\"VN\"]},"
                            + "{\"event\":\"purchase\",\"atLeast\":5}]}");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @RepeatedTest(25)
    void saysWhatTheHistoriesSay(RepetitionInfo run) throws IOException {
        long seed = Seeds.of(run);
        var random = new SplittableRandom(seed);
        var bought = new ArrayList<String>();
        try (var shard = new ShardDriver(folder.resolve("r" + run.getCurrentRepetition()), START)) {
            shard.watermark();
            for (int step = 0; step < 120; step++) {
                step(shard, random, bought);
                if (random.nextInt(6) == 0) {
                    check(shard, random, Seeds.describe(seed) + ", step " + step);
                }
            }
        }
    }

    private static void step(ShardDriver shard, SplittableRandom random, List<String> bought) {
        var member = "m-" + random.nextInt(4);
        var at = shard.now().plusMillis(random.nextLong(-90_000, 20_000));
        var id = "e-" + bought.size();
        var old = bought.isEmpty() ? "none" : bought.get(random.nextInt(bought.size()));
        switch (random.nextInt(8)) {
            case 0 -> shard.pass(Duration.ofMillis(random.nextLong(1, 9_000)));
            case 1 -> shard.watermark();
            case 2 -> shard.retract(old.split(" ")[0], "r-" + id, old.substring(4).strip());
            case 3 -> {
                // In place of another.
                shard.event(
                        old.equals("none") ? member : old.split(" ")[0],
                        id,
                        "purchase",
                        at,
                        Map.of("amount", random.nextInt(10, 60)),
                        old.equals("none")
                                ? null
                                : new EventReference("pos", old.substring(4).strip()),
                        null);
                bought.add((old.equals("none") ? member : old.split(" ")[0]) + " " + id);
            }
            case 4, 5 ->
                    shard.attribute(
                            member,
                            "country",
                            List.of("TH", "VN", "").get(random.nextInt(3)),
                            at,
                            "c-" + random.nextLong());
            default -> {
                shard.purchase(member, id, at, random.nextInt(10, 60));
                bought.add(member + " " + id);
                if (random.nextInt(5) == 0) {
                    // The same once more.
                    shard.purchase(member, id, at, 1);
                }
            }
        }
    }

    private static void check(ShardDriver shard, SplittableRandom random, String told)
            throws IOException {
        ProgramModel model =
                Programs.modelOf(
                        DemoRegistry.settings(ShardDriver.DEMO),
                        DemoRegistry.records(ShardDriver.DEMO));
        var histories = shard.histories();
        var snapshot = shard.view().snapshot(ShardDriver.DEMO);
        assertThat(snapshot.isPresent()).as(told).isEqualTo(!histories.isEmpty());
        if (snapshot.isEmpty()) {
            return;
        }
        var clock = Instant.ofEpochMilli(shard.view().clock());
        for (var at :
                List.of(
                        clock,
                        clock.minusMillis(random.nextLong(60_000)),
                        clock.plusMillis(random.nextLong(20_000)))) {
            for (var json : CONDITIONS) {
                var condition = Conditions.read(Json.mapper().readTree(json), model);
                var expected = new TreeSet<String>();
                for (var history : histories.values()) {
                    if (history.born() <= at.toEpochMilli()
                            && new Evaluator(model).matches(condition, history.history(), at)) {
                        expected.add(history.history().member());
                    }
                }
                assertThat(inside(snapshot.get(), condition, at))
                        .as("%s at %s, clock %s, %s", json, at, clock, told)
                        .isEqualTo(expected);
            }
        }
    }

    private static TreeSet<String> inside(Snapshot snapshot, Condition condition, Instant at) {
        var inside = new TreeSet<String>();
        snapshot.parts(condition, at, 1)
                .members()
                .forEach((int ordinal) -> inside.add(snapshot.id(ordinal)));
        return inside;
    }

    @Test
    void isReadFromTheStoreOnceAndThenFollowed() {
        try (var shard = new ShardDriver(folder, START)) {
            assertThat(shard.view().snapshot(ShardDriver.DEMO)).isEmpty();
            shard.purchase("m-1", "e-1", START, 10);
            var first = shard.view().snapshot(ShardDriver.DEMO).orElseThrow();
            assertThat(shard.view().snapshot(ShardDriver.DEMO)).containsSame(first);
            shard.purchase("m-2", "e-2", START, 10);
            assertThat(first.memberCount()).isEqualTo(1);
            assertThat(shard.view().snapshot(ShardDriver.DEMO).orElseThrow().memberCount())
                    .isEqualTo(2);
        }
    }
}
