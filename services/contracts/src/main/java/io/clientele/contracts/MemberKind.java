package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What somebody is to a program. */
public enum MemberKind {
    /** Has enrolled or bought. */
    @JsonProperty("member")
    MEMBER,
    /** A visitor or lead: neither enrolled nor bought yet. */
    @JsonProperty("prospect")
    PROSPECT
}
