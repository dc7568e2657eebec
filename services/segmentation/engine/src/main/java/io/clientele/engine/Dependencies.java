package io.clientele.engine;

import java.util.Set;

/**
 * What a condition's verdict can depend on, including what the segments it refers to depend on. An
 * input that names none of it cannot change the verdict.
 *
 * @param eventTypes types of events as members send them; derived types are resolved ({@code spend}
 *     is {@code purchase} and {@code return})
 * @param attributes attributes; {@code age} is resolved to {@code birthDate}, and {@code
 *     "zone":"member"} adds {@code timeZone}
 * @param scores scores by their names
 * @param segments every segment whose condition takes part, directly or not
 * @param transitions every segment whose recorded changes are looked at: an input changes the
 *     verdict where it changes what is recorded of them
 */
public record Dependencies(
        Set<String> eventTypes,
        Set<String> attributes,
        Set<String> scores,
        Set<String> segments,
        Set<String> transitions) {
    /** Copies. */
    public Dependencies {
        eventTypes = Set.copyOf(eventTypes);
        attributes = Set.copyOf(attributes);
        scores = Set.copyOf(scores);
        segments = Set.copyOf(segments);
        transitions = Set.copyOf(transitions);
    }
}
