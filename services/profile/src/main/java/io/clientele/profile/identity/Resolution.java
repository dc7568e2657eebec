package io.clientele.profile.identity;

/** How the member of a resolved event was found. */
public enum Resolution {
    /** The sender named the member; an identity that came along is the member's. */
    NAMED,
    /** The sender named the member; the identity that came along is another member's. */
    NAMED_IDENTITY_TAKEN,
    /** The identity led to the member. */
    IDENTITY
}
