package io.clientele.engine;

import static io.clientele.engine.Worlds.at;
import static io.clientele.engine.Worlds.condition;
import static io.clientele.engine.Worlds.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private final ProgramModel model = Worlds.shop(ZoneOffset.UTC);
    private final Evaluator evaluator = new Evaluator(model);
    private final MemberHistory member = new MemberHistory("m-1");

    private void purchase(String id, String when, String amount) {
        member.addEvent(model, "pos", id, "purchase", at(when), map("{\"amount\":" + amount + "}"));
    }

    @Test
    void leavesARollingWindowWhenTheEventIsExactlyAsOldAsTheWindow() {
        purchase("1", "2026-01-01T10:00:00Z", "10");
        Condition recent =
                condition(model, "{\"event\":\"purchase\",\"within\":{\"last\":\"P30D\"}}");
        Instant end = at("2026-01-31T10:00:00Z");

        assertThat(evaluator.matches(recent, member, at("2026-01-01T09:59:59.999Z"))).isFalse();
        assertThat(evaluator.matches(recent, member, at("2026-01-01T10:00:00Z"))).isTrue();
        assertThat(evaluator.matches(recent, member, end.minusMillis(1))).isTrue();
        assertThat(evaluator.matches(recent, member, end)).isFalse();
        assertThat(evaluator.nextPossibleFlip(recent, member, at("2026-01-05T00:00:00Z")))
                .contains(end);
        assertThat(
                        evaluator.intervals(
                                recent,
                                member,
                                at("2025-01-01T00:00:00Z"),
                                at("2027-01-01T00:00:00Z")))
                .containsExactly(new Interval(at("2026-01-01T10:00:00Z"), end));
    }

    @Test
    void leavesAtTheThirdLastPurchase() {
        purchase("1", "2026-01-01T10:00:00Z", "10");
        purchase("2", "2026-01-02T10:00:00Z", "10");
        purchase("3", "2026-01-03T10:00:00Z", "10");
        purchase("4", "2026-01-04T10:00:00Z", "10");
        Condition frequent =
                condition(
                        model,
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P30D\"},\"atLeast\":3}");

        assertThat(evaluator.nextPossibleFlip(frequent, member, at("2026-01-05T00:00:00Z")))
                .contains(at("2026-02-01T10:00:00Z"));
    }

    @Test
    void survivesEncoding() {
        purchase("1", "2026-01-01T10:00:00Z", "10.25");
        member.addAttribute(model, "country", "TH", at("2026-01-01T00:00:00Z"), "crm", "a");
        member.retract("pos", "9");
        byte[] bytes = member.encode();

        MemberHistory copy = MemberHistory.decode("m-1", bytes);

        assertThat(copy.encode()).isEqualTo(bytes);
        Condition spent =
                condition(
                        model,
                        "{\"all\":[{\"event\":\"spend\",\"measure\":{\"sum\":\"amount\"},\"equals\":10.25},"
                            + "{\"attribute\":\"country\",\"equals\":\"th\"}]}");
        assertThat(evaluator.matches(spent, copy, at("2026-01-02T00:00:00Z"))).isTrue();
        assertThat(evaluator.explain(spent, copy, at("2026-01-02T00:00:00Z")).text())
                .isEqualTo(
                        "The member satisfies the condition, because the sum of amount over spend"
                            + " is 10.25 (it is 10.25); country is th (it is TH). Nothing but new"
                            + " input can change that.");
    }

    @Test
    void prefersAmongEquallyFrequentValuesTheLatestThenTheGreatestWhateverTheIds() {
        Instant noon = at("2026-01-01T12:00:00Z");
        member.addEvent(model, "pos", "z", "purchase", noon, map("{\"store\":\"a\"}"));
        member.addEvent(model, "pos", "a", "purchase", noon, map("{\"store\":\"B\"}"));
        String favorite =
                "{\"event\":\"purchase\",\"measure\":{\"favorite\":\"store\"},\"equals\":";
        Condition a = condition(model, favorite + "\"a\"}");
        Condition b = condition(model, favorite + "\"b\"}");

        assertThat(evaluator.matches(b, member, noon)).isTrue();
        assertThat(evaluator.matches(a, member, noon)).isFalse();

        // One of each more, a later.
        member.addEvent(model, "pos", "c", "purchase", noon, map("{\"store\":\"b\"}"));
        Instant later = noon.plusSeconds(1);
        member.addEvent(model, "pos", "b", "purchase", later, map("{\"store\":\"A\"}"));

        assertThat(evaluator.matches(a, member, later)).isTrue();
    }

    @Test
    void tellsWhatAVerdictDependsOn() {
        ProgramModel with =
                model.withSegments(
                        Map.of(
                                "spenders",
                                        condition(
                                                model,
                                                "{\"event\":\"spend\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":1}"),
                                "adults",
                                        condition(
                                                model, "{\"attribute\":\"age\",\"atLeast\":18}")));
        Condition asked =
                condition(
                        with,
                        "{\"any\":[{\"segment\":\"spenders\"},{\"left\":{\"segment\":\"adults\"},\"zone\":\"member\"},"
                            + "{\"score\":\"rfm.group\",\"exists\":true},{\"sample\":{\"percent\":1,\"salt\":\"a\"}}]}");

        assertThat(new Evaluator(with).dependsOn(asked))
                .isEqualTo(
                        new Dependencies(
                                Set.of("purchase", "return"),
                                Set.of("timeZone"),
                                Set.of("rfm.group"),
                                Set.of("spenders"),
                                Set.of("adults")));
    }

    @Test
    void explainsScoresAndRecordedChanges() {
        ProgramModel with = model.withSegments(Map.of("vip", condition(model, "{\"all\":[]}")));
        Instant noon = at("2026-01-01T12:00:00Z");
        member.addScore(with, "rank.spend", 0.05, noon, "models", "1");
        member.addTransition("vip", true, noon);
        Condition asked =
                condition(
                        with,
                        "{\"all\":[{\"score\":\"rank.spend\",\"atMost\":0.1},"
                            + "{\"entered\":{\"segment\":\"vip\"},\"within\":{\"last\":\"P7D\"}}]}");

        Explanation explanation = new Evaluator(with).explain(asked, member, noon);

        assertThat(explanation.text())
                .isEqualTo(
                        "The member satisfies the condition, because score rank.spend is at most"
                            + " 0.1 (it is 0.05); entered segment vip in the last 7 days. With no"
                            + " new input, that may change at 2026-01-08T12:00:00Z.");
        assertThat(explanation.root().children().getLast().value()).isEqualTo("1");
    }
}
