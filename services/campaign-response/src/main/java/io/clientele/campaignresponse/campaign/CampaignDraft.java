package io.clientele.campaignresponse.campaign;

import io.clientele.contracts.SegmentKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign's body says.
 *
 * @param name for people
 * @param description for people, or null
 * @param segments whom, in the order in which a member of several is taken
 * @param exclude whoever is in one of these is not contacted
 * @param trigger when
 * @param includeExisting whether who is inside at the first start is contacted then
 * @param reentry whether a member is contacted again
 * @param channels through which, in the order in which they are taken without a preference
 * @param messages with what
 * @param offer an offer's key, or null
 * @param control the share of members that is not contacted, to compare with; 0 to 0.5
 * @param goal what for, or null
 * @param cost at what cost
 */
public record CampaignDraft(
        String name,
        @Nullable String description,
        List<SegmentKey> segments,
        List<SegmentKey> exclude,
        Trigger trigger,
        boolean includeExisting,
        Reentry reentry,
        List<String> channels,
        List<MessageDraft> messages,
        @Nullable String offer,
        double control,
        @Nullable Goal goal,
        Cost cost) {
    /** Takes copies. */
    public CampaignDraft {
        segments = List.copyOf(segments);
        exclude = List.copyOf(exclude);
        channels = List.copyOf(channels);
        messages = List.copyOf(messages);
    }
}
