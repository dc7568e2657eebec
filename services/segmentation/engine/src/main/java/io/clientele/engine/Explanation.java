package io.clientele.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a member satisfies a condition at an instant, or does not, and until when.
 *
 * @param matches the verdict
 * @param at the instant asked about
 * @param nextFlip the earliest instant at which the verdict may be another with no new input; null:
 *     never
 * @param root the condition, part by part
 * @param text the same as a paragraph
 */
public record Explanation(
        boolean matches, Instant at, @Nullable Instant nextFlip, Part root, String text) {

    /**
     * One part of a condition.
     *
     * @param pointer its place, a JSON Pointer into the condition of {@code segment}
     * @param segment the key of the segment referred to whose condition this is a part of; null:
     *     the condition asked about
     * @param text what it demands, in words
     * @param matches the verdict
     * @param unset whether a leaf has no value to compare; of a combination, whether some leaf
     *     below has none
     * @param value the leaf's value as text; null if unset, and for combinations
     * @param threshold what the value is compared with; null for combinations and references
     * @param events the first events that were counted, in their order
     * @param eventCount how many were counted in all
     * @param nextFlip as for the whole
     * @param children the parts below; for a reference, the condition of the segment
     */
    public record Part(
            String pointer,
            @Nullable String segment,
            String text,
            boolean matches,
            boolean unset,
            @Nullable String value,
            @Nullable String threshold,
            List<CountedEvent> events,
            long eventCount,
            @Nullable Instant nextFlip,
            List<Part> children) {
        /** Copies. */
        public Part {
            events = List.copyOf(events);
            children = List.copyOf(children);
        }
    }

    /** An event that was counted. */
    public record CountedEvent(String source, String id, Instant occurredAt) {}
}
