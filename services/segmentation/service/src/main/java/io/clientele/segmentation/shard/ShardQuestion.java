package io.clientele.segmentation.shard;

import io.clientele.contracts.ProgramId;

/**
 * A question that each partition answers for its members, wherever it runs: questions and answers
 * travel between instances as JSON. A bean of each kind is found by its {@link #name()}.
 * Implementations are thread-safe.
 *
 * @param <Q> what is asked, the same of every partition
 * @param <A> what one partition says
 */
public interface ShardQuestion<Q, A> {
    /** What the question is called between instances; letters and hyphens. */
    String name();

    /** The type of what is asked. */
    Class<Q> asked();

    /** The type of an answer. */
    Class<A> answered();

    /** What a partition that is active here says. */
    A answer(LocalShard shard, ProgramId program, Q question);
}
