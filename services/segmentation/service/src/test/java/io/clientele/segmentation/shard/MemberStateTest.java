package io.clientele.segmentation.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MembershipCause;
import org.junit.jupiter.api.Test;

class MemberStateTest {
    @Test
    void readsWhatItWrote() {
        var state = new MemberState();
        state.kind(MemberKind.MEMBER);
        for (int i = 0; i < 300; i++) {
            state.nextSequence();
        }
        state.put(0, new MemberState.Standing(-5, 3, MemberState.NEVER));
        state.put(200, new MemberState.Standing(MemberState.NEVER, 0, 1_700_000_000_000L));
        state.put(7, new MemberState.Standing(1_600_000_000_000L, 200, 1_800_000_000_000L));
        state.await(
                new MemberState.Pending(9, MembershipCause.IMPORT, "import-ü", new int[] {7, 200}));

        var read = MemberState.decode(state.encode());

        assertThat(read.encode()).isEqualTo(state.encode());
        assertThat(read.kind()).isEqualTo(MemberKind.MEMBER);
        assertThat(read.sequence()).isEqualTo(300);
        assertThat(read.standings()).isEqualTo(state.standings());
        assertThat(read.due()).isEqualTo(1_700_000_000_000L);
        var pending = read.pendingAt(9, 200);
        assertThat(pending).isNotNull();
        assertThat(read.pendingAt(9, 8)).isNull();
        assertThat(read.pendingAt(8, 7)).isNull();
    }

    @Test
    void keepsNothingOfASegmentThatIsNeitherInsideNorDue() {
        var state = new MemberState();
        state.put(3, new MemberState.Standing(1, 1, 2));
        state.put(3, MemberState.Standing.OUTSIDE);
        assertThat(state.standings()).isEmpty();
        assertThat(state.standing(3).inside()).isFalse();
        assertThat(state.due()).isEqualTo(MemberState.NEVER);
    }
}
