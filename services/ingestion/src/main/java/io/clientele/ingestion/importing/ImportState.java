package io.clientele.ingestion.importing;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Where an import stands. */
enum ImportState {
    /** Its content is still to come. */
    @JsonProperty("created")
    CREATED,
    /** Its content is read and sent. */
    @JsonProperty("running")
    RUNNING,
    /** All of it is sent; members are being brought up to date. */
    @JsonProperty("applying")
    APPLYING,
    /** Stopped on request; can go on. */
    @JsonProperty("paused")
    PAUSED,
    /** Done. */
    @JsonProperty("completed")
    COMPLETED,
    /** Given up on request. What was sent stays. */
    @JsonProperty("cancelled")
    CANCELLED,
    /** Cannot be done; "failure" says why. */
    @JsonProperty("failed")
    FAILED;

    String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ImportState of(String stored) {
        return valueOf(stored.toUpperCase(Locale.ROOT));
    }
}
