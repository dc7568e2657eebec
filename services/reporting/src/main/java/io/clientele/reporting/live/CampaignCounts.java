package io.clientele.reporting.live;

import io.clientele.contracts.ResponseKind;
import java.util.Map;
import java.util.TreeMap;

/**
 * A campaign so far.
 *
 * @param contacts how many were made
 * @param responses how many of them were answered at least once in each way
 */
record CampaignCounts(long contacts, Map<ResponseKind, Long> responses) {
    static final CampaignCounts NONE = new CampaignCounts(0, Map.of());

    CampaignCounts {
        responses = Map.copyOf(responses);
    }

    CampaignCounts plus(long moreContacts, Map<ResponseKind, Long> moreResponses) {
        var sum = new TreeMap<>(responses);
        moreResponses.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
        return new CampaignCounts(contacts + moreContacts, sum);
    }
}
