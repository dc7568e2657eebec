package io.clientele.reporting.fact;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.SegmentMembershipRecord.Interval;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StaysTest {
    private static final Instant BASE = Instant.parse("2026-03-01T00:00:00Z");

    @Test
    void entersAndLeaves() {
        var inside = Stays.after(List.of(), entered(10));
        assertThat(inside).containsExactly(stay(10, null));
        assertThat(Stays.after(inside, left(20))).containsExactly(stay(10, 20));
        assertThat(Stays.after(Stays.after(inside, left(20)), entered(30)))
                .containsExactly(stay(10, 20), stay(30, null));
    }

    @Test
    void aStayThatNeverWasIsGone() {
        assertThat(Stays.after(List.of(stay(10, null)), left(10))).isEmpty();
    }

    @Test
    void anEntryAtTheInstantOfAnExitGoesOnWithTheStay() {
        assertThat(Stays.after(List.of(stay(10, 20)), entered(20))).containsExactly(stay(10, null));
    }

    @Test
    void aCorrectionStandsInForEverythingFromItsInstantOn() {
        var known = List.of(stay(1, 5), stay(10, 20), stay(30, null));
        assertThat(Stays.after(known, corrected(12, stay(15, 18), stay(25, null))))
                .containsExactly(stay(1, 5), stay(10, 12), stay(15, 18), stay(25, null));
        assertThat(Stays.after(known, corrected(12, stay(12, 40))))
                .containsExactly(stay(1, 5), stay(10, 40));
        assertThat(Stays.after(known, corrected(0))).isEmpty();
    }

    @Test
    void theSameRecordAgainChangesNothing() {
        var correction = corrected(12, stay(15, 18), stay(25, null));
        var once = Stays.after(List.of(stay(10, 20)), correction);
        assertThat(Stays.after(once, correction)).isEqualTo(once);
        assertThat(Stays.after(once, entered(25))).isEqualTo(once);
    }

    private static Interval stay(int since, @Nullable Integer until) {
        return new Interval(at(since), until == null ? null : at(until));
    }

    private static Instant at(int seconds) {
        return BASE.plusSeconds(seconds);
    }

    private static SegmentMembershipRecord entered(int at) {
        return changed(MembershipChange.ENTERED, at);
    }

    private static SegmentMembershipRecord left(int at) {
        return changed(MembershipChange.LEFT, at);
    }

    private static SegmentMembershipRecord changed(MembershipChange change, int at) {
        return new SegmentMembershipRecord.Changed(
                "demo:m:1",
                new ProgramId("demo"),
                new MemberId("m"),
                new SegmentKey("vip"),
                1,
                change,
                at(at),
                at(at),
                false,
                MembershipCause.EVENT,
                null,
                1);
    }

    private static SegmentMembershipRecord corrected(int from, Interval... intervals) {
        return new SegmentMembershipRecord.Corrected(
                new ProgramId("demo"),
                new MemberId("m"),
                new SegmentKey("vip"),
                1,
                at(from),
                List.of(intervals),
                at(100),
                MembershipCause.EVENT,
                "pos/1");
    }
}
