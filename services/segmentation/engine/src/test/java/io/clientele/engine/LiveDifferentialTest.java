package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/**
 * A shard that follows segments, against the oracle: after every input, at every instant on the way
 * of the clock, and over every edit, for members whose inputs come in any order, twice and are
 * taken back.
 */
class LiveDifferentialTest {
    private static final String FOLLOWED = "followed";

    @Test
    void memberSegmentsAreThoseOfTheOracleAtEveryInstant() {
        for (long seed : Seeds.of(8_000)) {
            RandomWorld world = new RandomWorld(seed);
            // What was recorded is the shard's own doing here; ShardTest looks at it.
            if (!recordsMatter(world.json)
                    && world.segments.values().stream()
                            .noneMatch(LiveDifferentialTest::recordsMatter)) {
                new Run(world).run();
            }
        }
    }

    private static boolean recordsMatter(JsonNode condition) {
        String text = condition.toString();
        return text.contains("\"entered\"") || text.contains("\"left\"");
    }

    /** One thing sent of a member. */
    private interface Input {
        void send();
    }

    private record Told(Instant at, boolean entered, Shard.Cause cause) {}

    /** A member as it is known so far. */
    private static final class Subject {
        final RandomWorld world;
        final String id;
        MemberHistory history;
        final List<Oracle.Sent> events = new ArrayList<>();
        final List<Oracle.Change> changes = new ArrayList<>();
        final List<Oracle.Change> scores = new ArrayList<>();
        final Set<String> retracted = new HashSet<>();
        final List<Told> told = new ArrayList<>();
        int ordinal;
        boolean inside;

        Subject(RandomWorld world) {
            this.world = world;
            this.id = world.history.member();
            this.history = new MemberHistory(id);
        }

        Oracle.Inputs known() {
            return new Oracle.Inputs(events, changes, retracted, List.of(), scores);
        }
    }

    private static final class Run {
        private final RandomWorld world;
        private final List<Subject> subjects = new ArrayList<>();
        private final Map<Integer, Subject> byOrdinal = new HashMap<>();
        private final Shard shard;
        private final List<String> log = new ArrayList<>();
        private JsonNode json;
        private boolean defined;
        private @Nullable Subject newcomer;
        private Instant clock;

        Run(RandomWorld world) {
            this.world = world;
            this.json = world.json;
            subjects.add(new Subject(world));
            for (int i = world.random.nextInt(3); i > 0; i--) {
                subjects.add(new Subject(world.another()));
            }
            shard =
                    new Shard(
                            world.model,
                            (segment, member, entered, at, cause) ->
                                    told(
                                            member,
                                            new Told(Instant.ofEpochMilli(at), entered, cause)));
            clock = new TreeSet<>(instants()).first();
        }

        private void told(int member, Told told) {
            Subject subject = byOrdinal.get(member);
            if (subject == null) {
                // Its first word comes before it is known by its ordinal.
                subject = Objects.requireNonNull(newcomer);
            }
            assertThat(told.entered())
                    .as("told twice, %s", describe(subject))
                    .isNotEqualTo(subject.inside);
            subject.inside = told.entered();
            subject.told.add(told);
        }

        private List<Instant> instants() {
            List<Instant> all = new ArrayList<>();
            subjects.forEach(subject -> all.addAll(subject.world.interesting()));
            return all;
        }

        void run() {
            log.add("clock " + clock);
            shard.advanceTo(clock);
            subjects.forEach(subject -> subject.ordinal = -1);
            if (world.random.nextBoolean()) {
                define();
            }
            List<Input> inputs = new ArrayList<>();
            for (Subject subject : subjects) {
                inputs.addAll(inputs(subject));
            }
            Collections.shuffle(inputs, world.random);
            List<Instant> instants = instants();
            for (Input input : inputs) {
                if (world.random.nextInt(3) == 0) {
                    advance(instants.get(world.random.nextInt(instants.size())), instants);
                }
                input.send();
                check();
                if (world.random.nextInt(12) == 0) {
                    define();
                    check();
                }
                if (world.random.nextInt(20) == 0 && defined) {
                    json = world.anotherCondition();
                    if (recordsMatter(json)) {
                        json = world.json;
                    }
                    define();
                    check();
                }
            }
            for (int i = 0; i < 6; i++) {
                advance(instants.get(world.random.nextInt(instants.size())), instants);
                check();
            }
        }

        private void define() {
            log.add("define " + json);
            Shard.Difference difference =
                    shard.define(FOLLOWED, Conditions.read(json, world.model));
            defined = true;
            for (Subject subject : subjects) {
                if (subject.ordinal >= 0) {
                    RoaringBitmap changed =
                            subject.inside ? difference.left() : difference.entered();
                    RoaringBitmap other = subject.inside ? difference.entered() : difference.left();
                    assertThat(other.contains(subject.ordinal)).as(describe(subject)).isFalse();
                    if (changed.contains(subject.ordinal)) {
                        subject.inside = !subject.inside;
                    }
                }
            }
        }

        private void put(Subject subject) {
            log.add("put " + subject.id);
            newcomer = subject;
            subject.ordinal = shard.put(subject.history);
            byOrdinal.put(subject.ordinal, subject);
        }

        private int member(Subject subject) {
            if (subject.ordinal < 0) {
                newcomer = subject;
                subject.ordinal = shard.member(subject.id);
                byOrdinal.put(subject.ordinal, subject);
            }
            return subject.ordinal;
        }

        private List<Input> inputs(Subject subject) {
            List<Input> inputs = new ArrayList<>();
            Oracle.Inputs all = subject.world.inputs;
            inputs.add(() -> member(subject));
            for (Oracle.Sent event : all.events()) {
                inputs.add(() -> send(subject, event));
            }
            for (Oracle.Change change : all.changes()) {
                inputs.add(() -> change(subject, change, false));
            }
            for (Oracle.Change score : all.scores()) {
                inputs.add(() -> change(subject, score, true));
            }
            for (String reference : all.retracted()) {
                inputs.add(() -> retract(subject, reference));
            }
            if (world.random.nextInt(3) == 0) {
                inputs.add(() -> put(subject));
            }
            if (world.random.nextInt(4) == 0) {
                inputs.add(() -> removeAndPut(subject));
            }
            return inputs;
        }

        private void removeAndPut(Subject subject) {
            log.add("remove " + subject.id);
            shard.remove(subject.id);
            assertThat(subject.inside).as("removed, %s", describe(subject)).isFalse();
            byOrdinal.remove(subject.ordinal);
            subject.ordinal = -1;
            put(subject);
        }

        private void send(Subject subject, Oracle.Sent event) {
            log.add("event " + event);
            subject.events.add(event);
            boolean isNew =
                    subject.history.addEvent(
                            world.model,
                            event.source(),
                            event.id(),
                            event.type(),
                            event.occurredAt(),
                            event.properties());
            if (isNew) {
                shard.addEvent(
                        member(subject), event.type(), event.occurredAt(), event.properties());
            }
        }

        private void change(Subject subject, Oracle.Change change, boolean isScore) {
            log.add((isScore ? "score " : "change ") + change);
            List<Oracle.Change> before = isScore ? subject.scores : subject.changes;
            boolean alone =
                    before.stream()
                            .noneMatch(it ->
                                    it.name().equals(change.name()) && it.at().equals(change.at()));
            before.add(change);
            boolean isNew =
                    isScore
                            ? subject.history.addScore(
                                    world.model,
                                    change.name(),
                                    change.value(),
                                    change.at(),
                                    change.source(),
                                    change.id())
                            : subject.history.addAttribute(
                                    world.model,
                                    change.name(),
                                    change.value(),
                                    change.at(),
                                    change.source(),
                                    change.id());
            if (!isNew) {
                return;
            }
            if (!alone) {
                // Which of one instant counts, histories know.
                put(subject);
            } else if (isScore) {
                shard.setScore(member(subject), change.name(), change.value(), change.at());
            } else {
                shard.setAttribute(member(subject), change.name(), change.value(), change.at());
            }
        }

        private void retract(Subject subject, String reference) {
            log.add("retract " + reference);
            subject.retracted.add(reference);
            String[] parts = reference.split("/", -1);
            subject.history.retract(parts[0], parts[1]);
            Oracle.Sent known =
                    subject.events.stream()
                            .filter(it -> (it.source() + "/" + it.id()).equals(reference))
                            .findFirst()
                            .orElse(null);
            if (known != null && world.random.nextBoolean() && !hasChange(subject, reference)) {
                boolean removed =
                        shard.removeEvent(
                                member(subject),
                                known.type(),
                                known.occurredAt(),
                                known.properties());
                assertThat(removed).as(describe(subject)).isTrue();
            } else {
                put(subject);
            }
        }

        private static boolean hasChange(Subject subject, String reference) {
            return subject.changes.stream()
                            .anyMatch(it -> (it.source() + "/" + it.id()).equals(reference))
                    || subject.scores.stream()
                            .anyMatch(it -> (it.source() + "/" + it.id()).equals(reference));
        }

        private void advance(Instant to, List<Instant> instants) {
            if (!to.isAfter(clock)) {
                return;
            }
            log.add("advance to " + to);
            Map<Subject, Boolean> before = new HashMap<>();
            subjects.forEach(subject -> {
                before.put(subject, subject.inside);
                subject.told.clear();
            });
            int budget = 1 + world.random.nextInt(20);
            while (!shard.advanceTo(to, budget)) {
                assertThat(shard.clock()).isBeforeOrEqualTo(to);
            }
            assertThat(shard.clock()).isEqualTo(to);
            Instant from = clock;
            clock = to;
            if (!defined) {
                return;
            }
            for (Subject subject : subjects) {
                if (subject.ordinal >= 0) {
                    checkWay(subject, before.getOrDefault(subject, false), from, instants);
                }
            }
        }

        private void checkWay(
                Subject subject, boolean before, Instant from, List<Instant> instants) {
            Set<Instant> seen = new TreeSet<>();
            for (Told told : subject.told) {
                assertThat(seen.add(told.at()))
                        .as("twice at one instant, %s", describe(subject))
                        .isTrue();
                assertThat(told.at()).as(describe(subject)).isAfter(from).isBeforeOrEqualTo(clock);
            }
            for (int i = 0; i < 5; i++) {
                seen.add(instants.get(world.random.nextInt(instants.size())));
            }
            subject.told.forEach(told -> seen.add(told.at().minusMillis(1)));
            for (Instant at : seen) {
                if (!at.isAfter(from) || at.isAfter(clock)) {
                    continue;
                }
                boolean inside = before;
                for (Told told : subject.told) {
                    if (!told.at().isAfter(at)) {
                        inside = told.entered();
                    }
                }
                assertThat(inside)
                        .as("at %s, told %s, %s", at, subject.told, describe(subject))
                        .isEqualTo(subject.world.naive(json, subject.known(), at));
            }
        }

        private void check() {
            if (!defined) {
                return;
            }
            int size = 0;
            for (Subject subject : subjects) {
                if (subject.ordinal >= 0) {
                    assertThat(subject.inside)
                            .as("clock %s, %s", clock, describe(subject))
                            .isEqualTo(subject.world.naive(json, subject.known(), clock));
                    size += subject.inside ? 1 : 0;
                }
            }
            assertThat(shard.size(FOLLOWED)).as(describe(subjects.getFirst())).isEqualTo(size);
        }

        private String describe(Subject subject) {
            return "member "
                    + subject.id
                    + ", world of seed "
                    + world.seed
                    + " (replay with -Dtest.seed="
                    + world.seed
                    + ")\ncondition "
                    + json
                    + "\nsegments "
                    + world.segments
                    + "\nzone "
                    + world.zone
                    + "\n"
                    + String.join("\n", log);
        }
    }
}
