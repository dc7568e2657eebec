package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The two things that can happen to a membership. */
public enum MembershipChange {
    /** The member is in the segment from the instant on. */
    @JsonProperty("entered")
    ENTERED,
    /** The member is in the segment no more. */
    @JsonProperty("left")
    LEFT
}
