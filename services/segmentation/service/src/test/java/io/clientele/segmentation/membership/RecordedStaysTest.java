package io.clientele.segmentation.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.SegmentMembershipRecord.Interval;
import io.clientele.segmentation.membership.RecordedStays.Place;
import io.clientele.segmentation.membership.RecordedStays.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordedStaysTest {
    private static final Place PLACE = new Place(new MemberId("m-1"), new SegmentKey("vip"));

    @Test
    void addsAStayWhereAMemberEnters() {
        var stays = new RecordedStays(List.of());

        stays.apply(entered(10, 11));

        assertThat(stays.changed()).isEmpty();
        assertThat(texts(stays.added())).containsExactly("new [10, …) event v1 recorded 11");
    }

    @Test
    void endsTheStayThatLastsWhereAMemberLeaves() {
        var stays = new RecordedStays(List.of(row(7, 10, null)));

        stays.apply(left(20, 21));

        assertThat(stays.added()).isEmpty();
        assertThat(texts(stays.changed()))
                .containsExactly("7 [10, 20) event v1 recorded 10 ended 21");
    }

    @Test
    void goesOnWithAStayThatEndsWhereAMemberEnters() {
        var stays = new RecordedStays(List.of(row(7, 10, 20L)));

        stays.apply(entered(20, 21));

        assertThat(stays.added()).isEmpty();
        assertThat(texts(stays.changed())).containsExactly("7 [10, …) event v1 recorded 10");
    }

    @Test
    void keepsWhatWasRecordedAndSupersededInTheSameBatch() {
        var stays = new RecordedStays(List.of());

        stays.apply(entered(10, 11));
        stays.apply(left(10, 12));

        assertThat(texts(stays.added()))
                .containsExactly("new [10, …) event v1 recorded 11 superseded 12");
    }

    @Test
    void writesAnewWhatWasSaidToHaveEndedLater() {
        var stays = new RecordedStays(List.of(row(7, 10, 20L), row(8, 30, null)));

        stays.apply(corrected(15, 40, new Interval(at(32), null)));

        assertThat(texts(stays.changed()))
                .containsExactly(
                        "7 [10, 20) event v1 recorded 10 ended 20 superseded 40",
                        "8 [30, …) event v1 recorded 30 superseded 40");
        assertThat(texts(stays.added()))
                .containsExactly(
                        "new [10, 15) event v1 recorded 40 ended 40",
                        "new [32, …) profile v2 recorded 40");
    }

    @Test
    void writesEachIntervalOfACorrection() {
        var stays = new RecordedStays(List.of(row(7, 10, null)));

        stays.apply(corrected(10, 40, new Interval(at(12), at(14)), new Interval(at(16), at(18))));

        assertThat(texts(stays.changed()))
                .containsExactly("7 [10, …) event v1 recorded 10 superseded 40");
        assertThat(texts(stays.added()))
                .containsExactly(
                        "new [12, 14) profile v2 recorded 40 ended 40",
                        "new [16, 18) profile v2 recorded 40 ended 40");
    }

    @Test
    void correctionToNothingEndsWhatBeganBefore() {
        var stays = new RecordedStays(List.of(row(7, 10, null)));

        stays.apply(corrected(15, 40));

        assertThat(texts(stays.changed()))
                .containsExactly("7 [10, 15) event v1 recorded 10 ended 40");
        assertThat(stays.added()).isEmpty();
    }

    @Test
    void leavesOtherPlacesAlone() {
        var stays = new RecordedStays(List.of(row(7, 10, null)));

        stays.apply(
                new SegmentMembershipRecord.Corrected(
                        new ProgramId("demo"),
                        new MemberId("m-2"),
                        PLACE.segment(),
                        2,
                        at(0),
                        List.of(),
                        at(40),
                        MembershipCause.PROFILE,
                        "c"));

        assertThat(stays.changed()).isEmpty();
        assertThat(stays.added()).isEmpty();
    }

    @Test
    void readsFromTheEarliestInstantThatIsSpokenOf() {
        assertThat(
                        RecordedStays.from(
                                List.of(
                                        entered(30, 31),
                                        corrected(20, 40, new Interval(at(25), null)),
                                        left(50, 51))))
                .containsOnly(Map.entry(PLACE, at(20)));
    }

    private static Row row(long id, long since, @Nullable Long until) {
        return new Row(
                id,
                PLACE,
                at(since),
                until == null ? null : at(until),
                1,
                "event",
                "s/1",
                at(since),
                until == null ? null : at(until));
    }

    private static SegmentMembershipRecord entered(long at, long recordedAt) {
        return changed(MembershipChange.ENTERED, at, recordedAt);
    }

    private static SegmentMembershipRecord left(long at, long recordedAt) {
        return changed(MembershipChange.LEFT, at, recordedAt);
    }

    private static SegmentMembershipRecord changed(
            MembershipChange change, long at, long recordedAt) {
        return new SegmentMembershipRecord.Changed(
                "demo:m-1:1",
                new ProgramId("demo"),
                PLACE.member(),
                PLACE.segment(),
                1,
                change,
                at(at),
                at(recordedAt),
                false,
                MembershipCause.EVENT,
                "s/1",
                1);
    }

    private static SegmentMembershipRecord corrected(
            long from, long recordedAt, Interval... intervals) {
        return new SegmentMembershipRecord.Corrected(
                new ProgramId("demo"),
                PLACE.member(),
                PLACE.segment(),
                2,
                at(from),
                List.of(intervals),
                at(recordedAt),
                MembershipCause.PROFILE,
                "c");
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }

    private static List<String> texts(List<Row> rows) {
        return rows.stream().map(RecordedStaysTest::text).toList();
    }

    private static String text(Row row) {
        return (row.id == null ? "new" : row.id.toString())
                + " ["
                + row.since.getEpochSecond()
                + ", "
                + (row.until == null ? "…" : row.until.getEpochSecond())
                + ") "
                + row.cause
                + " v"
                + row.version
                + " recorded "
                + row.recordedAt.getEpochSecond()
                + (row.untilRecordedAt == null
                        ? ""
                        : " ended " + row.untilRecordedAt.getEpochSecond())
                + (row.supersededAt == null
                        ? ""
                        : " superseded " + row.supersededAt.getEpochSecond());
    }
}
