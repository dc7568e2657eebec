package io.clientele.reporting.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ResponseKind;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LiveProgramTest {
    private final LiveProgram program =
            new LiveProgram(
                    100,
                    Map.of("vip", 3L),
                    Map.of("spring", new CampaignCounts(5, Map.of(ResponseKind.SENT, 4L))));

    @Test
    void keepsCountsUp() {
        program.apply(
                new LiveChanges(
                        7,
                        Map.of("vip", -1L, "new", 2L),
                        List.of(),
                        Map.of("spring", 1L),
                        Map.of("spring", Map.of(ResponseKind.SENT, 1L, ResponseKind.GOAL, 1L))));
        assertThat(program.events()).isEqualTo(107);
        assertThat(program.sizes()).containsExactly(Map.entry("new", 2L), Map.entry("vip", 2L));
        assertThat(program.campaigns())
                .containsExactly(
                        Map.entry(
                                "spring",
                                new CampaignCounts(
                                        6, Map.of(ResponseKind.SENT, 5L, ResponseKind.GOAL, 1L))));
    }

    @Test
    void saysHowManyChangesItLeavesOut() {
        long seen = program.changeCount();
        changes(1, 3);
        assertThat(program.changesAfter(seen).changes()).hasSize(3);
        assertThat(program.changesAfter(seen).leftOut()).isZero();

        changes(4, 50);
        var after = program.changesAfter(seen);
        assertThat(after.count()).isEqualTo(50);
        assertThat(after.leftOut()).isEqualTo(30);
        assertThat(after.changes())
                .extracting(SegmentMembershipRecord.Changed::sequence)
                .containsExactlyElementsOf(LongStream.rangeClosed(31, 50).boxed().toList());
        assertThat(program.changesAfter(49).changes()).hasSize(1);
        assertThat(program.changesAfter(50).changes()).isEmpty();
    }

    private void changes(long first, long last) {
        program.apply(
                new LiveChanges(
                        0,
                        Map.of(),
                        LongStream.rangeClosed(first, last)
                                .mapToObj(LiveProgramTest::change)
                                .toList(),
                        Map.of(),
                        Map.of()));
    }

    private static SegmentMembershipRecord.Changed change(long sequence) {
        var at = Instant.parse("2026-03-01T00:00:00Z").plusSeconds(sequence);
        return new SegmentMembershipRecord.Changed(
                "demo:m:" + sequence,
                new ProgramId("demo"),
                new MemberId("m"),
                new SegmentKey("vip"),
                1,
                MembershipChange.ENTERED,
                at,
                at,
                false,
                MembershipCause.EVENT,
                null,
                sequence);
    }
}
