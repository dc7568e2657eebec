package io.clientele.segmentation.shard;

import io.clientele.engine.Condition;

/**
 * What a segment meant from one instant on, until its next phase.
 *
 * @param from first instant, in epoch milliseconds
 * @param version the segment's version
 * @param active false: nobody is in it
 * @param condition with the conditions of the segments it refers to put in their places, as they
 *     were then
 */
record Phase(long from, int version, boolean active, Condition condition) {}
