package io.clientele.profile.member;

import io.clientele.contracts.EventReference;
import io.clientele.contracts.ProgramId;

/** Names of events and members in the store. */
final class EventKey {
    private EventKey() {}

    /**
     * {@code program:source:id}, with {@code :} and {@code %} in the source escaped, so that no two
     * events share a key.
     */
    static String of(ProgramId program, String source, String id) {
        return program + ":" + escape(source) + ":" + id;
    }

    static String of(ProgramId program, EventReference event) {
        return of(program, event.source(), event.id());
    }

    private static String escape(String source) {
        return source.indexOf(':') < 0 && source.indexOf('%') < 0
                ? source
                : source.replace("%", "%25").replace(":", "%3A");
    }
}
