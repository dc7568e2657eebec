package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of a contact. */
public enum ResponseKind {
    /** The engine sent it. */
    @JsonProperty("sent")
    SENT,
    /** It arrived. */
    @JsonProperty("delivered")
    DELIVERED,
    /** The member opened it. */
    @JsonProperty("opened")
    OPENED,
    /** The member followed a link in it. */
    @JsonProperty("clicked")
    CLICKED,
    /** It could not be delivered. */
    @JsonProperty("bounced")
    BOUNCED,
    /** The member wants no more of them. */
    @JsonProperty("unsubscribed")
    UNSUBSCRIBED,
    /** The member called it spam. */
    @JsonProperty("complained")
    COMPLAINED,
    /** The member redeemed what was offered. */
    @JsonProperty("redeemed")
    REDEEMED,
    /** The member did what the campaign is for, within its window. */
    @JsonProperty("goal")
    GOAL
}
