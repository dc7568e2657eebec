package io.clientele.profile.member;

import org.jspecify.annotations.Nullable;

/**
 * Where a record stands on the topic that apply reads.
 *
 * @param topicId Kafka's id of the topic: one that was made anew has another
 * @param partition which
 * @param offset the record's
 */
record Position(String topicId, int partition, long offset) {
    /**
     * True if what stands here has gone into a state that was written at {@code applied}. A state
     * written from another topic or partition knows nothing of this one.
     */
    boolean isIn(@Nullable Position applied) {
        return applied != null && sameLog(applied) && offset <= applied.offset;
    }

    /** True if this stands after {@code other} in one log. */
    boolean isAfter(Position other) {
        return sameLog(other) && offset > other.offset;
    }

    private boolean sameLog(Position other) {
        return topicId.equals(other.topicId) && partition == other.partition;
    }
}
