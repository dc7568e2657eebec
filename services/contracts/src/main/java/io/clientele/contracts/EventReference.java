package io.clientele.contracts;

/**
 * Names one event of a program.
 *
 * @param source who sent it, 1 to 128 characters
 * @param id its id at that source, 1 to 128 characters
 */
public record EventReference(String source, String id) implements Comparable<EventReference> {
    @Override
    public int compareTo(EventReference other) {
        int bySource = source.compareTo(other.source);
        return bySource != 0 ? bySource : id.compareTo(other.id);
    }
}
