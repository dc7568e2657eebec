package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.campaign.MessageDraft;
import org.jspecify.annotations.Nullable;

/** Whether a member may be contacted. */
sealed interface Verdict {
    /**
     * Yes.
     *
     * @param channel how
     * @param language the member's, or null if it is not known
     * @param message with what
     */
    record Eligible(String channel, @Nullable String language, MessageDraft message)
            implements Verdict {}

    /** No. */
    record Withheld(WithheldReason reason) implements Verdict {}

    /** Not again, or not yet. */
    record DecidedBefore() implements Verdict {}
}
