package io.clientele.engine;

import static io.clientele.engine.Worlds.at;
import static io.clientele.engine.Worlds.condition;
import static io.clientele.engine.Worlds.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemberHistoryTest {
    private static final Instant NOON = at("2026-01-01T12:00:00Z");

    private final ProgramModel model = Worlds.shop(ZoneOffset.UTC);
    private final Evaluator evaluator = new Evaluator(model);
    private final MemberHistory member = new MemberHistory("m-1");

    private boolean holds(String text, Instant at) {
        return evaluator.matches(condition(model, text), member, at);
    }

    private boolean purchase(String source, String id, Instant when) {
        return member.addEvent(model, source, id, "purchase", when, Map.of());
    }

    @Test
    void countsAnEventOnce() {
        assertThat(purchase("pos", "1", NOON)).isTrue();
        assertThat(purchase("pos", "1", NOON)).isFalse();
        assertThat(purchase("web", "1", NOON)).isTrue();
        assertThat(member.eventCount()).isEqualTo(2);
        assertThat(member.latestEvent()).contains(NOON);
    }

    @Test
    void takesBackAnEventAndTheAttributesThatCameWithIt() {
        purchase("pos", "1", NOON);
        member.addAttribute(model, "country", "TH", NOON.minusSeconds(1), "crm", "a");
        member.addAttribute(model, "country", "VN", NOON, "pos", "1");

        assertThat(member.retract("pos", "1")).isTrue();
        assertThat(member.retract("pos", "1")).isFalse();

        assertThat(member.eventCount()).isZero();
        assertThat(holds("{\"attribute\":\"country\",\"equals\":\"TH\"}", NOON)).isTrue();
    }

    @Test
    void putsARestatedValueInThePlaceOfTheOneBefore() {
        assertThat(member.addAttribute(model, "country", "TH", NOON, "pos", "1")).isTrue();
        assertThat(member.addAttribute(model, "country", "TH", NOON, "pos", "1")).isFalse();
        assertThat(member.addAttribute(model, "country", "VN", NOON, "pos", "1")).isTrue();

        assertThat(holds("{\"attribute\":\"country\",\"equals\":\"VN\"}", NOON)).isTrue();
    }

    @Test
    void ignoresWhatWasRetractedBeforeItArrived() {
        member.retract("pos", "1");
        MemberHistory copy = MemberHistory.decode("m-1", member.encode());

        assertThat(copy.addEvent(model, "pos", "1", "purchase", NOON, Map.of())).isFalse();
        assertThat(copy.addAttribute(model, "country", "TH", NOON, "pos", "1")).isFalse();
        assertThat(copy.addEvent(model, "pos", "2", "purchase", NOON, Map.of())).isTrue();
    }

    @Test
    void takesTheLatestVersionByInstantSourceAndId() {
        member.addAttribute(model, "country", "c", NOON, "b", "1");
        member.addAttribute(model, "country", "b", NOON, "a", "2");
        member.addAttribute(model, "country", "a", NOON.minusMillis(1), "z", "9");

        assertThat(holds("{\"attribute\":\"country\",\"equals\":\"c\"}", NOON)).isTrue();
        assertThat(holds("{\"attribute\":\"country\",\"equals\":\"a\"}", NOON.minusMillis(1)))
                .isTrue();
        assertThat(holds("{\"attribute\":\"country\",\"exists\":true}", NOON.minusMillis(2)))
                .isFalse();
    }

    @Test
    void takesNullEmptyTextAndAnEmptySetAsUnset() {
        member.addAttribute(model, "country", "TH", NOON, "a", "1");
        member.addAttribute(model, "country", "", NOON.plusMillis(1), "a", "2");
        member.addAttribute(model, "interests", List.of("running"), NOON, "a", "1");
        member.addAttribute(model, "interests", List.of(), NOON.plusMillis(1), "a", "2");
        member.addAttribute(model, "income", 5, NOON, "a", "1");
        member.addAttribute(model, "income", null, NOON.plusMillis(1), "a", "2");

        for (String name : List.of("country", "interests", "income")) {
            String exists = "{\"attribute\":\"" + name + "\",\"exists\":true}";
            assertThat(holds(exists, NOON)).as(name).isTrue();
            assertThat(holds(exists, NOON.plusMillis(1))).as(name).isFalse();
        }
    }

    @Test
    void keepsOnlyWhatConditionsMayUse() {
        member.addEvent(
                model,
                "pos",
                "1",
                "purchase",
                NOON,
                map(
                        "{\"orderId\":\"o-1-very-long-and-secret\",\"amount\":1.5,\"note\":\"x\","
                                + "\"items\":[{\"sku\":\"k\",\"gift\":true}]}"));
        assertThat(member.addAttribute(model, "email", "a@b.c", NOON, "crm", "1")).isFalse();
        assertThat(member.addAttribute(model, "unknown", "x", NOON, "crm", "1")).isFalse();

        String stored = new String(member.encode(), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(stored).doesNotContain("secret").doesNotContain("note").doesNotContain("gift");
        assertThat(member.encode().length).isLessThan(40);
    }

    @Test
    void refusesWhatDoesNotFitAndStaysAsItWas() {
        byte[] before = member.encode();
        for (String amount : List.of("0.0000001", "9223372036855", "1e300", "\"12\"", "true")) {
            assertThatThrownBy(() ->
                            member.addEvent(
                                    model,
                                    "pos",
                                    "1",
                                    "purchase",
                                    NOON,
                                    map("{\"amount\":" + amount + "}")))
                    .as(amount)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("amount: expected a number");
        }
        assertThatThrownBy(() ->
                        member.addAttribute(model, "birthDate", "yesterday", NOON, "crm", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("birthDate: expected a date");
        assertThat(member.encode()).isEqualTo(before);
    }

    @Test
    void refusesBytesOfAnotherKind() {
        purchase("pos", "1", NOON);
        byte[] good = member.encode();
        byte[] later = good.clone();
        later[0] = 3;
        assertThatThrownBy(() -> MemberHistory.decode("m", later))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a member's history begins with version 1 to 2, came 3");
        assertThatThrownBy(() -> MemberHistory.decode("m", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        for (int length = 1; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> MemberHistory.decode("m", cut))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void addsBeyondTheRangeOfALongExactly() {
        for (int i = 0; i < 4; i++) {
            member.addEvent(
                    model,
                    "pos",
                    "e" + i,
                    "purchase",
                    NOON.plusSeconds(i),
                    Map.of("amount", new BigDecimal("9000000000000.000001")));
        }
        Instant later = NOON.plus(Duration.ofDays(1));
        String sum = "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},";
        String average = "{\"event\":\"purchase\",\"measure\":{\"average\":\"amount\"},";

        assertThat(holds(sum + "\"atLeast\":9223372036854}", later)).isTrue();
        assertThat(holds(sum + "\"lessThan\":0}", later)).isFalse();
        assertThat(holds(average + "\"equals\":9000000000000.000001}", later)).isTrue();
        assertThat(holds(average + "\"greaterThan\":9000000000000.000001}", later)).isFalse();
    }

    @Test
    void comparesAnAverageThatHasNoEndWithoutRounding() {
        for (int i = 0; i < 3; i++) {
            member.addEvent(
                    model,
                    "pos",
                    "e" + i,
                    "purchase",
                    NOON.plusSeconds(i),
                    Map.of("amount", i == 0 ? 1 : 0));
        }
        Instant later = NOON.plus(Duration.ofDays(1));
        String average = "{\"event\":\"purchase\",\"measure\":{\"average\":\"amount\"},";
        assertThat(holds(average + "\"equals\":0.333333}", later)).isFalse();
        assertThat(holds(average + "\"greaterThan\":0.333333}", later)).isTrue();
        assertThat(holds(average + "\"lessThan\":0.333334}", later)).isTrue();
    }

    @Test
    void readsEventTypesFromTheirSchemas() {
        ProgramModel.EventType type =
                ProgramModel.EventType.ofSchema(
                        map(
                                "{\"type\":\"object\",\"properties\":{\"amount\":{\"type\":\"number\",\"segmentable\":true},"
                                    + "\"note\":{\"type\":\"string\"},\"kind\":{\"enum\":[\"a\",\"b\"],\"segmentable\":true},"
                                    + "\"day\":{\"type\":[\"string\",\"null\"],\"format\":\"date\",\"segmentable\":true},"
                                    + "\"until\":{\"type\":\"string\",\"format\":\"date-time\"},"
                                    + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                                    + "\"deep\":{\"type\":\"object\"},"
                                    + "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":"
                                    + "{\"sku\":{\"type\":\"string\",\"segmentable\":true}}}}}}"));
        assertThat(type.properties())
                .isEqualTo(
                        Map.of(
                                "amount", new ProgramModel.Property(ValueType.NUMBER, true),
                                "note", new ProgramModel.Property(ValueType.STRING, false),
                                "kind", new ProgramModel.Property(ValueType.STRING, true),
                                "day", new ProgramModel.Property(ValueType.DATE, true),
                                "until", new ProgramModel.Property(ValueType.TIMESTAMP, false),
                                "tags", new ProgramModel.Property(ValueType.STRINGS, false)));
        assertThat(type.items())
                .isEqualTo(Map.of("sku", new ProgramModel.Property(ValueType.STRING, true)));
    }

    @Test
    void keepsScoresAndTransitionsThroughEncoding() {
        ProgramModel scored =
                Worlds.shopBuilder(ZoneOffset.UTC).score("rank.spend", ValueType.NUMBER).build();
        byte[] before = member.encode();
        assertThat(member.addScore(scored, "rank.spend", 5, NOON, "models", "r1")).isTrue();
        assertThat(member.addScore(scored, "rank.spend", 5, NOON, "models", "r1")).isFalse();
        assertThat(member.addScore(scored, "rank.sped", 5, NOON, "models", "r1")).isFalse();
        assertThat(member.addTransition("vip", true, NOON)).isTrue();
        assertThat(member.addTransition("vip", true, NOON)).isFalse();
        assertThat(member.addTransition("vip", false, NOON.plusSeconds(1))).isTrue();

        MemberHistory copy = MemberHistory.decode("m-1", member.encode());
        assertThat(copy.encode()).isEqualTo(member.encode()).startsWith((byte) 2);
        assertThat(copy.scoreVersion("rank.spend", NOON.toEpochMilli()))
                .isEqualTo(
                        new StoredVersion(
                                NOON.toEpochMilli(), "models", "r1", new Value.Num(5_000_000)));
        assertThat(copy.transitions.of("vip", true)).containsExactly(NOON.toEpochMilli());

        assertThat(copy.retract("models", "r1")).isTrue();
        assertThat(copy.removeTransition("vip", true, NOON.plusSeconds(1))).isFalse();
        assertThat(copy.removeTransition("vip", true, NOON)).isTrue();
        assertThat(copy.removeTransitionsFrom("vip", NOON.plusSeconds(2))).isFalse();
        assertThat(copy.removeTransitionsFrom("vip", NOON.plusSeconds(1))).isTrue();
        assertThat(copy.scores).isEmpty();
        assertThat(copy.transitions.isEmpty()).isTrue();
        assertThat(before).startsWith((byte) 1);
    }
}
