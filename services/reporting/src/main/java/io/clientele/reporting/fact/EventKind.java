package io.clientele.reporting.fact;

import java.util.Locale;
import java.util.Optional;

/** The event types that figures are made of. */
enum EventKind {
    /** A member bought. */
    PURCHASE,
    /** A member brought back. */
    RETURN,
    /** A member joined. */
    ENROLLMENT;

    private final String type = name().toLowerCase(Locale.ROOT);

    /** As in events and in the table. */
    String type() {
        return type;
    }

    /** The kind of events of that type; empty if no figure is made of them. */
    static Optional<EventKind> of(String type) {
        for (var kind : values()) {
            if (kind.type.equals(type)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
