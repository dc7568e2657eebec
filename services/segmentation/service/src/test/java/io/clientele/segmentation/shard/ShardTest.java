package io.clientele.segmentation.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.contracts.EventReference;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberSegments;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardTest {
    private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
    private static final String BOUGHT_LATELY =
            "{\"event\":\"purchase\",\"within\":{\"last\":\"PT20S\"}}";
    private static final String THREE_LATELY =
            "{\"event\":\"purchase\",\"within\":{\"last\":\"P30D\"},\"atLeast\":3}";
    private static final String SPENT_100 =
            "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":100}";
    private static final String THAI = "{\"attribute\":\"country\",\"equals\":\"TH\"}";

    @SuppressWarnings("NullAway.Init")
    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private ShardDriver shard;

    @BeforeEach
    void start() {
        shard = new ShardDriver(folder, START);
        shard.watermark();
    }

    @AfterEach
    void stop() {
        shard.close();
    }

    @Test
    void entersAtTheEventAndLeavesAtTheExactInstantWithinASecond() {
        shard.define("recent", 1, BOUGHT_LATELY);
        var bought = shard.now().plusMillis(3);
        shard.purchase("m-1", "e-1", bought, 10);
        assertThat(shard.changes()).isEmpty();

        shard.pass(Duration.ofMillis(253));
        assertThat(shard.changes())
                .containsExactly("m-1 entered recent/1 " + bought + " event pos/e-1 #1");

        shard.live(Duration.ofMillis(19_990));
        assertThat(shard.changes()).isEmpty();
        shard.pass(Duration.ofMillis(10));
        assertThat(shard.changes())
                .containsExactly("m-1 left recent/1 " + bought.plusSeconds(20) + " time #2");
        assertThat(shard.view().clock()).isEqualTo(shard.now().minusMillis(250).toEpochMilli());
    }

    @Test
    void holdsItsClockWhileProfileIsAwaySoThatNobodyLeavesWrongly() {
        shard.define("recent", 1, BOUGHT_LATELY);
        shard.purchase("m-1", "e-1", shard.now().plusMillis(1), 10);
        shard.pass(Duration.ofSeconds(1));
        assertThat(shard.changes()).hasSize(1);

        // given: profile is away for a minute, in which the member bought again
        var again = shard.now().plusSeconds(10);
        shard.pass(Duration.ofSeconds(60));
        assertThat(shard.changes()).isEmpty();
        // when
        shard.purchase("m-1", "e-2", again, 10);
        shard.watermark();
        // then: inside until the second purchase is 20 seconds old
        assertThat(shard.changes())
                .containsExactly("m-1 left recent/1 " + again.plusSeconds(20) + " time #2");
    }

    @Test
    void leavesThreePurchasesInThirtyDaysWhenTheFirstOfThemTurnsThirtyDaysOld() {
        shard.define("regular", 1, THREE_LATELY);
        var first = shard.now().minusSeconds(5);
        shard.purchase("m-1", "e-1", first, 1);
        shard.purchase("m-1", "e-2", first.plusSeconds(1), 1);
        shard.purchase("m-1", "e-3", first.plusSeconds(2), 1);
        shard.live(Duration.ofSeconds(2));
        assertThat(shard.changes())
                .containsExactly(
                        "m-1 entered regular/1 " + first.plusSeconds(2) + " event pos/e-3 late #1");

        shard.pass(Duration.ofDays(30).minusSeconds(10));
        shard.live(Duration.ofSeconds(2));
        assertThat(shard.changes()).isEmpty();
        shard.live(Duration.ofSeconds(4));
        assertThat(shard.changes())
                .containsExactly(
                        "m-1 left regular/1 " + first.plus(Duration.ofDays(30)) + " time #2");
    }

    @Test
    void netsChangesOfOneInstant() {
        shard.define("recent", 1, BOUGHT_LATELY);
        var at = shard.now().plusSeconds(2);
        shard.purchase("m-1", "e-1", at, 10);
        shard.retract("m-1", "e-2", "e-1");
        shard.purchase("m-1", "e-3", at, 10);
        shard.live(Duration.ofSeconds(4));
        assertThat(shard.changes())
                .containsExactly("m-1 entered recent/1 " + at + " event pos/e-3 #1");
    }

    @Test
    void countsAFutureEventFromItsInstant() {
        shard.define("spender", 1, SPENT_100);
        var later = shard.now().plusSeconds(240);
        shard.purchase("m-1", "e-1", later, 100);
        shard.live(Duration.ofSeconds(239));
        assertThat(shard.changes()).isEmpty();
        shard.live(Duration.ofSeconds(2));
        assertThat(shard.changes())
                .containsExactly("m-1 entered spender/1 " + later + " event pos/e-1 #1");
    }

    @Test
    void publishesOfALateEventOnlyTheNetDifferenceSinceWhenItHolds() {
        shard.define("spender", 1, SPENT_100);
        shard.live(Duration.ofMinutes(10));
        shard.purchase("m-1", "e-1", START.plusSeconds(300), 60);
        shard.purchase("m-1", "e-2", START.plusSeconds(60), 60);
        assertThat(shard.changes())
                .containsExactly(
                        "m-1 entered spender/1 "
                                + START.plusSeconds(300)
                                + " event pos/e-2 late #1");
    }

    @Test
    void tellsHistoryOnlyWhereALateEventChangesOnlyThePast() {
        shard.define("recent", 1, BOUGHT_LATELY);
        shard.live(Duration.ofMinutes(10));
        var at = START.plusSeconds(300);
        shard.purchase("m-1", "e-1", at, 60);

        var out = shard.out();
        assertThat(out).hasSize(1);
        assertThat(out.getFirst())
                .isInstanceOfSatisfying(
                        SegmentMembershipRecord.Corrected.class,
                        correction -> {
                            assertThat(correction.from()).isEqualTo(at);
                            assertThat(correction.intervals())
                                    .containsExactly(
                                            new SegmentMembershipRecord.Interval(
                                                    at, at.plusSeconds(20)));
                        });
        assertThat(shard.outOfProgram()).isEmpty();
    }

    @Test
    void takesAMembershipBackWithTheEventThatMadeIt() {
        shard.define("spender", 1, SPENT_100);
        var bought = shard.now().plusSeconds(1);
        shard.purchase("m-1", "e-1", bought, 100);
        shard.live(Duration.ofSeconds(4));
        shard.changes();
        shard.retract("m-1", "e-2", "e-1");
        assertThat(shard.changes())
                .containsExactly("m-1 left spender/1 " + bought + " event pos/e-2 late #2");
    }

    @Test
    void putsACorrectedEventInThePlaceOfTheOldOne() {
        shard.define("spender", 1, SPENT_100);
        var bought = shard.now().plusSeconds(1);
        shard.purchase("m-1", "e-1", bought, 50);
        shard.live(Duration.ofSeconds(4));
        assertThat(shard.changes()).isEmpty();
        shard.event(
                "m-1",
                "e-2",
                "purchase",
                bought,
                Map.of("amount", 100),
                new EventReference("pos", "e-1"),
                null);
        assertThat(shard.changes())
                .containsExactly("m-1 entered spender/1 " + bought + " event pos/e-2 late #1");
    }

    @Test
    void saysThatAnImportWasTheCause() {
        shard.define("spender", 1, SPENT_100);
        var bought = START.minus(Duration.ofDays(300));
        shard.live(Duration.ofSeconds(10));
        shard.event("m-1", "e-1", "purchase", bought, Map.of("amount", 100), null, "import-7");
        assertThat(shard.changes())
                .containsExactly("m-1 entered spender/1 " + bought + " import import-7 late #1");
    }

    @Test
    void followsAttributesThatChangeWithoutAnEvent() {
        shard.define("thai", 1, THAI);
        shard.live(Duration.ofSeconds(10));
        var at = shard.now().minusSeconds(1);
        shard.attribute("m-1", "country", "TH", at, "put-1");
        assertThat(shard.changes())
                .containsExactly("m-1 entered thai/1 " + at + " profile put-1 late #1");
        assertThat(shard.memberSegments())
                .containsExactly(
                        new MemberSegments(
                                ShardDriver.DEMO,
                                new MemberId("m-1"),
                                1,
                                Map.of(
                                        new SegmentKey("thai"),
                                        new MemberSegments.Membership(at, 1))));
    }

    @Test
    void evaluatesEverybodyWhenASegmentIsDefined() {
        for (int i = 0; i < 10; i++) {
            shard.purchase("m-" + i, "e-" + i, START.minusSeconds(60), i * 20);
        }
        shard.live(Duration.ofSeconds(4));
        assertThat(shard.changes()).isEmpty();
        var bought = START.minusSeconds(60);
        shard.define("spender", 1, SPENT_100);
        assertThat(shard.changes())
                .containsExactly(
                        "m-5 entered spender/1 " + bought + " definition spender/1 #1",
                        "m-6 entered spender/1 " + bought + " definition spender/1 #1",
                        "m-7 entered spender/1 " + bought + " definition spender/1 #1",
                        "m-8 entered spender/1 " + bought + " definition spender/1 #1",
                        "m-9 entered spender/1 " + bought + " definition spender/1 #1");
        assertThat(size("spender")).isEqualTo(5);
    }

    @Test
    void movesMembersToAnEditedConditionAndRepublishesWhoStays() {
        for (int i = 4; i < 7; i++) {
            shard.purchase("m-" + i, "e-" + i, START.minusSeconds(60), i * 20);
        }
        shard.define("spender", 1, SPENT_100);
        shard.live(Duration.ofSeconds(4));
        shard.changes();
        shard.memberSegments();
        var effective = Instant.ofEpochMilli(shard.view().clock());
        shard.define("spender", 2, SPENT_100.replace("100", "110"));
        assertThat(shard.changes())
                .containsExactly("m-5 left spender/2 " + effective + " definition spender/2 #2");
        assertThat(shard.memberSegments())
                .extracting(segments -> segments.member() + " " + segments.segments().values())
                .containsExactly(
                        "m-5 []",
                        "m-6 [Membership[since=" + START.minusSeconds(60) + ", version=2]]");
        assertThat(size("spender")).isEqualTo(1);
    }

    @Test
    void emptiesASegmentThatIsPausedAndFillsItAgain() {
        shard.purchase("m-1", "e-1", START.minusSeconds(60), 100);
        shard.define("spender", 1, SPENT_100);
        shard.live(Duration.ofSeconds(4));
        shard.changes();
        var paused = Instant.ofEpochMilli(shard.view().clock());
        shard.define("spender", 1, SPENT_100, false);
        shard.live(Duration.ofSeconds(4));
        var resumed = Instant.ofEpochMilli(shard.view().clock());
        shard.define("spender", 1, SPENT_100, true);
        assertThat(shard.changes())
                .containsExactly(
                        "m-1 left spender/1 " + paused + " definition spender/1 #2",
                        "m-1 entered spender/1 " + resumed + " definition spender/1 #3");
    }

    @Test
    void followsASegmentThroughAnotherThatRefersToIt() {
        shard.purchase("m-1", "e-1", START.minusSeconds(60), 100);
        shard.define("spender", 1, SPENT_100);
        shard.define("others", 1, "{\"not\":{\"segment\":\"spender\"}}");
        shard.live(Duration.ofSeconds(4));
        assertThat(shard.changes())
                .containsExactly(
                        "m-1 entered spender/1 "
                                + START.minusSeconds(60)
                                + " definition spender/1 #1");
        var effective = Instant.ofEpochMilli(shard.view().clock());
        shard.define("spender", 2, SPENT_100.replace("100", "200"));
        assertThat(shard.changes())
                .containsExactlyInAnyOrder(
                        "m-1 entered others/1 " + effective + " definition spender/2 #2",
                        "m-1 left spender/2 " + effective + " definition spender/2 #3");
    }

    @Test
    void ignoresAnOlderRevision() {
        var effective = START;
        shard.define("spender", 1, SPENT_100, true, effective);
        shard.in(
                Topics.SEGMENT_DEFINITIONS,
                "demo:spender",
                new SegmentDefinition(
                        ShardDriver.DEMO,
                        new SegmentKey("spender"),
                        9,
                        1,
                        false,
                        Map.of("all", List.of()),
                        effective));
        assertThat(shard.view().plan(ShardDriver.DEMO).orElseThrow().segments())
                .extracting(SegmentPlan::version)
                .containsExactly(1);
    }

    @Test
    void setsAsideWhatCannotBeRead() {
        shard.raw(Topics.MEMBER_EVENTS, "demo:m-1", "{".getBytes(StandardCharsets.UTF_8));
        shard.event("m-1", "e-1", "purchase", START, Map.of("amount", "a lot"), null, null);
        assertThat(shard.refused())
                .hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"reason\":\"record-unreadable\""),
                        second -> assertThat(second).contains("\"reason\":\"value-invalid\""));
        assertThat(shard.changes()).isEmpty();
    }

    @Test
    void ignoresAnEventItHas() {
        shard.define("regular", 1, THREE_LATELY);
        for (int i = 0; i < 3; i++) {
            shard.purchase("m-1", "e-1", START.minusSeconds(9), 1);
        }
        shard.live(Duration.ofSeconds(4));
        assertThat(shard.changes()).isEmpty();
    }

    @Test
    void publishesToTheProgramAsCloudEvents() {
        shard.define("spender", 1, SPENT_100);
        shard.purchase("m-1", "e-1", shard.now().plusMillis(1), 100);
        shard.live(Duration.ofSeconds(2));
        var record = shard.outOfProgram().getFirst();
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("demo:m-1");
        assertThat(record.headers().toArray())
                .extracting(header ->
                        header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .contains(
                        "ce_specversion=1.0",
                        "ce_id=demo:m-1:1",
                        "ce_source=/clientele/segmentation",
                        "ce_type=io.clientele.segment-membership.changed.v1",
                        "content-type=application/json");
    }

    private long size(String segment) {
        return shard.view()
                .plan(ShardDriver.DEMO)
                .orElseThrow()
                .segment(new SegmentKey(segment))
                .orElseThrow()
                .size();
    }

    @Test
    void publishesWhatWasDueBeforeARefusedRecordOnce() {
        waveHalfDrained();

        shard.event(
                LAST_OF_WAVE, "bad", "purchase", shard.now(), Map.of("amount", "much"), null, null);

        assertThat(shard.refused()).singleElement().asString().contains("value-invalid");
        assertThat(shard.changes())
                .filteredOn(change -> change.startsWith(LAST_OF_WAVE + " left"))
                .hasSize(1);
        assertThat(size("recent")).isZero();
    }

    @Test
    void countsThoseWhoLeaveWhileADefinitionComes() {
        waveHalfDrained();

        shard.define("thais", 1, THAI);

        assertThat(shard.changes()).hasSize(WAVE - Shard.SLICE);
        assertThat(size("recent")).isZero();
    }

    private static final int WAVE = Shard.SLICE + 44;
    private static final String LAST_OF_WAVE = "m-" + (100 + WAVE - 1);

    /** More members than one slice holds are due at one instant, and one slice has been made. */
    private void waveHalfDrained() {
        shard.define("recent", 1, BOUGHT_LATELY);
        var at = shard.now().minusSeconds(1);
        for (int i = 0; i < WAVE; i++) {
            shard.purchase("m-" + (100 + i), "e-" + i, at, 10);
        }
        assertThat(size("recent")).isEqualTo(WAVE);
        shard.pass(Duration.ofSeconds(30));
        assertThat(shard.changes()).hasSize(WAVE);
        shard.watermark();
        assertThat(shard.changes()).hasSize(Shard.SLICE);
    }

    @Test
    void aSegmentThatNoLongerFitsIsSetAsideAndTheOthersGoOn() {
        shard.define("thai", 1, THAI);
        shard.define("recent", 1, BOUGHT_LATELY);
        shard.define("recent-thai", 1, "{\"all\":[{\"segment\":\"thai\"}," + BOUGHT_LATELY + "]}");
        shard.attribute("m-1", "country", "TH", shard.now().minusSeconds(1), "c-1");
        shard.live(Duration.ofSeconds(2));
        assertThat(shard.changes()).hasSize(1);

        shard.forget("country");
        shard.purchase("m-1", "e-1", shard.now(), 10);
        shard.live(Duration.ofSeconds(2));

        var plan = shard.view().plan(ShardDriver.DEMO).orElseThrow();
        assertThat(plan.segment(new SegmentKey("thai")).orElseThrow().quarantine())
                .hasValueSatisfying(why -> assertThat(why).contains("country"));
        assertThat(plan.segment(new SegmentKey("recent-thai")).orElseThrow().quarantine())
                .isPresent();
        // Who was in it stays; the others are evaluated.
        assertThat(shard.changes())
                .singleElement()
                .satisfies(change -> assertThat(change).contains("m-1 entered recent/1"));
        assertThat(plan.segment(new SegmentKey("thai")).orElseThrow().size()).isEqualTo(1);
        shard.live(Duration.ofSeconds(30));
        assertThat(shard.changes())
                .singleElement()
                .satisfies(change -> assertThat(change).contains("m-1 left recent/1"));

        // A record that fits ends it.
        shard.define("thai", 2, BOUGHT_LATELY);
        assertThat(shard.changes())
                .singleElement()
                .satisfies(change -> assertThat(change).contains("m-1 left thai/2"));
        var after = shard.view().plan(ShardDriver.DEMO).orElseThrow();
        assertThat(after.segment(new SegmentKey("thai")).orElseThrow().quarantine()).isEmpty();
    }

    @Test
    void whatIsSetByHandHoldsUntilItIsLetGo() {
        shard.define(
                "thai",
                1,
                "{\"any\":[{\"attribute\":\"override.thai\",\"equals\":true},{\"all\":["
                        + THAI
                        + ",{\"not\":{\"attribute\":\"override.thai\",\"equals\":false}}]}]}");
        shard.purchase("m-1", "e-1", shard.now().minusSeconds(5), 10);
        shard.live(Duration.ofSeconds(2));
        assertThat(shard.changes()).isEmpty();

        shard.override("thai", "m-1", true, "0001");
        assertThat(shard.changes())
                .singleElement()
                .satisfies(
                        it -> assertThat(it).contains("m-1 entered thai/1", "override thai/0001"));
        // The same again, and an event, change nothing.
        shard.override("thai", "m-1", true, "0001");
        shard.purchase("m-1", "e-2", shard.now(), 10);
        shard.live(Duration.ofSeconds(2));
        assertThat(shard.changes()).isEmpty();
        // Within one instant the later id counts.
        shard.override("thai", "m-1", false, "0002");
        shard.override("thai", "m-1", null, "0003");
        shard.override("thai", "m-1", true, "0004");
        assertThat(shard.changes()).hasSize(2);
        shard.override("thai", "m-1", null, "0005");
        assertThat(shard.changes())
                .singleElement()
                .satisfies(it -> assertThat(it).contains("m-1 left thai/1"));
        // Nobody is made by an override.
        shard.override("thai", "nobody", true, "0006");
        assertThat(shard.changes()).isEmpty();
        assertThat(shard.histories()).containsOnlyKeys("m-1");
    }
}
