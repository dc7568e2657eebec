package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.campaign.CampaignDraft;
import io.clientele.campaignresponse.campaign.MessageDraft;
import io.clientele.campaignresponse.campaign.Trigger;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of contacting. Pure functions. */
final class ContactRules {
    /** What consent campaigns need. */
    static final String PURPOSE = "marketing";

    /** Something happened to the member now; imports, edits and merges only learn of the past. */
    private static final Set<MembershipCause> TRIGGERING =
            Set.of(MembershipCause.EVENT, MembershipCause.TIME, MembershipCause.PROFILE);

    private ContactRules() {}

    /**
     * Whether a membership change is an occasion for a campaign.
     *
     * @param activeSince the campaign's latest start: what was recorded before it is none
     */
    static boolean triggers(
            CampaignDraft campaign,
            @Nullable Instant activeSince,
            SegmentMembershipRecord.Changed change) {
        return campaign.trigger() instanceof Trigger.OnEntry entry
                && activeSince != null
                && change.change() == MembershipChange.ENTERED
                && TRIGGERING.contains(change.cause())
                && campaign.segments().contains(change.segment())
                && !change.recordedAt().isBefore(activeSince)
                && Duration.between(change.at(), change.recordedAt()).compareTo(entry.maxAge())
                        <= 0;
    }

    /**
     * Whether a member may be contacted, and how: by the preferred channel if there is consent and
     * a message for it, else by the first of the campaign's that has both. Consent must have been
     * given expressly. A channel is left out if the member is known not to be reachable by it.
     *
     * @param attributes what is known of the member, or null if nothing is
     * @param last when the member was last decided for, or null
     */
    static Verdict decide(
            CampaignDraft campaign,
            SegmentKey segment,
            @Nullable Map<String, Object> attributes,
            boolean excluded,
            @Nullable Instant last,
            Instant now) {
        if (!campaign.reentry().allows(last, now)) {
            return new Verdict.DecidedBefore();
        }
        if (excluded) {
            return new Verdict.Withheld(WithheldReason.EXCLUDED);
        }
        Map<String, Object> known = attributes == null ? Map.of() : attributes;
        var language = language(known);
        var preferred = known.get("preference.channel");
        boolean consented = false;
        Verdict.Eligible first = null;
        for (var channel : campaign.channels()) {
            if (!hasConsent(known, channel)) {
                continue;
            }
            consented = true;
            if (Boolean.FALSE.equals(known.get("reachable." + channel))) {
                continue;
            }
            var message =
                    MessageDraft.choose(campaign.messages(), segment, channel, language)
                            .orElse(null);
            if (message == null) {
                continue;
            }
            var eligible = new Verdict.Eligible(channel, language, message);
            if (channel.equals(preferred)) {
                return eligible;
            }
            first = first == null ? eligible : first;
        }
        if (first != null) {
            return first;
        }
        return new Verdict.Withheld(
                consented ? WithheldReason.NO_CHANNEL : WithheldReason.NO_CONSENT);
    }

    /** Whether the member has said yes to marketing by a channel. */
    static boolean hasConsent(Map<String, Object> attributes, String channel) {
        return Boolean.TRUE.equals(attributes.get("consent." + PURPOSE + "." + channel));
    }

    private static @Nullable String language(Map<String, Object> attributes) {
        var language = attributes.get("language");
        if (language == null) {
            language = attributes.get("preference.language");
        }
        return language instanceof String text && !text.isBlank() ? text : null;
    }
}
