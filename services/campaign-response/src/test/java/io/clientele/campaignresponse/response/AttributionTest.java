package io.clientele.campaignresponse.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.campaignresponse.campaign.Campaign;
import io.clientele.campaignresponse.campaign.CampaignDraft;
import io.clientele.campaignresponse.campaign.CampaignStatus;
import io.clientele.campaignresponse.campaign.Cost;
import io.clientele.campaignresponse.campaign.Goal;
import io.clientele.campaignresponse.campaign.MessageDraft;
import io.clientele.campaignresponse.campaign.Reentry;
import io.clientele.campaignresponse.campaign.Trigger;
import io.clientele.campaignresponse.contact.Arm;
import io.clientele.campaignresponse.contact.Assignment;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributionTest {
    private static final Instant DECIDED = Instant.parse("2026-11-01T10:00:00Z");
    private static final SegmentKey NEW = new SegmentKey("new");
    private static final MemberId MEMBER = new MemberId("m-1");
    private static final Campaign CAMPAIGN = campaign();

    private static Campaign campaign() {
        var draft =
                new CampaignDraft(
                        "Welcome",
                        null,
                        List.of(NEW),
                        List.of(),
                        new Trigger.OnEntry(Duration.ofDays(1)),
                        false,
                        Reentry.ALWAYS,
                        List.of("email"),
                        List.of(new MessageDraft(null, null, null, null, "Hello")),
                        "ten-percent",
                        0.5,
                        new Goal("purchase", null, Duration.ofDays(14), "amount"),
                        Cost.NONE);
        return new Campaign(
                new ProgramId("demo"),
                "welcome",
                Map.of(),
                draft,
                CampaignStatus.RUNNING,
                1,
                1,
                "salt",
                DECIDED,
                DECIDED,
                null,
                DECIDED,
                "ann",
                DECIDED,
                "ann");
    }

    private static Assignment decision(String contact, Arm arm, Instant at) {
        return new Assignment(contact, "welcome", 1, MEMBER, NEW, "email", arm, at, null);
    }

    private static MemberRecord.EventApplied event(
            String type, Instant at, Map<String, Object> properties) {
        return new MemberRecord.EventApplied(
                new ProgramId("demo"),
                MEMBER,
                MemberKind.MEMBER,
                "pos",
                "1",
                type,
                at,
                at,
                properties,
                List.of(),
                null,
                null);
    }

    @Test
    void goalCountsFromTheDecisionToTheEndOfTheWindow() {
        var decisions = List.of(decision("c-1", Arm.CONTROL, DECIDED));
        var end = DECIDED.plus(Duration.ofDays(14));

        assertThat(goal(DECIDED.minusMillis(1), decisions)).isEmpty();
        assertThat(goal(DECIDED, decisions)).hasSize(1);
        assertThat(goal(end.minusMillis(1), decisions)).hasSize(1);
        assertThat(goal(end, decisions)).isEmpty();
    }

    @Test
    void goalIsTheLatestDecisionsOnly() {
        var later = DECIDED.plus(Duration.ofDays(2));
        var decisions =
                List.of(decision("c-2", Arm.TREATED, later), decision("c-1", Arm.TREATED, DECIDED));

        assertThat(goal(later, decisions)).containsExactly("c-2");
        assertThat(goal(later.minusMillis(1), decisions)).containsExactly("c-1");
    }

    @Test
    void goalHasItsValueAndTheSameIdEveryTime() {
        var decisions = List.of(decision("c-1", Arm.TREATED, DECIDED));
        var event = event("purchase", DECIDED, Map.of("amount", new BigDecimal("84.00")));

        var once = Attribution.goal(event, CAMPAIGN, decisions).orElseThrow();
        var twice = Attribution.goal(event, CAMPAIGN, decisions).orElseThrow();

        assertThat(once.value()).isEqualTo("84.00");
        assertThat(once.id()).isEqualTo(twice.id());
        assertThat(once.leaves()).isTrue();
    }

    @Test
    void onlyWhatPeopleDoAboutAContactLeaves() {
        var opened = event("message.opened", DECIDED, Map.of("contact", "c-1", "machine", true));

        assertThat(Attribution.contact(opened)).isEqualTo("c-1");
        assertThat(Attribution.named(opened, decision("c-1", Arm.TREATED, DECIDED)).leaves())
                .isFalse();
        assertThat(
                        Attribution.goal(
                                        event("purchase", DECIDED, Map.of()),
                                        CAMPAIGN,
                                        List.of(decision("c-1", Arm.CONTROL, DECIDED)))
                                .orElseThrow()
                                .leaves())
                .isFalse();
    }

    @Test
    void redemptionAnswersTheLatestContactAndNeverTheControlArm() {
        var decisions =
                List.of(
                        decision("c-3", Arm.TREATED, DECIDED.plusSeconds(60)),
                        decision("c-2", Arm.CONTROL, DECIDED.plusSeconds(20)),
                        decision("c-1", Arm.TREATED, DECIDED));

        assertThat(redeemed("ten-percent", decisions)).containsExactly("c-1");
        assertThat(redeemed("ten-percent", decisions.subList(1, 2))).isEmpty();
        assertThat(redeemed("another", decisions)).isEmpty();
    }

    private static List<String> redeemed(String offer, List<Assignment> decisions) {
        var event = event("offer.redeemed", DECIDED.plusSeconds(30), Map.of("offer", offer));
        return Attribution.redeemed(event, List.of(CAMPAIGN), decisions).stream()
                .map(response -> response.assignment().contact())
                .toList();
    }

    private static List<String> goal(Instant at, List<Assignment> decisions) {
        return Attribution.goal(event("purchase", at, Map.of()), CAMPAIGN, decisions).stream()
                .map(response -> response.assignment().contact())
                .toList();
    }
}
