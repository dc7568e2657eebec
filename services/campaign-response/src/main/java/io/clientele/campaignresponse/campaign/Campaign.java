package io.clientele.campaignresponse.campaign;

import io.clientele.contracts.ProgramId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A campaign.
 *
 * @param program whose
 * @param key its name in its program
 * @param body as PUT brought it
 * @param draft what the body says
 * @param status where it stands
 * @param version grows with every other body
 * @param revision grows with every edit and every change of status
 * @param salt secret of this campaign: decides with the member's id who is in which arm
 * @param startedAt the first start
 * @param activeSince the latest start: what was recorded before it contacts nobody
 * @param run a run over who is inside that is due or under way
 */
public record Campaign(
        ProgramId program,
        String key,
        Map<String, Object> body,
        CampaignDraft draft,
        CampaignStatus status,
        int version,
        long revision,
        String salt,
        @Nullable Instant startedAt,
        @Nullable Instant activeSince,
        @Nullable Run run,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy) {
    /** Takes a copy. */
    public Campaign {
        body = Collections.unmodifiableMap(new LinkedHashMap<>(body));
    }

    /**
     * A run over the members who are inside.
     *
     * @param kind {@code existing} or {@code at}
     * @param due when it begins
     * @param after the last member it has decided, or null
     */
    public record Run(String kind, Instant due, @Nullable String after) {}
}
