package io.clientele.campaignresponse.contact;

import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.SegmentKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision about a member.
 *
 * @param contact its id
 * @param campaign for which campaign
 * @param version by which version of it
 * @param member about whom
 * @param segment for which segment
 * @param channel by which channel the member is, or would have been, contacted
 * @param arm contacted or not
 * @param decidedAt when
 * @param message what is sent; null in the control arm
 */
public record Assignment(
        String contact,
        String campaign,
        int version,
        MemberId member,
        SegmentKey segment,
        String channel,
        Arm arm,
        Instant decidedAt,
        @Nullable CampaignContact message) {}
