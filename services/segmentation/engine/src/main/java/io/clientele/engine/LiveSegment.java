package io.clientele.engine;

import java.util.List;

/** A segment that is followed. */
final class LiveSegment {
    final String key;
    final Formula formula;
    final List<LiveLeaf> leaves;

    /** How many members are in it. */
    int size;

    LiveSegment(String key, Formula formula, List<LiveLeaf> leaves) {
        this.key = key;
        this.formula = formula;
        this.leaves = leaves;
    }
}
