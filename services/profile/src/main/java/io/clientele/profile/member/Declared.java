package io.clientele.profile.member;

import org.jspecify.annotations.Nullable;

/**
 * What an event says of one attribute.
 *
 * @param name the attribute or built-in operand
 * @param json its value as JSON, in its one form; null takes it away
 * @param scope who may see it
 * @param proof of a consent, where it is written down
 */
record Declared(String name, @Nullable String json, Scope scope, @Nullable String proof) {
    /** Who may see an attribute. */
    enum Scope {
        /** Goes on to every service. */
        PUBLIC,
        /** Stays in profile. */
        PERSONAL,
        /** Unknown to the registry: kept, shown to those who may see personal data. */
        ASIDE
    }

    Declared(String name, @Nullable String json, Scope scope) {
        this(name, json, scope, null);
    }
}
