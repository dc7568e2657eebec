package io.clientele.engine;

import org.jspecify.annotations.Nullable;

/** A score. Immutable and thread-safe. */
final class ScoreLeaf extends PlanNode {
    private final String name;
    private final ValueTest test;
    private final boolean memberZone;

    ScoreLeaf(String pointer, Condition.Score leaf) {
        super(pointer, leaf);
        this.name = leaf.name();
        this.test = ValueTest.of(leaf.comparison(), leaf.memberZone());
        this.memberZone = leaf.memberZone();
    }

    @Override
    boolean test(Frame frame) {
        Value value = current(frame);
        return value != null && test.test(value, frame);
    }

    @Override
    long next(Frame frame) {
        long next =
                Math.min(
                        frame.history.nextScoreVersion(name, frame.at), frame.nextZone(memberZone));
        Value value = current(frame);
        return value == null ? next : Math.min(next, test.next(value, frame));
    }

    @Override
    boolean isUnset(Frame frame) {
        return current(frame) == null;
    }

    @Nullable Value current(Frame frame) {
        StoredVersion version = frame.history.scoreVersion(name, frame.at);
        return version == null ? null : version.value();
    }
}
