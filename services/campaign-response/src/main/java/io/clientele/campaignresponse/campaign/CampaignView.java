package io.clientele.campaignresponse.campaign;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A campaign as callers see it: what PUT brought, and this.
 *
 * @param body what PUT brought
 * @param startedAt the first start
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CampaignView(
        String key,
        CampaignStatus status,
        int version,
        @JsonAnyGetter Map<String, Object> body,
        @Nullable Instant startedAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy) {
    static CampaignView of(Campaign campaign) {
        var body = new LinkedHashMap<String, Object>();
        body.put("name", campaign.draft().name());
        body.putAll(campaign.body());
        return new CampaignView(
                campaign.key(),
                campaign.status(),
                campaign.version(),
                body,
                campaign.startedAt(),
                campaign.createdAt(),
                campaign.createdBy(),
                campaign.updatedAt(),
                campaign.updatedBy());
    }
}
