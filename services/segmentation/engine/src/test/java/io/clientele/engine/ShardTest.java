package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/** A shard at its edges: calendars, sizes, merges, removal, edits. */
class ShardTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Instant START = Worlds.at("2026-01-01T00:00:00Z");
    private static final String LAST_DAY = "{\"event\":\"purchase\",\"within\":{\"last\":\"P1D\"}}";
    private static final String EVER = "{\"event\":\"purchase\"}";

    private static LiveShard shop(String zone) {
        LiveShard live = new LiveShard(Worlds.shop(ZoneId.of(zone)));
        live.shard.advanceTo(START);
        return live;
    }

    // Calendars

    @ParameterizedTest
    @CsvSource({
        // Days of 23 and of 25 hours.
        "Europe/Berlin, current day, 2026-03-29T00:30:00Z, +2026-03-29T00:30:00Z"
                + " -2026-03-29T22:00:00Z",
        "Europe/Berlin, previous day, 2026-03-29T00:30:00Z, +2026-03-29T22:00:00Z"
                + " -2026-03-30T22:00:00Z",
        "Europe/Berlin, current day, 2026-10-24T23:00:00Z, +2026-10-24T23:00:00Z"
                + " -2026-10-25T23:00:00Z",
        "America/New_York, current day, 2026-11-01T05:30:00Z, +2026-11-01T05:30:00Z"
                + " -2026-11-02T05:00:00Z",
        // What rolls counts hours, whatever clocks do.
        "Europe/Berlin, last P1D, 2026-03-28T20:00:00Z, +2026-03-28T20:00:00Z"
                + " -2026-03-29T20:00:00Z",
        // Ends of months, a leap day, ends of years.
        "UTC, current month, 2026-01-31T23:59:59.999Z, +2026-01-31T23:59:59.999Z"
                + " -2026-02-01T00:00:00Z",
        "UTC, previous month, 2026-01-31T12:00:00Z, +2026-02-01T00:00:00Z -2026-03-01T00:00:00Z",
        "UTC, current day, 2028-02-29T12:00:00Z, +2028-02-29T12:00:00Z -2028-03-01T00:00:00Z",
        "UTC, previous month, 2028-02-29T12:00:00Z, +2028-03-01T00:00:00Z -2028-04-01T00:00:00Z",
        "UTC, current year, 2027-12-31T23:00:00Z, +2027-12-31T23:00:00Z -2028-01-01T00:00:00Z",
        "UTC, last P30D, 2028-02-28T00:00:00Z, +2028-02-28T00:00:00Z -2028-03-29T00:00:00Z",
        // Zones of halves of hours, and one that left out a day.
        "Asia/Kolkata, current day, 2026-02-01T18:29:59Z, +2026-02-01T18:29:59Z"
                + " -2026-02-01T18:30:00Z",
        "Asia/Kolkata, current day, 2026-02-01T18:30:00Z, +2026-02-01T18:30:00Z"
                + " -2026-02-02T18:30:00Z",
    })
    void windowsEndWhereTheProgramsCalendarSays(
            String zone, String window, String at, String wanted) {
        String[] words = window.split(" ");
        String json =
                "{\"event\":\"purchase\",\"within\":{\"" + words[0] + "\":\"" + words[1] + "\"}}";
        for (boolean before : new boolean[] {true, false}) {
            LiveShard live = shop(zone);
            int member = live.shard.member("m");
            live.define("s", json);
            if (!before) {
                live.advance(at);
            }
            live.buy(member, at, "1");
            live.shard.advanceTo(Worlds.at(at).plus(Duration.ofDays(400)));
            assertThat(String.join(" ", live.changes("s", member))).isEqualTo(wanted);
            live.check(window);
        }
    }

    @Test
    void agesAndAnniversariesOfALeapDay() {
        LiveShard live = shop("Europe/Berlin");
        int member = live.shard.member("m");
        live.define("adult", "{\"attribute\":\"age\",\"atLeast\":18}");
        live.define("soon", "{\"attribute\":\"birthDate\",\"anniversaryWithinNext\":\"P1D\"}");
        live.shard.setAttribute(member, "birthDate", "2008-02-29", START);
        MemberHistory history = Objects.requireNonNull(live.shard.export("m"));
        Evaluator evaluator = new Evaluator(live.shard.model());
        Instant end = Worlds.at("2032-06-01T00:00:00Z");
        live.shard.advanceTo(end);
        List<LiveShard.Told> told = List.copyOf(live.told);
        for (String key : List.of("adult", "soon")) {
            List<String> changes = new ArrayList<>();
            evaluator
                    .intervals(
                            Objects.requireNonNull(live.shard.model().segments().get(key)),
                            history,
                            START,
                            end)
                    .forEach(interval -> {
                        changes.add("+" + interval.since());
                        Instant until = interval.until();
                        if (until != null) {
                            changes.add("-" + until);
                        }
                    });
            assertThat(
                            told.stream()
                                    .filter(it -> it.segment().equals(key))
                                    .map(it -> (it.entered() ? "+" : "-") + it.at()))
                    .as(key)
                    .isEqualTo(changes)
                    .isNotEmpty();
        }
        assertThat(told).anyMatch(it -> it.at().equals(Worlds.at("2028-02-28T23:00:00Z")));
        live.check("leap day");
    }

    // Sizes

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 65_535, 65_536, 65_537})
    void anyNumberOfMembers(int size) {
        LiveShard live = shop("UTC");
        live.define("ever", EVER);
        for (int i = 0; i < size; i++) {
            int member = live.shard.member("m" + i);
            assertThat(member).isEqualTo(i);
            if (i % 3 == 0) {
                live.shard.setAttribute(member, "country", i % 2 == 0 ? "TH" : "VN", START);
            }
            if (i % 5 == 0 || i == size - 1) {
                live.buy(member, START, "10");
            }
        }
        Shard.Difference difference =
                live.define(
                        "mixed",
                        "{\"any\":[{\"not\":{\"attribute\":\"country\",\"exists\":true}},"
                            + "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":10}]}");
        RoaringBitmap wanted = new RoaringBitmap();
        RoaringBitmap buyers = new RoaringBitmap();
        for (int i = 0; i < size; i++) {
            if (i % 5 == 0 || i == size - 1) {
                buyers.add(i);
            }
            if (i % 3 != 0 || buyers.contains(i)) {
                wanted.add(i);
            }
        }
        assertThat(difference.entered()).isEqualTo(wanted);
        assertThat(live.inside("ever")).isEqualTo(buyers);
        Snapshot snapshot = live.shard.snapshot();
        assertThat(snapshot.memberCount()).isEqualTo(size);
        for (int threads : new int[] {1, 2, 5}) {
            assertThat(snapshot.count(live.condition("{\"all\":[]}"), START, threads))
                    .isEqualTo(size);
            assertThat(snapshot.count(live.condition("{\"any\":[]}"), START, threads)).isZero();
            assertThat(snapshot.members(live.condition(EVER), START, threads)).isEqualTo(buyers);
        }
        live.check("size " + size);
        assertThat(live.drop("ever").left()).isEqualTo(buyers);
        if (size > 0) {
            assertThat(snapshot.id(size - 1)).isEqualTo("m" + (size - 1));
        }
    }

    @Test
    void attributesThatNobodyHas() {
        LiveShard live = shop("UTC");
        List<String> leaves =
                List.of(
                        "{\"attribute\":\"country\",\"exists\":true}",
                        "{\"attribute\":\"country\",\"equals\":\"TH\"}",
                        "{\"attribute\":\"age\",\"atLeast\":0}",
                        "{\"attribute\":\"income\",\"atMost\":0}",
                        "{\"attribute\":\"interests\",\"containsAll\":[\"a\",\"b\"]}",
                        "{\"attribute\":\"newsletter\",\"equals\":false}",
                        "{\"attribute\":\"home\",\"withinKm\":{\"of\":{\"store\":\"s1\"},\"km\":20000}}",
                        "{\"attribute\":\"contractEnd\",\"before\":\"2999-01-01\"}",
                        "{\"attribute\":\"enrolledAt\",\"withinLast\":\"P1D\"}",
                        "{\"score\":\"rank.spend\",\"atLeast\":-5}",
                        "{\"event\":\"purchase\",\"measure\":{\"max\":\"amount\"},\"atMost\":9}");
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 70; i++) {
                int member = live.shard.member("m" + i);
                if (round == 1) {
                    // There are columns now, and all cells are unset again.
                    for (Object[] one :
                            new Object[][] {
                                {"country", "TH"},
                                {"birthDate", "2000-01-01"},
                                {"income", 3},
                                {"interests", List.of("a", "b")},
                                {"newsletter", false},
                                {"home", Map.of("latitude", 13, "longitude", 100)},
                                {"contractEnd", "2027-01-01"},
                                {"enrolledAt", "2026-01-01T00:00:00Z"}
                            }) {
                        String name = (String) one[0];
                        live.shard.setAttribute(member, name, one[1], START);
                        live.shard.setAttribute(member, name, null, START);
                    }
                    live.shard.setScore(member, "rank.spend", 1, START);
                    live.shard.setScore(member, "rank.spend", null, START);
                }
            }
            Snapshot snapshot = live.shard.snapshot();
            for (int i = 0; i < leaves.size(); i++) {
                Condition leaf = live.condition(leaves.get(i));
                assertThat(snapshot.count(leaf, START, 1)).as(leaves.get(i)).isZero();
                assertThat(snapshot.count(new Condition.Not(leaf), START, 1))
                        .as(leaves.get(i))
                        .isEqualTo(70);
                live.define("s" + i, "{\"not\":" + leaves.get(i) + "}");
                assertThat(live.shard.size("s" + i)).as(leaves.get(i)).isEqualTo(70);
            }
            live.shard.advanceTo(START.plus(Duration.ofHours(1L + round)));
            live.check("nobody");
        }
    }

    @Test
    void equalInstantsAreSettledTogether() {
        LiveShard live = shop("UTC");
        int member = live.shard.member("m");
        live.define("two", "{\"event\":\"purchase\",\"within\":{\"last\":\"P1D\"},\"equals\":2}");
        live.define("one", "{\"event\":\"purchase\",\"within\":{\"last\":\"P1D\"},\"equals\":1}");
        live.buy(member, "2026-01-02T00:00:00Z", "1");
        live.buy(member, "2026-01-02T00:00:00Z", "1");
        // As these leave, others come: there are two at each instant.
        live.buy(member, "2026-01-03T00:00:00Z", "1");
        live.buy(member, "2026-01-03T00:00:00Z", "1");
        live.advance("2026-01-05T00:00:00Z");
        assertThat(live.told.stream().filter(it -> it.segment().equals("one"))).isEmpty();
        assertThat(live.changes("two", member))
                .containsExactly("+2026-01-02T00:00:00Z", "-2026-01-04T00:00:00Z");
        live.check("equal instants");
    }

    // What is not known

    @Test
    void refusesWhatTheProgramDoesNotDeclare() {
        LiveShard live = shop("UTC");
        int member = live.shard.member("m");
        live.define("ever", EVER);
        assertThat(live.shard.setAttribute(member, "shoeSize", 43, START)).isFalse();
        assertThat(live.shard.setAttribute(member, "email", "a@b.example", START)).isFalse();
        assertThat(live.shard.setScore(member, "nps", 1, START)).isFalse();
        assertThat(live.shard.addEvent(member, "visit", START, Map.of())).isFalse();
        assertThat(live.shard.removeEvent(member, "visit", START, Map.of())).isFalse();
        assertThat(live.shard.remove("nobody")).isFalse();
        assertThat(live.shard.export("nobody")).isNull();
        assertThat(live.shard.size("nothing")).isEqualTo(-1);
        assertThat(live.shard.drop("nothing").left().isEmpty()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> live.shard.appender("visit"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> live.shard.setAttribute(member, "income", "much", START));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        live.shard.addEvent(member, "purchase", START, Map.of("amount", "much")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> live.shard.advanceTo(START.minusMillis(1)));
        assertThat(live.told).isEmpty();
        live.check("nothing happened");
    }

    @Test
    void addsNothingOfAnEventWithABadLine() {
        LiveShard live = shop("UTC");
        int member = live.shard.member("m");
        live.define("ever", EVER);
        live.define("items", "{\"event\":\"purchase.item\"}");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        live.shard.addEvent(
                                member,
                                "purchase",
                                START,
                                Map.of(
                                        "amount",
                                        1,
                                        "items",
                                        List.of(Map.of("amount", 1), Map.of("amount", "much")))));
        assertThat(live.told).isEmpty();
        live.check("nothing added");
        assertThat(Objects.requireNonNull(live.shard.export("m")).eventCount()).isZero();
    }

    // The clock

    @Test
    void aShardWhoseClockNeverMovedFollowsWhatComes() {
        LiveShard live = new LiveShard(Worlds.shop(ZoneId.of("Europe/Berlin")));
        List<String> conditions =
                List.of(
                        EVER,
                        LAST_DAY,
                        "{\"not\":" + LAST_DAY + "}",
                        "{\"event\":\"purchase\",\"within\":{\"current\":\"month\"}}",
                        "{\"event\":\"purchase\",\"within\":{\"from\":\"2026-01-01\",\"to\":\"2026-02-01\"}}",
                        "{\"event\":\"purchase\",\"measure\":{\"distinct\":\"store\"},\"equals\":1}",
                        "{\"trend\":{\"event\":\"purchase\",\"period\":\"P1D\"},\"atLeast\":0}",
                        "{\"attribute\":\"age\",\"atLeast\":18}",
                        "{\"attribute\":\"country\",\"equals\":\"TH\"}",
                        "{\"attribute\":\"enrolledAt\",\"withinLast\":\"P1D\"}",
                        "{\"attribute\":\"contractEnd\",\"withinNext\":\"P30D\"}");
        live.shard.member("before");
        for (int i = 0; i < conditions.size(); i++) {
            live.define("s" + i, conditions.get(i));
        }
        for (Instant at :
                List.of(
                        Worlds.at("0001-01-01T00:00:00Z"),
                        Worlds.at("1969-12-31T23:59:59.999Z"),
                        START,
                        Worlds.at("9999-12-31T23:59:59.999Z"))) {
            int member = live.shard.member("m" + at);
            live.shard.addEvent(member, "purchase", at, Map.of("amount", 3, "store", "s1"));
            live.shard.setAttribute(member, "birthDate", "2000-02-29", at);
            live.shard.setAttribute(member, "country", "TH", at);
            live.shard.setAttribute(member, "enrolledAt", START.toString(), at);
            live.shard.setAttribute(member, "contractEnd", "2026-01-20", at);
            live.check("never advanced");
        }
        live.define("late", "{\"event\":\"purchase\",\"within\":{\"last\":\"P7D\"}}");
        for (String to :
                List.of(
                        "1900-01-01T00:00:00Z",
                        "1970-01-01T00:00:00Z",
                        "2026-01-01T00:00:00Z",
                        "2026-01-02T00:00:00Z",
                        "2026-03-01T00:00:00Z")) {
            live.advance(to);
            live.check(to);
        }
    }

    // Members that go and come

    @Test
    void aRemovedMemberLeavesAndItsOrdinalIsGone() {
        LiveShard live = shop("UTC");
        int member = live.shard.member("m");
        int other = live.shard.member("other");
        live.define("ever", EVER);
        live.define("never", "{\"not\":" + EVER + "}");
        live.define("home", "{\"attribute\":\"country\",\"equals\":\"TH\"}");
        live.buy(member, START, "5");
        live.buy(other, START, "5");
        live.shard.setAttribute(member, "country", "TH", START);
        live.told.clear();
        assertThat(live.shard.remove("m")).isTrue();
        assertThat(live.told)
                .extracting(it -> it.segment() + it.entered())
                .containsExactlyInAnyOrder("everfalse", "homefalse");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> live.buy(member, START, "1"))
                .withMessageContaining("removed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> live.shard.setAttribute(member, "country", "VN", START));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        live.shard.removeEvent(member, "purchase", START, LiveShard.purchase("5")));
        assertThat(live.shard.remove("m")).isFalse();
        live.check("removed");
        int again = live.shard.member("m");
        assertThat(again).isEqualTo(2);
        assertThat(live.inside("ever").toArray()).containsExactly(other);
        assertThat(live.inside("never").toArray()).containsExactly(again);
        live.buy(again, START, "1");
        live.check("again");
        assertThat(live.shard.snapshot().memberCount()).isEqualTo(2);
    }

    @Test
    void membersMergeAndPartAgain() {
        LiveShard live = shop("UTC");
        live.define("two", "{\"event\":\"purchase\",\"within\":{\"last\":\"P7D\"},\"atLeast\":2}");
        live.define(
                "shoes",
                "{\"event\":\"purchase.item\",\"where\":{\"property\":\"category\",\"equals\":\"shoes\"}}");
        live.define("thai", "{\"attribute\":\"country\",\"equals\":\"TH\"}");
        live.define("champion", "{\"score\":\"rfm.group\",\"equals\":\"champions\"}");
        live.define(
                "trending",
                "{\"trend\":{\"event\":\"purchase\",\"period\":\"P1D\"},\"atLeast\":0}");
        ProgramModel model = live.shard.model();
        MemberHistory one = new MemberHistory("one");
        MemberHistory both = new MemberHistory("one");
        for (MemberHistory each : List.of(one, both)) {
            each.addEvent(model, "pos", "e1", "purchase", START, LiveShard.purchase("5"));
            each.addAttribute(model, "country", "VN", START, "crm", "c1");
        }
        both.addEvent(
                model,
                "pos",
                "e2",
                "purchase",
                START.plusSeconds(60),
                Map.of("amount", 7, "items", List.of(Map.of("category", "shoes", "amount", 7))));
        both.addAttribute(model, "country", "TH", START.plusSeconds(60), "crm", "c2");
        both.addScore(model, "rfm.group", "Champions", START.plusSeconds(60), "models", "r1");
        int member = live.shard.put(one);
        live.check("one");
        byte[] before = Objects.requireNonNull(live.shard.export("one")).encode();
        live.shard.advanceTo(START.plusSeconds(120));
        for (int i = 0; i < 3; i++) {
            live.told.clear();
            assertThat(live.shard.put(both)).isEqualTo(member);
            live.check("both");
            assertThat(live.told)
                    .filteredOn(LiveShard.Told::entered)
                    .extracting(LiveShard.Told::segment)
                    .contains("two", "shoes", "thai", "champion");
            live.told.clear();
            live.shard.put(one);
            live.check("parted");
            assertThat(live.told)
                    .filteredOn(it -> !it.entered())
                    .extracting(LiveShard.Told::segment)
                    .contains("two", "shoes", "thai", "champion");
            assertThat(Objects.requireNonNull(live.shard.export("one")).encode()).isEqualTo(before);
        }
        live.told.clear();
        live.shard.put(one);
        assertThat(live.told).isEmpty();
        live.shard.advanceTo(START.plus(Duration.ofDays(30)));
        live.check("later");
    }

    // Events taken back

    @Test
    void eventsAreTakenBackAndReplaced() {
        LiveShard live = shop("UTC");
        int member = live.shard.member("m");
        live.define(
                "rich", "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":15}");
        live.define("two", "{\"event\":\"purchase\",\"within\":{\"last\":\"P1D\"},\"atLeast\":2}");
        live.define(
                "shoes",
                "{\"event\":\"spend.item\",\"where\":{\"property\":\"category\",\"equals\":\"shoes\"},"
                    + "\"measure\":{\"sum\":\"amount\"},\"atLeast\":7}");
        Map<String, Object> shoes =
                Map.of("amount", 7, "items", List.of(Map.of("category", "shoes", "amount", 7)));
        live.buy(member, START, "10");
        live.shard.addEvent(member, "purchase", START, shoes);
        live.check("both");
        assertThat(live.shard.size("rich")).isEqualTo(1);
        assertThat(live.shard.size("shoes")).isEqualTo(1);
        assertThat(live.shard.removeEvent(member, "purchase", START, LiveShard.purchase("11")))
                .isFalse();
        assertThat(live.shard.removeEvent(member, "purchase", START.plusMillis(1), shoes))
                .isFalse();
        assertThat(live.shard.removeEvent(member, "purchase", START, shoes)).isTrue();
        assertThat(live.shard.removeEvent(member, "purchase", START, shoes)).isFalse();
        live.check("one");
        assertThat(live.shard.size("rich")).isZero();
        assertThat(live.shard.size("shoes")).isZero();
        live.buy(member, START, "20");
        live.shard.removeEvent(member, "purchase", START, LiveShard.purchase("10"));
        live.check("replaced");
        assertThat(live.shard.size("rich")).isEqualTo(1);
        assertThat(live.shard.size("two")).isZero();
        // Not yet in, and no longer in.
        live.buy(member, START.plus(Duration.ofDays(3)), "1");
        live.shard.removeEvent(
                member, "purchase", START.plus(Duration.ofDays(3)), LiveShard.purchase("1"));
        live.shard.advanceTo(START.plus(Duration.ofDays(2)));
        live.shard.removeEvent(member, "purchase", START, LiveShard.purchase("20"));
        live.check("all gone");
        assertThat(live.shard.snapshot().count(live.condition(EVER), live.shard.clock(), 1))
                .isZero();
    }

    // Edits

    @Test
    void anEditTellsExactlyWhoEntersAndLeaves() {
        LiveShard live = shop("UTC");
        for (int i = 0; i < 200; i++) {
            int member = live.shard.member("m" + i);
            for (int j = 0; j < i % 7; j++) {
                live.buy(member, START, "10");
            }
        }
        live.define("s", "{\"event\":\"purchase\",\"between\":[1,3]}");
        live.check("first");
        Shard.Difference difference =
                live.define("s", "{\"event\":\"purchase\",\"between\":[3,5]}");
        for (int i = 0; i < 200; i++) {
            assertThat(difference.entered().contains(i)).isEqualTo(i % 7 == 4 || i % 7 == 5);
            assertThat(difference.left().contains(i)).isEqualTo(i % 7 == 1 || i % 7 == 2);
        }
        live.check("second");
        difference = live.define("s", "{\"event\":\"purchase\",\"between\":[3,5]}");
        assertThat(difference.entered().isEmpty()).isTrue();
        assertThat(difference.left().isEmpty()).isTrue();
    }

    @Test
    void droppedSegmentsGiveTheirMemoryBack() {
        LiveShard live = shop("UTC");
        for (int i = 0; i < 1_000; i++) {
            live.buy(live.shard.member("m" + i), START, "10");
            live.shard.setAttribute(i, "birthDate", "2000-01-0" + (1 + i % 9), START);
        }
        long after = 0;
        for (int round = 0; round < 60; round++) {
            live.define("kept", LAST_DAY);
            for (int i = 1; i < 6; i++) {
                live.define(
                        "s" + i,
                        "{\"any\":[{\"event\":\"purchase\",\"within\":{\"last\":\"PT"
                                + i
                                + "H\"},\"measure\":{\"distinct\":\"store\"},\"atLeast\":2},"
                                + "{\"event\":\"purchase\",\"within\":{\"last\":\"P"
                                + i
                                + "D\"},\"atLeast\":2},{\"attribute\":\"age\",\"atLeast\":3"
                                + i
                                + "},{\"attribute\":\"country\",\"equals\":\"C"
                                + i
                                + "\"}]}");
            }
            live.check("round " + round);
            for (int i = 1; i < 6; i++) {
                live.drop("s" + i);
            }
            long held = Objects.requireNonNull(live.shard.retainedBytes().get("segments"));
            if (round == 2) {
                after = held;
            } else if (round > 2) {
                assertThat(held).as("round %d", round).isLessThanOrEqualTo(after);
            }
        }
        live.buy(3, START, "1");
        live.check("after");
    }

    @Test
    void aSegmentMayBeDroppedOfWhichSomeBlocksHadNoEvents() {
        LiveShard live = shop("UTC");
        live.define("s", LAST_DAY);
        for (int i = 0; i < 2 * Block.CAPACITY + 1; i++) {
            live.shard.member("m" + i);
        }
        live.buy(2 * Block.CAPACITY, START, "1");
        assertThat(live.drop("s").left().toArray()).containsExactly(2 * Block.CAPACITY);
        live.define("s", LAST_DAY);
        assertThat(live.shard.size("s")).isEqualTo(1);
        live.shard.advanceTo(START.plus(Duration.ofDays(1)));
        assertThat(live.shard.size("s")).isZero();
    }

    // Numbers

    @Test
    void sumsBeyondSixtyThreeBits() {
        String most = "9000000000000";
        String json = "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":1}";
        LiveShard live = shop("UTC");
        for (int i = 0; i < 3; i++) {
            int member = live.shard.member("m" + i);
            for (int j = 0; j < i; j++) {
                live.buy(member, START, most);
            }
        }
        Snapshot snapshot = live.shard.snapshot();
        assertThat(snapshot.members(live.condition(json), START, 1).toArray())
                .containsExactly(1, 2);
        assertThat(snapshot.count(live.condition(json.replace("\"sum\"", "\"average\"")), START, 1))
                .isEqualTo(2);
        assertThat(snapshot.count(live.condition(json.replace(":1}", ":" + most + "}")), START, 1))
                .isEqualTo(2);
        assertThat(snapshot.count(live.condition(json.replace("atLeast", "lessThan")), START, 1))
                .isEqualTo(1);
        // Followed, the exact evaluator takes it.
        live.define("rich", json);
        live.check("defined");
        live.buy(1, START, most);
        live.buy(0, START, "1");
        live.check("more");
        live.shard.removeEvent(2, "purchase", START, LiveShard.purchase(most));
        live.check("less");
    }

    @Test
    void aSumThatOutgrowsSixtyThreeBitsIsFollowedOn() {
        LiveShard live = shop("UTC");
        int member = live.shard.member("m");
        int other = live.shard.member("n");
        live.define(
                "rich", "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":1}");
        live.define(
                "most",
                "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atMost\":9000000000001}");
        live.define(
                "usual",
                "{\"event\":\"purchase\",\"within\":{\"last\":\"P2D\"},"
                    + "\"measure\":{\"average\":\"amount\"},\"between\":[8000000000000,9000000000001]}");
        for (int i = 0; i < 5; i++) {
            live.buy(member, START.plusMillis(i), "9000000000000");
            live.buy(other, START.plusMillis(i), "-9000000000000");
            live.check("large sum " + i);
        }
        live.define(
                "late",
                "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"greaterThan\":2}");
        live.check("a leaf over the sum that is large");
        for (int i = 0; i < 5; i++) {
            live.shard.removeEvent(
                    member, "purchase", START.plusMillis(i), LiveShard.purchase("9000000000000"));
            live.check("smaller " + i);
        }
        live.advance(START.plus(Duration.ofDays(3)).toString());
        live.check("left the window");
    }

    // Scores

    @Test
    void scoresAreFollowed() {
        LiveShard live = shop("UTC");
        int member = live.shard.member("m");
        live.define("champion", "{\"score\":\"rfm.group\",\"equals\":\"champions\"}");
        live.define("due", "{\"score\":\"due\",\"withinNext\":\"P2D\"}");
        live.define("notTop", "{\"not\":{\"score\":\"rank.spend\",\"atLeast\":0.9}}");
        live.shard.setScore(member, "rfm.group", "Champions", START);
        live.shard.setScore(member, "rank.spend", 0.95, START.plusSeconds(10));
        live.shard.setScore(member, "due", "2026-01-10", START);
        live.check("now");
        live.advance("2026-01-20T00:00:00Z");
        assertThat(live.told)
                .extracting(it -> (it.entered() ? "+" : "-") + it.segment() + " " + it.at())
                .containsExactly(
                        "+champion 2026-01-01T00:00:00Z",
                        "-notTop 2026-01-01T00:00:10Z",
                        "+due 2026-01-09T00:00:00Z",
                        "-due 2026-01-11T00:00:00Z");
        live.shard.setScore(member, "rfm.group", null, live.shard.clock());
        assertThat(live.shard.size("champion")).isZero();
        live.check("later");
    }

    // Memory

    @Test
    void tellsWhatItHoldsByStructure() {
        LiveShard live = new LiveShard(Worlds.shop(UTC));
        Map<String, Long> empty = live.shard.retainedBytes();
        assertThat(empty.keySet())
                .containsExactly("ids", "attributes", "dictionaries", "events", "segments");
        live.shard.advanceTo(START);
        Map<String, Long> before = empty;
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3_000; i++) {
                int member = live.shard.member("member " + round + " " + i);
                live.shard.setAttribute(member, "city", "city " + member, START);
                live.shard.addEvent(
                        member,
                        "purchase",
                        START.plusSeconds(i),
                        Map.of("amount", i, "store", "store " + member));
            }
            live.define("s" + round, LAST_DAY.replace("P1D", "P" + (2 + round) + "D"));
            Map<String, Long> now = live.shard.retainedBytes();
            for (String structure : now.keySet()) {
                assertThat(now.get(structure))
                        .as(structure)
                        .isGreaterThan(Objects.requireNonNull(before.get(structure)));
            }
            before = now;
        }
        // Of 6,000 cities and 6,000 stores.
        assertThat(Objects.requireNonNull(before.get("dictionaries"))).isGreaterThan(12_000 * 50L);
    }
}
