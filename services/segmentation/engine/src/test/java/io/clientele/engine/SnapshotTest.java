package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Questions to a snapshot, on random worlds, against what is counted by hand. */
class SnapshotTest {
    /** Some members of a random program, and an instant. */
    private static final class Group {
        final RandomWorld world;
        final List<RandomWorld> members = new ArrayList<>();
        final Snapshot snapshot;
        final Instant at;
        final String told;

        Group(long seed) {
            world = new RandomWorld(seed);
            members.add(world);
            for (int i = world.random.nextInt(5); i > 0; i--) {
                members.add(world.another());
            }
            Shard shard = new Shard(world.model);
            boolean before = world.random.nextBoolean();
            Instant clock = world.instant();
            if (before) {
                shard.advanceTo(clock);
            }
            members.forEach(member -> shard.put(member.history));
            if (!before) {
                shard.advanceTo(clock);
            }
            snapshot = shard.snapshot();
            at = world.random.nextBoolean() ? clock : world.instant();
            told = "at " + at + ", clock " + clock + ", " + world.describe();
        }

        RoaringBitmap naive() {
            RoaringBitmap satisfying = new RoaringBitmap();
            for (int i = 0; i < members.size(); i++) {
                if (members.get(i).naive(at)) {
                    satisfying.add(i);
                }
            }
            return satisfying;
        }

        /** Those of a condition, by a snapshot that another test holds against the oracle. */
        RoaringBitmap members(Condition condition) {
            return snapshot.members(condition, at, 1);
        }
    }

    private static Condition other(RandomWorld world) {
        return Conditions.read(world.anotherCondition(), world.model);
    }

    /** Against the member by member count, whose parts another test holds against the oracle. */
    @Test
    void partsAreThoseOfTheExactEvaluator() {
        for (long seed : Seeds.of(600)) {
            Group group = new Group(seed);
            Condition condition =
                    switch (group.world.random.nextInt(4)) {
                        case 0 -> group.world.condition;
                        case 1 ->
                                new Condition.Not(
                                        new Condition.All(
                                                List.of(
                                                        group.world.condition,
                                                        other(group.world))));
                        case 2 ->
                                new Condition.Any(
                                        List.of(
                                                new Condition.Not(group.world.condition),
                                                other(group.world)));
                        default ->
                                new Condition.AtLeast(
                                        2,
                                        List.of(
                                                other(group.world),
                                                group.world.condition,
                                                other(group.world)));
                    };
            PartCounter counter = new Evaluator(group.world.model).partCounter(condition);
            RoaringBitmap inside = new RoaringBitmap();
            for (int i = 0; i < group.members.size(); i++) {
                if (counter.add(group.members.get(i).history, group.at)) {
                    inside.add(i);
                }
            }
            Snapshot.Parts parts = group.snapshot.parts(condition, group.at, 2);
            assertThat(parts.members()).as(group.told).isEqualTo(inside);
            assertThat(parts.population()).as(group.told).isEqualTo(counter.members());
            assertThat(parts.parts()).as(group.told).isEqualTo(counter.parts());
        }
    }

    @Test
    void partsOfMoreLeavesThanWordsHaveBits() {
        Group group = new Group(1);
        for (int count : new int[] {1, 12, 13, 64, 65}) {
            List<Condition> leaves = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                leaves.add(new Condition.Sample(BigDecimal.valueOf(90), "salt" + i));
            }
            Condition condition = new Condition.AtLeast((count + 1) / 2, leaves);
            PartCounter counter = new Evaluator(group.world.model).partCounter(condition);
            group.members.forEach(member -> counter.add(member.history, group.at));
            Snapshot.Parts parts = group.snapshot.parts(condition, group.at, 1);
            assertThat(parts.parts()).hasSize(count).isEqualTo(counter.parts());
            assertThat(parts.members().getCardinality()).isEqualTo((int) counter.matching());
        }
    }

    @Test
    void membersCountFromTheirFirstInstantOn() {
        Instant start = Worlds.at("2026-01-01T00:00:00Z");
        Shard shard = new Shard(ProgramModel.builder(ZoneId.of("UTC")).build());
        Condition everybody = new Condition.All(List.of());
        for (int i = 0; i < 200; i++) {
            int member = shard.member("m" + i);
            if (i % 2 == 0) {
                shard.countFrom(member, start.plusSeconds(i));
            }
        }
        Snapshot before = shard.snapshot();
        shard.countFrom(198, start);
        Snapshot after = shard.snapshot();
        Instant later = start.plusSeconds(100);
        assertThat(before.count(everybody, start.minusMillis(1), 1)).isEqualTo(100);
        assertThat(before.count(everybody, start, 1)).isEqualTo(101);
        assertThat(before.count(everybody, later, 2)).isEqualTo(151);
        assertThat(after.count(everybody, later, 2)).isEqualTo(152);
        assertThat(after.count(new Condition.Not(everybody), start, 1)).isZero();
        assertThat(after.parts(everybody, later, 1).population()).isEqualTo(152);
        assertThat(before.count(everybody, start.plusSeconds(500), 1)).isEqualTo(200);
    }

    /** Values that come after the instant asked about, over more members than a word has. */
    @Test
    void valuesThatChangedSinceAreAskedOneByOne() {
        ProgramModel model =
                ProgramModel.builder(ZoneId.of("UTC"))
                        .attribute("tier", ValueType.STRING)
                        .attribute("points", ValueType.NUMBER)
                        .build();
        Instant start = Worlds.at("2026-01-01T00:00:00Z");
        Shard shard = new Shard(model);
        for (int i = 0; i < 300; i++) {
            int member = shard.member("m" + i);
            shard.setAttribute(member, "tier", "silver", start.plusSeconds(i % 3));
            shard.setAttribute(member, "points", i, start.plusSeconds(i % 3));
            if (i % 5 == 0) {
                shard.setAttribute(member, "tier", "gold", start.plusSeconds(10));
            }
        }
        shard.advanceTo(start.plusSeconds(20));
        MemberHistory changed = shard.export("m7");
        Snapshot before = shard.snapshot();
        assertThat(changed).isNotNull();
        Objects.requireNonNull(changed)
                .addAttribute(model, "tier", "gold", start.plusSeconds(15), "crm", "1");
        assertThat(shard.putAttributes(changed)).isEqualTo(7);
        Snapshot after = shard.snapshot();
        Condition silver =
                Worlds.condition(model, "{\"attribute\":\"tier\",\"equals\":\"silver\"}");
        Condition many = Worlds.condition(model, "{\"attribute\":\"points\",\"atLeast\":150}");
        assertThat(before.count(silver, start, 1)).isEqualTo(100);
        assertThat(before.count(silver, start.plusSeconds(1), 1)).isEqualTo(200);
        assertThat(before.count(silver, start.plusSeconds(9), 1)).isEqualTo(300);
        assertThat(before.count(silver, start.plusSeconds(10), 1)).isEqualTo(240);
        assertThat(before.count(many, start.plusSeconds(1), 1)).isEqualTo(100);
        assertThat(after.count(silver, start.plusSeconds(14), 1)).isEqualTo(240);
        assertThat(after.count(silver, start.plusSeconds(15), 1)).isEqualTo(239);
        assertThat(before.count(silver, start.plusSeconds(15), 1)).isEqualTo(240);
    }

    @Test
    void obeysTheLawsOfLogic() {
        for (long seed : Seeds.of(200)) {
            Group group = new Group(seed);
            Condition one = group.world.condition;
            Condition two = other(group.world);
            Condition three = other(group.world);
            RoaringBitmap a = group.members(one);
            RoaringBitmap b = group.members(two);
            RoaringBitmap c = group.members(three);
            RoaringBitmap all = group.members(all());
            assertThat(a).as(group.told).isEqualTo(group.naive());
            assertThat(all.getCardinality()).isEqualTo(group.members.size());
            assertThat(group.members(any()).isEmpty()).isTrue();
            assertThat(group.members(not(not(one)))).as(group.told).isEqualTo(a);
            assertThat(group.members(not(one)))
                    .as(group.told)
                    .isEqualTo(RoaringBitmap.andNot(all, a));
            assertThat(group.members(not(all(one, two))))
                    .as(group.told)
                    .isEqualTo(group.members(any(not(one), not(two))))
                    .isEqualTo(RoaringBitmap.andNot(all, RoaringBitmap.and(a, b)));
            assertThat(group.members(not(any(one, two))))
                    .as(group.told)
                    .isEqualTo(group.members(all(not(one), not(two))));
            assertThat(group.members(any(one, two)).getCardinality())
                    .as(group.told)
                    .isEqualTo(
                            a.getCardinality()
                                    + b.getCardinality()
                                    - group.members(all(one, two)).getCardinality());
            assertThat(group.members(new Condition.AtLeast(2, List.of(one, two, three))))
                    .as(group.told)
                    .isEqualTo(
                            RoaringBitmap.or(
                                    RoaringBitmap.or(
                                            RoaringBitmap.and(a, b), RoaringBitmap.and(a, c)),
                                    RoaringBitmap.and(b, c)));
        }
    }

    @Test
    void longerWindowsHoldMore() {
        for (long seed : Seeds.of(200)) {
            Group group = new Group(seed);
            RoaringBitmap before = new RoaringBitmap();
            for (String last : List.of("PT1H", "P1D", "P2D", "P7D", "P30D", "P365D")) {
                for (String type : List.of("purchase")) {
                    RoaringBitmap now =
                            group.members(
                                    Worlds.condition(
                                            group.world.model,
                                            "{\"event\":\""
                                                    + type
                                                    + "\",\"atLeast\":2,\"within\":{\"last\":\""
                                                    + last
                                                    + "\"}}"));
                    assertThat(now.contains(before)).as(group.told).isTrue();
                    before = now;
                }
            }
        }
    }

    @Test
    void samplesAreOfTheSizeAskedAndOfTheMembers() {
        for (long seed : Seeds.of(200)) {
            Group group = new Group(seed);
            RoaringBitmap wanted = group.naive();
            int size = group.world.random.nextInt(5);
            int[] drawn = group.snapshot.sample(group.world.condition, group.at, size, seed, 1);
            assertThat(drawn).as(group.told).hasSize(Math.min(size, wanted.getCardinality()));
            assertThat(drawn).isSorted().doesNotHaveDuplicates();
            for (int each : drawn) {
                assertThat(wanted.contains(each)).as(group.told).isTrue();
            }
            assertThat(group.snapshot.sample(group.world.condition, group.at, size, seed, 2))
                    .isEqualTo(drawn);
        }
    }

    @Test
    void everyMemberIsAsLikelyToBeDrawn() {
        Shard shard = new Shard(Worlds.shop(ZoneId.of("UTC")));
        for (int i = 0; i < 20; i++) {
            shard.member("m" + i);
        }
        Snapshot snapshot = shard.snapshot();
        int[] times = new int[20];
        for (int seed = 0; seed < 4_000; seed++) {
            for (int each : snapshot.sample(all(), Instant.EPOCH, 5, seed, 1)) {
                times[each]++;
            }
        }
        // A thousand each; five deviations are 140.
        assertThat(Arrays.stream(times)).allMatch(count -> count > 850 && count < 1_150);
    }

    @Test
    void overlapsAreCountedPairByPair() {
        for (long seed : Seeds.of(150)) {
            Group group = new Group(seed);
            List<Condition> conditions =
                    List.of(group.world.condition, other(group.world), other(group.world), any());
            long[][] shared = group.snapshot.overlap(conditions, group.at, 1);
            for (int i = 0; i < conditions.size(); i++) {
                for (int j = 0; j < conditions.size(); j++) {
                    assertThat(shared[i][j])
                            .as(group.told)
                            .isEqualTo(
                                    group.members(all(conditions.get(i), conditions.get(j)))
                                            .getCardinality());
                }
            }
        }
        Snapshot empty = new Shard(Worlds.shop(ZoneId.of("UTC"))).snapshot();
        assertThat(empty.overlap(List.of(), Instant.EPOCH, 1)).isEmpty();
        assertThat(empty.sample(all(), Instant.EPOCH, 3, 1, 2)).isEmpty();
    }

    @Test
    void attributesAreSpreadAsTheirChangesSay() {
        Map<String, ValueType> types =
                Map.of(
                        "country", ValueType.STRING,
                        "income", ValueType.NUMBER,
                        "newsletter", ValueType.BOOLEAN,
                        "interests", ValueType.STRINGS,
                        "birthDate", ValueType.DATE,
                        "enrolledAt", ValueType.TIMESTAMP,
                        "city", ValueType.STRING);
        for (long seed : Seeds.of(120)) {
            Group group = new Group(seed);
            for (String name : types.keySet()) {
                ValueType type = Objects.requireNonNull(types.get(name));
                Snapshot.Distribution found =
                        group.snapshot.distribution(name, group.world.condition, group.at, 1);
                Map<Value, Long> counts = new HashMap<>();
                List<Long> numbers = new ArrayList<>();
                long unset = 0;
                for (int ordinal : group.naive().toArray()) {
                    Value value = inForce(group.members.get(ordinal), name, type, group.at);
                    switch (value) {
                        case null -> unset++;
                        case Value.Texts texts -> {
                            Set<Value> once = new HashSet<>(texts.elements());
                            once.forEach(each -> counts.merge(each, 1L, Long::sum));
                        }
                        case Value.Num number -> numbers.add(AttributeSpec.number(number));
                        case Value.Day day -> numbers.add(AttributeSpec.number(day));
                        case Value.Moment moment -> numbers.add(AttributeSpec.number(moment));
                        default -> counts.merge(value, 1L, Long::sum);
                    }
                }
                numbers.sort(null);
                String told = name + " " + group.told;
                assertThat(found.members()).as(told).isEqualTo(group.naive().getCardinality());
                assertThat(found.unset()).as(told).isEqualTo(unset);
                assertThat(found.numbers())
                        .as(told)
                        .isEqualTo(numbers.stream().mapToLong(Long::longValue).toArray());
                Map<Value, Long> foundCounts = new HashMap<>();
                found.counts()
                        .forEach((text, count) ->
                                foundCounts.merge(
                                        type == ValueType.BOOLEAN
                                                ? new Value.Flag(Boolean.parseBoolean(text))
                                                : new Value.Text(text),
                                        count,
                                        Long::sum));
                assertThat(foundCounts).as(told).isEqualTo(counts);
            }
        }
    }

    /** The value that was the last to come, of those of one instant by source and id. */
    private static @Nullable Value inForce(
            RandomWorld member, String name, ValueType type, Instant at) {
        TreeMap<String, Oracle.Change> changes = new TreeMap<>();
        for (Oracle.Change change : member.inputs.changes()) {
            String reference = change.source() + "/" + change.id();
            if (change.name().equals(name)
                    && !change.at().isAfter(at)
                    && !member.inputs.retracted().contains(reference)) {
                changes.put(
                        String.format(Locale.ROOT, "%020d", change.at().toEpochMilli())
                                + " "
                                + reference,
                        change);
            }
        }
        return changes.isEmpty()
                ? null
                : Value.of(name, type, changes.lastEntry().getValue().value(), member.zone);
    }

    @Test
    void measuresAreSpreadAsEventsSay() {
        for (long seed : Seeds.of(200)) {
            Group group = new Group(seed);
            Condition.Event sum =
                    (Condition.Event)
                            Worlds.condition(
                                    group.world.model,
                                    "{\"event\":\"purchase\",\"within\":{\"last\":\"P7D\"},"
                                            + "\"measure\":{\"sum\":\"amount\"},\"atLeast\":0}");
            Snapshot.Distribution found = group.snapshot.distribution(sum, all(), group.at, 1);
            List<Long> sums = new ArrayList<>();
            for (RandomWorld member : group.members) {
                Set<String> once = new HashSet<>(member.inputs.retracted());
                long total = 0;
                for (Oracle.Sent event : member.inputs.events()) {
                    if (once.add(event.source() + "/" + event.id())
                            && event.type().equals("purchase")
                            && !event.occurredAt().isAfter(group.at)
                            && event.occurredAt().isAfter(group.at.minus(Duration.ofDays(7)))) {
                        total +=
                                ((BigDecimal)
                                                Objects.requireNonNull(
                                                        event.properties().get("amount")))
                                        .movePointRight(6)
                                        .longValueExact();
                    }
                }
                sums.add(total);
            }
            sums.sort(null);
            assertThat(found.members()).isEqualTo(group.members.size());
            assertThat(found.numbers())
                    .as(group.told)
                    .isEqualTo(sums.stream().mapToLong(Long::longValue).toArray());
            assertThat(found.quantile(0)).isEqualTo(sums.getFirst());
            assertThat(found.quantile(1)).isEqualTo(sums.getLast());
            Snapshot.Distribution nobody = group.snapshot.distribution(sum, any(), group.at, 1);
            assertThat(nobody.members()).isZero();
            assertThatThrownBy(() -> nobody.quantile(0.5))
                    .isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void agesAreSpreadLikeAnyAttribute() {
        Shard shard = new Shard(Worlds.shop(ZoneId.of("UTC")));
        Instant start = Worlds.at("2026-01-01T00:00:00Z");
        shard.advanceTo(start);
        for (int i = 0; i < 3; i++) {
            shard.setAttribute(shard.member("m" + i), "birthDate", (1990 + i) + "-06-01", start);
        }
        shard.member("unknown");
        Snapshot.Distribution ages = shard.snapshot().distribution("age", all(), start, 1);
        assertThat(ages.unset()).isEqualTo(1);
        assertThat(ages.numbers()).containsExactly(33_000_000, 34_000_000, 35_000_000);
    }

    @Test
    void explanationsAreThoseOfTheExactEvaluator() {
        for (long seed : Seeds.of(120)) {
            Group group = new Group(seed);
            Evaluator evaluator = new Evaluator(group.world.model);
            for (int ordinal = 0; ordinal < group.members.size(); ordinal++) {
                RandomWorld member = group.members.get(ordinal);
                Explanation found =
                        group.snapshot.explain(group.world.condition, ordinal, group.at);
                Explanation wanted =
                        evaluator.explain(group.world.condition, member.history, group.at);
                assertThat(found.matches()).as(group.told).isEqualTo(member.naive(group.at));
                assertThat(found.nextFlip())
                        .as("member %d, %s", ordinal, group.told)
                        .isEqualTo(wanted.nextFlip());
                compare(found.root(), wanted.root(), "member " + ordinal + ", " + group.told);
            }
        }
    }

    private static void compare(Explanation.Part found, Explanation.Part wanted, String told) {
        assertThat(found.pointer()).as(told).isEqualTo(wanted.pointer());
        assertThat(found.matches()).as(told).isEqualTo(wanted.matches());
        assertThat(found.unset()).as(told).isEqualTo(wanted.unset());
        assertThat(found.threshold()).as(told).isEqualTo(wanted.threshold());
        assertThat(found.nextFlip()).as(told).isEqualTo(wanted.nextFlip());
        assertThat(found.eventCount()).as(told).isEqualTo(wanted.eventCount());
        assertThat(found.children()).hasSameSizeAs(wanted.children());
        for (int i = 0; i < found.children().size(); i++) {
            compare(found.children().get(i), wanted.children().get(i), told);
        }
    }

    private static Condition not(Condition part) {
        return new Condition.Not(part);
    }

    private static Condition all(Condition... parts) {
        return new Condition.All(List.of(parts));
    }

    private static Condition any(Condition... parts) {
        return new Condition.Any(List.of(parts));
    }
}
