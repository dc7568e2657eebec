package io.clientele.profile.member;

import java.util.Locale;

/**
 * Why an event will never be applied.
 *
 * @param reason a stable code
 * @param detail what was expected and what came; nothing personal
 */
record Refusal(Reason reason, String detail) {
    /** The stable codes. */
    enum Reason {
        /** No event at all. */
        UNREADABLE,
        /** Its name belongs to an event of other content. */
        ID_REUSED,
        /** The program refuses members nobody has seen. */
        MEMBER_UNKNOWN,
        /** The program refuses attributes that it does not know. */
        ATTRIBUTE_UNKNOWN,
        /** A value that is not of its attribute's type or not among its values. */
        ATTRIBUTE_INVALID,
        /** A property that should say something about the member but cannot be read. */
        DECLARATION_INVALID,
        /** Takes back an event of another member, or one that cannot be taken back. */
        RETRACTION_INVALID,
        /** More attributes or identities than a member can have. */
        MEMBER_TOO_LARGE,
        /** An edit through the API of a state that has changed since it was read. */
        EDIT_STALE;

        String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
