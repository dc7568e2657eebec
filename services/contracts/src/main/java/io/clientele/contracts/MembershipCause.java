package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a membership changed. */
public enum MembershipCause {
    /** An event of the member. */
    @JsonProperty("event")
    EVENT,
    /** The clock: a window moved on. */
    @JsonProperty("time")
    TIME,
    /** The member's attributes changed without an event. */
    @JsonProperty("profile")
    PROFILE,
    /** An event that came with an import of history. */
    @JsonProperty("import")
    IMPORT,
    /** The segment's condition or status changed. */
    @JsonProperty("definition")
    DEFINITION,
    /** A person put the member in or out. */
    @JsonProperty("override")
    OVERRIDE,
    /** Two members became one, or one two. */
    @JsonProperty("merge")
    MERGE,
    /** The member was erased. */
    @JsonProperty("erasure")
    ERASURE
}
