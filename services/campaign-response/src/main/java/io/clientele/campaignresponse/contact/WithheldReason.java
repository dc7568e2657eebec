package io.clientele.campaignresponse.contact;

import java.util.Locale;

/** Why nobody was contacted on an occasion. */
enum WithheldReason {
    /** The member is in a segment that the campaign excludes. */
    EXCLUDED,
    /** No consent for marketing by any of the campaign's channels was given. */
    NO_CONSENT,
    /** There is consent, but no address by those channels, or no message. */
    NO_CHANNEL,
    /** The message could not be made of the member's attributes. */
    MESSAGE_FAILED;

    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
