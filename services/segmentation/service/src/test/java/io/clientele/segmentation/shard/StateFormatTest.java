package io.clientele.segmentation.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MembershipCause;
import io.clientele.engine.Conditions;
import io.clientele.engine.Evaluator;
import io.clientele.engine.MemberHistory;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.ValueType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * State as released versions wrote it, byte for byte. An instance of a new version takes partitions
 * over from one of the old, and in a rolling upgrade gives some back: both must read what the other
 * wrote. These bytes are never changed; a new format adds its own.
 */
class StateFormatTest {
    private static final String MEMBER_1 =
            "0100ac02030001fffffffffffffffb03070300000174876e8000c801000001a3185c5000c80102000001"
                    + "8bcfe56800010000000000000009030009696d706f72742dc3bc0207c801";
    private static final String HISTORY_1 =
            "0000019b76daa8000101250180a0d5edee66000363726d016101000254480280d8ee96ef660003706f73"
                    + "013101020309fa0105010003732d310082f0b252330132010203080505010003732d32000133"
                    + "04676f6e65";
    private static final String HISTORY_2 =
            "0000019b76daa8000201250180a0d5edee66000363726d016101000254480280d8ee96ef660003706f73"
                    + "013101020309fa0105010003732d310082f0b252330132010203080505010003732d32000133"
                    + "04676f6e650001000376697001809088c0ef6600";

    private static final ProgramModel MODEL =
            ProgramModel.builder(ZoneOffset.UTC)
                    .attribute("country", ValueType.ofKey("string"))
                    .eventType(
                            "purchase",
                            ProgramModel.EventType.ofSchema(
                                    Map.of(
                                            "type",
                                            "object",
                                            "properties",
                                            Map.of(
                                                    "amount", property("number"),
                                                    "store", property("string")))))
                    .build();

    private static Map<String, Object> property(String type) {
        return Map.of("type", type, "segmentable", true);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void readsAndWritesWhereAMemberStandsInFormat1() {
        var state = MemberState.decode(bytes(MEMBER_1));

        assertThat(state.kind()).isEqualTo(MemberKind.MEMBER);
        assertThat(state.sequence()).isEqualTo(300);
        assertThat(state.standings())
                .isEqualTo(
                        Map.of(
                                0, new MemberState.Standing(-5, 3, MemberState.NEVER),
                                7,
                                        new MemberState.Standing(
                                                1_600_000_000_000L, 200, 1_800_000_000_000L),
                                200,
                                        new MemberState.Standing(
                                                MemberState.NEVER, 0, 1_700_000_000_000L)));
        assertThat(state.pendingAt(9, 200))
                .usingRecursiveComparison()
                .isEqualTo(
                        new MemberState.Pending(
                                9, MembershipCause.IMPORT, "import-ü", new int[] {7, 200}));
        assertThat(state.encode()).isEqualTo(bytes(MEMBER_1));
    }

    @Test
    void readsAndWritesHistoriesInTheOldestFormatThatHoldsThem() {
        var first = StoredHistory.decode("m-1", bytes(HISTORY_1));
        assertThat(first.born()).isEqualTo(1_767_225_600_000L);
        assertThat(first.history().eventCount()).isEqualTo(2);
        assertThat(holds(first.history(), "sum(amount of purchase) = 9.5")).isTrue();
        assertThat(holds(first.history(), "country = \"TH\"")).isTrue();
        assertThat(first.encode()).isEqualTo(bytes(HISTORY_1));

        var second = StoredHistory.decode("m-1", bytes(HISTORY_2));
        assertThat(second.history().eventCount()).isEqualTo(2);
        assertThat(second.encode()).isEqualTo(bytes(HISTORY_2));
        // What the first format can hold is written in it, so that the version before reads it.
        assertThat(
                        second.history()
                                .removeTransition(
                                        "vip", true, Instant.parse("2026-01-02T00:00:00Z")))
                .isTrue();
        assertThat(second.encode()).isEqualTo(bytes(HISTORY_1));
    }

    @Test
    void saysSoWhenAFormatIsOfALaterVersion() {
        byte[] member = bytes(MEMBER_1);
        member[0] = 2;
        assertThatThrownBy(() -> MemberState.decode(member))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("format 2, which a later version wrote; this one reads 1");
        byte[] history = bytes(HISTORY_2);
        history[Long.BYTES] = 3;
        assertThatThrownBy(() -> StoredHistory.decode("m-1", history))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("came 3");
    }

    private static boolean holds(MemberHistory history, String text) {
        return new Evaluator(MODEL)
                .matches(
                        Conditions.parse(text, MODEL),
                        history,
                        Instant.parse("2026-02-01T00:00:00Z"));
    }
}
