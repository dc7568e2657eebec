package io.clientele.reporting.live;

import java.util.Locale;

/** What a stream can tell of. */
enum LiveTopic {
    /** The rate of member events. */
    EVENTS,
    /** Sizes and the latest membership changes. */
    SEGMENTS,
    /** Contacts and responses. */
    CAMPAIGNS;

    /** As callers name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
