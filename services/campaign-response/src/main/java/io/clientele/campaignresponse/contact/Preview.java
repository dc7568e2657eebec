package io.clientele.campaignresponse.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.MemberId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign would do with the members who are inside now. All members are one of these:
 * contacted, control, decided before, or withheld.
 *
 * @param members in its segments now
 * @param contacts would be contacted
 * @param control would be held back to compare with
 * @param decidedBefore have been decided for, and are not again now
 * @param withheld would not be contacted, by reason
 * @param byChannel of those contacted
 * @param sample one contact, rendered
 * @param asOf when
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Preview(
        long members,
        long contacts,
        long control,
        long decidedBefore,
        Map<String, Long> withheld,
        Map<String, Long> byChannel,
        @Nullable Sample sample,
        Instant asOf) {
    Preview {
        withheld = Collections.unmodifiableMap(new TreeMap<>(withheld));
        byChannel = Collections.unmodifiableMap(new TreeMap<>(byChannel));
    }

    /** One contact as it would be sent. */
    record Sample(MemberId member, String channel, CampaignContact.Message message) {}
}
