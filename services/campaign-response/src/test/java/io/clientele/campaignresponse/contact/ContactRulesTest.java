package io.clientele.campaignresponse.contact;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.campaignresponse.campaign.CampaignDraft;
import io.clientele.campaignresponse.campaign.Cost;
import io.clientele.campaignresponse.campaign.MessageDraft;
import io.clientele.campaignresponse.campaign.Reentry;
import io.clientele.campaignresponse.campaign.Trigger;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContactRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final SegmentKey NEW = new SegmentKey("new");
    private static final MessageDraft FOR_ALL = new MessageDraft(null, null, null, null, "Hello");
    private static final MessageDraft THAI = new MessageDraft(null, null, "th", null, "Sawasdee");

    private static CampaignDraft campaign(Reentry reentry, MessageDraft... messages) {
        return new CampaignDraft(
                "Welcome",
                null,
                List.of(NEW),
                List.of(),
                new Trigger.OnEntry(Duration.ofDays(1)),
                false,
                reentry,
                List.of("email", "push"),
                List.of(messages),
                null,
                0,
                null,
                Cost.NONE);
    }

    private static SegmentMembershipRecord.Changed change(
            MembershipChange change, MembershipCause cause, Duration age, SegmentKey segment) {
        return new SegmentMembershipRecord.Changed(
                "demo:m:1",
                new ProgramId("demo"),
                new MemberId("m"),
                segment,
                1,
                change,
                NOW.minus(age),
                NOW,
                false,
                cause,
                null,
                1);
    }

    private static boolean triggers(
            MembershipChange change, MembershipCause cause, Duration age, Instant activeSince) {
        return ContactRules.triggers(
                campaign(Reentry.NEVER, FOR_ALL), activeSince, change(change, cause, age, NEW));
    }

    @ParameterizedTest
    @EnumSource(MembershipCause.class)
    void onlyWhatHappensNowTriggers(MembershipCause cause) {
        boolean expected =
                switch (cause) {
                    case EVENT, TIME, PROFILE -> true;
                    case IMPORT, DEFINITION, OVERRIDE, MERGE, ERASURE -> false;
                };

        assertThat(triggers(MembershipChange.ENTERED, cause, Duration.ZERO, NOW))
                .isEqualTo(expected);
    }

    @Test
    void agePauseExitAndOtherSegmentsDoNotTrigger() {
        var event = MembershipCause.EVENT;
        var entered = MembershipChange.ENTERED;
        var day = Duration.ofDays(1);

        assertThat(triggers(entered, event, day, NOW)).isTrue();
        assertThat(triggers(entered, event, day.plusMillis(1), NOW)).isFalse();
        assertThat(triggers(entered, event, Duration.ZERO, NOW.plusMillis(1))).isFalse();
        assertThat(triggers(MembershipChange.LEFT, event, Duration.ZERO, NOW)).isFalse();
        assertThat(
                        ContactRules.triggers(
                                campaign(Reentry.NEVER, FOR_ALL),
                                NOW,
                                change(entered, event, Duration.ZERO, new SegmentKey("vip"))))
                .isFalse();
    }

    private static Verdict decide(
            CampaignDraft campaign, @Nullable Map<String, Object> attributes) {
        return ContactRules.decide(campaign, NEW, attributes, false, null, NOW);
    }

    @Test
    void preferredChannelGoesFirstIfThereIsConsentForIt() {
        var campaign = campaign(Reentry.NEVER, FOR_ALL);
        var both =
                Map.<String, Object>of(
                        "consent.marketing.email", true,
                        "consent.marketing.push", true,
                        "preference.channel", "push");
        var one =
                Map.<String, Object>of(
                        "consent.marketing.email", true,
                        "consent.marketing.push", false,
                        "preference.channel", "push");

        assertThat(decide(campaign, both)).isEqualTo(new Verdict.Eligible("push", null, FOR_ALL));
        assertThat(decide(campaign, one)).isEqualTo(new Verdict.Eligible("email", null, FOR_ALL));
    }

    @Test
    void unknownConsentIsNone() {
        var campaign = campaign(Reentry.NEVER, FOR_ALL);

        assertThat(decide(campaign, null))
                .isEqualTo(new Verdict.Withheld(WithheldReason.NO_CONSENT));
        assertThat(decide(campaign, Map.of("consent.service.email", true)))
                .isEqualTo(new Verdict.Withheld(WithheldReason.NO_CONSENT));
    }

    @Test
    void channelNeedsAnAddressAndAMessage() {
        var consent = Map.<String, Object>of("consent.marketing.email", true);
        var unreachable =
                Map.<String, Object>of("consent.marketing.email", true, "reachable.email", false);

        assertThat(decide(campaign(Reentry.NEVER, FOR_ALL), unreachable))
                .isEqualTo(new Verdict.Withheld(WithheldReason.NO_CHANNEL));
        assertThat(decide(campaign(Reentry.NEVER, THAI), consent))
                .isEqualTo(new Verdict.Withheld(WithheldReason.NO_CHANNEL));
    }

    @Test
    void messageInTheMembersLanguageGoesFirst() {
        var speaker = Map.<String, Object>of("consent.marketing.email", true, "language", "th-TH");

        assertThat(decide(campaign(Reentry.NEVER, FOR_ALL, THAI), speaker))
                .isEqualTo(new Verdict.Eligible("email", "th-TH", THAI));
    }

    @Test
    void reentryIsAsTheCampaignSays() {
        var consent = Map.<String, Object>of("consent.marketing.email", true);
        var days = new Reentry(Duration.ofDays(90));
        var last = NOW.minus(Duration.ofDays(90));

        assertThat(again(Reentry.NEVER, last, consent)).isInstanceOf(Verdict.DecidedBefore.class);
        assertThat(again(days, last.plusMillis(1), consent))
                .isInstanceOf(Verdict.DecidedBefore.class);
        assertThat(again(days, last, consent)).isInstanceOf(Verdict.Eligible.class);
        assertThat(again(Reentry.ALWAYS, NOW, consent)).isInstanceOf(Verdict.Eligible.class);
    }

    private static Verdict again(Reentry reentry, Instant last, Map<String, Object> attributes) {
        return ContactRules.decide(campaign(reentry, FOR_ALL), NEW, attributes, false, last, NOW);
    }

    @Test
    void excludedMembersAreWithheld() {
        assertThat(
                        ContactRules.decide(
                                campaign(Reentry.NEVER, FOR_ALL),
                                NEW,
                                Map.of("consent.marketing.email", true),
                                true,
                                null,
                                NOW))
                .isEqualTo(new Verdict.Withheld(WithheldReason.EXCLUDED));
    }
}
