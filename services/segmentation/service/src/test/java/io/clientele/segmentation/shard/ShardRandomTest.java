package io.clientele.segmentation.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.common.json.Json;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.engine.Conditions;
import io.clientele.engine.Evaluator;
import io.clientele.engine.MemberHistory;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.DemoRegistry;
import io.clientele.segmentation.program.Programs;
import io.clientele.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the order in which events, retractions, outages and definitions come: what was published
 * adds up to what the engine says of the whole history.
 */
class ShardRandomTest {
    private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
    private static final Map<String, String> SEGMENTS =
            Map.of(
                    "recent", "{\"event\":\"purchase\",\"within\":{\"last\":\"PT40S\"}}",
                    "twice",
                            "{\"event\":\"purchase\",\"within\":{\"last\":\"PT2M\"},\"atLeast\":2}",
                    "spender",
                            "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},"
                                    + "\"atLeast\":100}",
                    "quiet", "{\"not\":{\"event\":\"purchase\",\"within\":{\"last\":\"PT1M\"}}}",
                    "before",
                            "{\"event\":\"purchase\",\"within\":{\"from\":{\"ago\":\"PT3M\"},"
                                    + "\"to\":{\"ago\":\"PT1M\"}}}");
    private static final String EDITED =
            "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":150}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private record Bought(String member, String id, Instant at, int amount) {}

    private record Told(Instant since, Instant until) {}

    @RepeatedTest(25)
    void publishesWhatTheEngineSaysOfTheWholeHistory(RepetitionInfo run) throws IOException {
        long seed = Seeds.of(run);
        var random = new SplittableRandom(seed);
        var bought = new ArrayList<Bought>();
        var retracted = new HashSet<String>();
        var firstRetraction = new TreeMap<String, Instant>();
        var ledger = new TreeMap<String, List<Told>>();
        Instant edited;
        Instant end;
        try (var shard = new ShardDriver(folder.resolve("r" + run.getCurrentRepetition()), START)) {
            shard.watermark();
            for (var segment : SEGMENTS.entrySet()) {
                shard.define(segment.getKey(), 1, segment.getValue());
            }
            step(shard, random, 40, bought, retracted, firstRetraction);
            edited = Instant.ofEpochMilli(shard.view().clock());
            shard.define("spender", 2, EDITED);
            step(shard, random, 40, bought, retracted, firstRetraction);
            shard.live(Duration.ofMinutes(12));
            end = Instant.ofEpochMilli(shard.view().clock());
            long sequence = 0;
            var sequences = new TreeMap<String, Long>();
            for (var record : shard.out()) {
                tell(ledger, record);
                if (record instanceof SegmentMembershipRecord.Changed changed) {
                    sequence = sequences.merge(changed.member().value(), 1L, Long::sum);
                    assertThat(changed.sequence()).as(Seeds.describe(seed)).isEqualTo(sequence);
                }
            }
        }
        forgetWhatWasOver(ledger);
        assertThat(ledger)
                .as(Seeds.describe(seed))
                .isEqualTo(expected(bought, retracted, firstRetraction, edited, end));
    }

    private static void step(
            ShardDriver shard,
            SplittableRandom random,
            int steps,
            List<Bought> bought,
            Set<String> retracted,
            Map<String, Instant> firstRetraction) {
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(8)) {
                case 0 -> shard.live(Duration.ofMillis(random.nextLong(1, 30_000)));
                case 1 -> shard.pass(Duration.ofMillis(random.nextLong(1, 9_000)));
                case 2 -> shard.watermark();
                case 3 -> {
                    if (!bought.isEmpty()) {
                        var victim = bought.get(random.nextInt(bought.size()));
                        retracted.add(victim.id());
                        // An event of the member too, and perhaps before one that is to come.
                        firstRetraction.putIfAbsent(victim.member(), shard.now());
                        shard.retract(victim.member(), "r-" + bought.size() + "-" + i, victim.id());
                    }
                }
                default -> {
                    long offset =
                            random.nextInt(3) == 0
                                    ? random.nextLong(-300_000, 120_000)
                                    : random.nextLong(-2_000, 10);
                    var purchase =
                            new Bought(
                                    "m-" + random.nextInt(3),
                                    "e-" + bought.size(),
                                    shard.now().plusMillis(offset),
                                    random.nextInt(10, 60));
                    bought.add(purchase);
                    shard.purchase(
                            purchase.member(), purchase.id(), purchase.at(), purchase.amount());
                }
            }
        }
    }

    /** What a reader of history makes of a record. */
    private static void tell(TreeMap<String, List<Told>> ledger, SegmentMembershipRecord record) {
        var key = record.member() + " " + record.segment();
        var told = ledger.computeIfAbsent(key, unused -> new ArrayList<>());
        switch (record) {
            case SegmentMembershipRecord.Changed changed -> {
                cut(told, changed.at());
                if (changed.change() == MembershipChange.ENTERED) {
                    add(told, changed.at(), Instant.MAX);
                }
            }
            case SegmentMembershipRecord.Corrected corrected -> {
                cut(told, corrected.from());
                for (var interval : corrected.intervals()) {
                    var until = interval.until();
                    add(told, interval.since(), until == null ? Instant.MAX : until);
                }
            }
        }
        if (told.isEmpty()) {
            ledger.remove(key);
        }
    }

    private static void cut(List<Told> told, Instant at) {
        told.removeIf(stay -> !stay.since().isBefore(at));
        if (!told.isEmpty() && told.getLast().until().isAfter(at)) {
            told.add(new Told(told.removeLast().since(), at));
        }
    }

    private static void add(List<Told> told, Instant since, Instant until) {
        if (!told.isEmpty() && told.getLast().until().equals(since)) {
            told.add(new Told(told.removeLast().since(), until));
        } else {
            told.add(new Told(since, until));
        }
    }

    private static TreeMap<String, List<Told>> expected(
            List<Bought> bought,
            Set<String> retracted,
            Map<String, Instant> firstRetraction,
            Instant edited,
            Instant end)
            throws IOException {
        ProgramModel model =
                Programs.modelOf(
                        DemoRegistry.settings(ShardDriver.DEMO),
                        DemoRegistry.records(ShardDriver.DEMO));
        var evaluator = new Evaluator(model);
        var expected = new TreeMap<String, List<Told>>();
        for (int i = 0; i < 3; i++) {
            var member = "m-" + i;
            var history = new MemberHistory(member);
            var born = firstRetraction.getOrDefault(member, Instant.MAX);
            for (var purchase : bought) {
                if (purchase.member().equals(member)) {
                    born = purchase.at().isBefore(born) ? purchase.at() : born;
                    if (!retracted.contains(purchase.id())) {
                        history.addEvent(
                                model,
                                "pos",
                                purchase.id(),
                                "purchase",
                                purchase.at(),
                                Map.of("amount", purchase.amount()));
                    }
                }
            }
            if (born.isAfter(end)) {
                continue;
            }
            for (var segment : SEGMENTS.entrySet()) {
                var stays = new ArrayList<Told>();
                boolean isEdited = segment.getKey().equals("spender");
                collect(
                        stays,
                        evaluator,
                        segment.getValue(),
                        history,
                        born,
                        isEdited ? edited : end,
                        isEdited);
                if (isEdited) {
                    collect(stays, evaluator, EDITED, history, later(born, edited), end, false);
                }
                if (!stays.isEmpty()) {
                    expected.put(member + " " + segment.getKey(), stays);
                }
            }
        }
        forgetWhatWasOver(expected);
        return expected;
    }

    /** Stays that were over when recording began need not be told. */
    private static void forgetWhatWasOver(TreeMap<String, List<Told>> stays) {
        var recordedFrom = START.minusMillis(ShardClock.DELAY_MILLIS);
        stays.values().forEach(all -> all.removeIf(it -> !it.until().isAfter(recordedFrom)));
        stays.values().removeIf(List::isEmpty);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static void collect(
            List<Told> stays,
            Evaluator evaluator,
            String condition,
            MemberHistory history,
            Instant from,
            Instant to,
            boolean isClosed)
            throws IOException {
        var last = isClosed ? to.minusMillis(1) : to;
        if (from.isAfter(last)) {
            return;
        }
        var read = Conditions.read(Json.mapper().readTree(condition), evaluator.model());
        for (var interval : evaluator.intervals(read, history, from, last)) {
            var until = interval.until();
            var open = isClosed ? to : Instant.MAX;
            add(stays, interval.since(), until == null ? open : until);
        }
    }
}
