package io.clientele.engine;

/** Whether another segment was entered, or left, in a window. Immutable and thread-safe. */
final class TransitionLeaf extends PlanNode {
    private final String segment;
    private final boolean entered;
    private final WindowPlan window;
    private final boolean memberZone;

    TransitionLeaf(String pointer, Condition.Transition leaf) {
        super(pointer, leaf);
        this.segment = leaf.segment();
        this.entered = leaf.entered();
        this.window = WindowPlan.of(leaf.within(), leaf.memberZone());
        this.memberZone = leaf.memberZone();
    }

    @Override
    boolean test(Frame frame) {
        return count(frame) > 0;
    }

    /** How many changes were recorded in the window. */
    int count(Frame frame) {
        long first = window.first(frame);
        long last = window.last(frame);
        int count = 0;
        for (long at : frame.history.transitions.of(segment, entered)) {
            if (at >= first && at <= last) {
                count++;
            }
        }
        return count;
    }

    @Override
    long next(Frame frame) {
        return firstFlip(frame, this::nextCandidate);
    }

    private long nextCandidate(Frame frame) {
        long next = frame.nextZone(memberZone);
        long first = window.first(frame);
        for (long at : frame.history.transitions.of(segment, entered)) {
            if (at >= first) {
                next =
                        ValueTest.earliestAfter(
                                frame.at, window.enters(at, frame), window.leaves(at, frame), next);
            }
        }
        return next;
    }

    @Override
    boolean isUnset(Frame frame) {
        return false;
    }
}
