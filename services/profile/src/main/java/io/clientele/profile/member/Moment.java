package io.clientele.profile.member;

import java.time.Instant;

/** The order of a member's events: by time, ties by source and id. */
record Moment(Instant at, String source, String id) implements Comparable<Moment> {
    @Override
    public int compareTo(Moment other) {
        int order = at.compareTo(other.at);
        if (order == 0) {
            order = source.compareTo(other.source);
        }
        return order != 0 ? order : id.compareTo(other.id);
    }
}
