package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The evaluator against the oracle, on random members, conditions and instants. */
class DifferentialTest {
    @Test
    void verdictsAgreeWithTheOracle() {
        for (long seed : Seeds.of(6_000)) {
            RandomWorld world = new RandomWorld(seed);
            Evaluator evaluator = new Evaluator(world.model);
            for (int i = 0; i < 6; i++) {
                Instant at = world.instant();
                assertThat(evaluator.matches(world.condition, world.history, at))
                        .as("at %s, %s", at, world.describe())
                        .isEqualTo(world.naive(at));
            }
        }
    }

    @Test
    void nothingFlipsBeforeTheNextFlipAndTheVerdictDiffersAtIt() {
        for (long seed : Seeds.of(500)) {
            RandomWorld world = new RandomWorld(seed);
            Evaluator evaluator = new Evaluator(world.model);
            Instant after = world.instant();
            boolean verdict = world.naive(after);
            Optional<Instant> next =
                    evaluator.nextPossibleFlip(world.condition, world.history, after);
            String told = "after " + after + ", next " + next + ", " + world.describe();
            TreeSet<Instant> instants = world.interesting();
            next.ifPresent(instant -> {
                assertThat(instant).as(told).isAfter(after);
                // What comes again every year without an effect is looked past for decades only.
                if (instant.isBefore(world.base.plus(Duration.ofDays(30 * 365)))) {
                    assertThat(world.naive(instant)).as(told).isNotEqualTo(verdict);
                }
                assertThat(world.naive(instant.minusMillis(1))).as(told).isEqualTo(verdict);
            });
            for (Instant between :
                    next.map(end -> instants.subSet(after, end)).orElse(instants.tailSet(after))) {
                assertThat(world.naive(between)).as("at %s, %s", between, told).isEqualTo(verdict);
            }
        }
    }

    @Test
    void intervalsAreThoseOfAScan() {
        for (long seed : Seeds.of(400)) {
            RandomWorld world = new RandomWorld(seed);
            Evaluator evaluator = new Evaluator(world.model);
            Instant from = world.base.minus(Duration.ofDays(40));
            Instant to = world.base.plus(Duration.ofDays(50));
            List<Interval> intervals =
                    evaluator.intervals(world.condition, world.history, from, to);
            for (Instant instant : world.interesting()) {
                if (instant.isBefore(from) || instant.isAfter(to)) {
                    continue;
                }
                boolean inside = false;
                for (Interval interval : intervals) {
                    Instant until = interval.until();
                    inside |=
                            !instant.isBefore(interval.since())
                                    && (until == null || instant.isBefore(until));
                }
                assertThat(inside)
                        .as("at %s of %s, %s", instant, intervals, world.describe())
                        .isEqualTo(world.naive(instant));
            }
            for (Interval interval : intervals) {
                if (!interval.since().equals(from)) {
                    assertThat(world.naive(interval.since().minusMillis(1)))
                            .as("before %s, %s", interval, world.describe())
                            .isFalse();
                }
            }
        }
    }

    @Test
    void conditionsSurviveWriting() {
        for (long seed : Seeds.of(2_000)) {
            RandomWorld world = new RandomWorld(seed);
            JsonNode written = Conditions.write(world.condition);
            Condition again = Conditions.read(written, world.model);
            assertThat(again).as(world.describe()).isEqualTo(world.condition);
            assertThat(Conditions.write(again)).as(world.describe()).isEqualTo(written);
            assertThat(Conditions.read(Worlds.json(written.toString()), world.model))
                    .as(world.describe())
                    .isEqualTo(world.condition);
        }
    }

    @Test
    void obeysTheLawsOfLogic() {
        for (long seed : Seeds.of(1_000)) {
            RandomWorld one = new RandomWorld(seed);
            Evaluator evaluator = new Evaluator(one.model);
            Condition first = one.condition;
            Condition second = Conditions.read(new RandomWorld(seed + 1).json, one.model);
            Instant at = one.instant();
            boolean a = evaluator.matches(first, one.history, at);
            boolean b = evaluator.matches(second, one.history, at);
            String told = "at " + at + ", " + one.describe();
            assertThat(holds(evaluator, one, at, not(not(first)))).as(told).isEqualTo(a);
            assertThat(holds(evaluator, one, at, not(all(first, second))))
                    .as(told)
                    .isEqualTo(holds(evaluator, one, at, any(not(first), not(second))))
                    .isEqualTo(!(a && b));
            assertThat(holds(evaluator, one, at, not(any(first, second))))
                    .as(told)
                    .isEqualTo(holds(evaluator, one, at, all(not(first), not(second))))
                    .isEqualTo(!(a || b));
            assertThat(holds(evaluator, one, at, new Condition.AtLeast(2, List.of(first, second))))
                    .as(told)
                    .isEqualTo(a && b);
            assertThat(holds(evaluator, one, at, all())).isTrue();
            assertThat(holds(evaluator, one, at, any())).isFalse();
        }
    }

    @Test
    void explanationsSayWhatTheVerdictsSay() {
        for (long seed : Seeds.of(1_000)) {
            RandomWorld world = new RandomWorld(seed);
            Evaluator evaluator = new Evaluator(world.model);
            Instant at = world.instant();
            Explanation explanation = evaluator.explain(world.condition, world.history, at);
            assertThat(explanation.matches()).as(world.describe()).isEqualTo(world.naive(at));
            assertThat(Optional.ofNullable(explanation.nextFlip()))
                    .as(world.describe())
                    .isEqualTo(evaluator.nextPossibleFlip(world.condition, world.history, at));
            check(world, explanation.root(), at);
        }
    }

    private static void check(RandomWorld world, Explanation.Part part, Instant at) {
        String segment = part.segment();
        JsonNode document =
                Objects.requireNonNull(segment == null ? world.json : world.segments.get(segment));
        JsonNode place = document.at(part.pointer());
        assertThat(place.isMissingNode()).as(part.pointer() + world.describe()).isFalse();
        assertThat(part.matches())
                .as("%s at %s, %s", part.pointer(), at, world.describe())
                .isEqualTo(world.naive(place, at));
        assertThat(part.unset() && part.matches() && part.children().isEmpty()).isFalse();
        part.children().forEach(child -> check(world, child, at));
    }

    @Test
    void partsAreCountedAsIfEachWereLeftOutByHand() {
        for (long seed : Seeds.of(1_000)) {
            RandomWorld world = new RandomWorld(seed);
            Evaluator evaluator = new Evaluator(world.model);
            Instant at = world.instant();
            PartCounter counter = evaluator.partCounter(world.condition);
            assertThat(counter.add(world.history, at))
                    .as(world.describe())
                    .isEqualTo(world.naive(at));
            for (PartCount part : counter.parts()) {
                String told = part + " at " + at + ", " + world.describe();
                assertThat(part.count())
                        .as(told)
                        .isEqualTo(world.naive(world.json.at(part.pointer()), at) ? 1 : 0);
                JsonNode rest = leftOut(world.json, part.pointer());
                boolean without = rest == null || world.naive(rest, at);
                assertThat(part.without()).as(told).isEqualTo(without ? 1 : 0);
            }
        }
    }

    /** The document without the part; null if nothing is left. */
    private static @Nullable JsonNode leftOut(JsonNode document, String pointer) {
        if (pointer.isEmpty()) {
            return null;
        }
        int slash = pointer.indexOf('/', 1);
        String key = pointer.substring(1, slash < 0 ? pointer.length() : slash);
        String rest = slash < 0 ? "" : pointer.substring(slash);
        if (key.equals("not")) {
            JsonNode part = leftOut(document.get("not"), rest);
            return part == null ? null : JsonNodeFactory.instance.objectNode().set("not", part);
        }
        int next = rest.indexOf('/', 1);
        int index = Integer.parseInt(rest.substring(1, next < 0 ? rest.length() : next));
        JsonNode part = leftOut(document.get(key).get(index), next < 0 ? "" : rest.substring(next));
        ArrayNode parts = document.get(key).deepCopy();
        if (part == null) {
            parts.remove(index);
        } else {
            parts.set(index, part);
        }
        ObjectNode changed = document.deepCopy();
        changed.set(key, parts);
        return changed;
    }

    private static boolean holds(
            Evaluator evaluator, RandomWorld world, Instant at, Condition condition) {
        return evaluator.matches(condition, world.history, at);
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
