package io.clientele.campaignresponse.campaign;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Where a campaign stands. Only a running one contacts anybody; each goes on being measured. */
public enum CampaignStatus {
    /** Being written. */
    @JsonProperty("draft")
    DRAFT,
    /** Contacts members. */
    @JsonProperty("running")
    RUNNING,
    /** Contacts nobody for now; what happens meanwhile is not made up for. */
    @JsonProperty("paused")
    PAUSED,
    /** Over for good. */
    @JsonProperty("stopped")
    STOPPED;

    /** As in JSON and in the database. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status of a {@link #key()}. */
    static CampaignStatus of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
