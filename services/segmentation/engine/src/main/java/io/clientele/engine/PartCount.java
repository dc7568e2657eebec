package io.clientele.engine;

/**
 * What one part of a condition contributes, summed over members. Parts are the children of the
 * condition's outermost combinator and every leaf.
 *
 * @param pointer the part's place in the condition, a JSON Pointer
 * @param count members who satisfy the part
 * @param without members who would satisfy the whole condition if the part were left out
 * @param unset members for whom the part's value, or one below it, is unset
 */
public record PartCount(String pointer, long count, long without, long unset) {
    /**
     * The sum over two disjoint groups of members.
     *
     * @throws IllegalArgumentException if {@code other} is about another part
     */
    public PartCount plus(PartCount other) {
        if (!pointer.equals(other.pointer)) {
            throw new IllegalArgumentException(
                    "cannot add "
                            + other.pointer
                            + " to "
                            + pointer
                            + ": they are different parts");
        }
        return new PartCount(
                pointer, count + other.count, without + other.without, unset + other.unset);
    }
}
