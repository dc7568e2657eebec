package io.clientele.engine;

import io.clientele.engine.internal.bitmap.Bits;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A condition made ready for all members of a block at once, at one instant. Immutable and
 * thread-safe; what it needs while it runs is in the {@link QueryScratch}.
 */
abstract class QueryNode {
    /** Reads an index. */
    static final int COST_INDEX = 1;

    /** Reads a cell of each member. */
    static final int COST_COLUMN = 4;

    /** Reads events. */
    static final int COST_EVENTS = 100;

    /** Looks at each member for itself. */
    static final int COST_MEMBERS = 10_000;

    /**
     * Writes the members of {@code among} that satisfy the condition.
     *
     * @param into all words of the block are written; not the same as {@code among}
     */
    abstract void select(Block block, long[] among, long[] into, QueryScratch scratch);

    /** How much it costs beside others. */
    abstract int cost();

    /** At least so many of the parts: all of n is n, any is 1. */
    static QueryNode atLeast(int count, List<QueryNode> parts) {
        if (count <= 0) {
            return new Constant(true);
        }
        if (count > parts.size()) {
            return new Constant(false);
        }
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        QueryNode[] ordered = parts.toArray(QueryNode[]::new);
        Arrays.sort(ordered, Comparator.comparingInt(QueryNode::cost));
        return count == ordered.length ? new All(ordered) : new AtLeast(count, ordered);
    }

    /** Everyone or nobody. */
    static final class Constant extends QueryNode {
        private final boolean verdict;

        Constant(boolean verdict) {
            this.verdict = verdict;
        }

        @Override
        void select(Block block, long[] among, long[] into, QueryScratch scratch) {
            int words = block.words();
            if (verdict) {
                System.arraycopy(among, 0, into, 0, words);
            } else {
                Arrays.fill(into, 0, words, 0L);
            }
        }

        @Override
        int cost() {
            return 0;
        }
    }

    private static int sum(QueryNode[] parts) {
        int sum = 0;
        for (QueryNode part : parts) {
            sum += part.cost();
        }
        return sum;
    }

    private static final class All extends QueryNode {
        private final QueryNode[] parts;

        All(QueryNode[] parts) {
            this.parts = parts;
        }

        @Override
        void select(Block block, long[] among, long[] into, QueryScratch scratch) {
            int words = block.words();
            long[] left = scratch.borrow();
            parts[0].select(block, among, into, scratch);
            for (int i = 1; i < parts.length && !Bits.isEmpty(into, words); i++) {
                System.arraycopy(into, 0, left, 0, words);
                parts[i].select(block, left, into, scratch);
            }
            scratch.giveBack(left);
        }

        @Override
        int cost() {
            return sum(parts);
        }
    }

    /** Keeps who satisfies one, two and so on of the parts. */
    private static final class AtLeast extends QueryNode {
        private final int wanted;
        private final QueryNode[] parts;

        AtLeast(int wanted, QueryNode[] parts) {
            this.wanted = wanted;
            this.parts = parts;
        }

        @Override
        void select(Block block, long[] among, long[] into, QueryScratch scratch) {
            int words = block.words();
            long[] left = scratch.borrow();
            long[] satisfied = scratch.borrow();
            long[][] met = new long[wanted][];
            for (int i = 0; i < wanted; i++) {
                met[i] = scratch.borrow();
                Arrays.fill(met[i], 0, words, 0L);
            }
            System.arraycopy(among, 0, left, 0, words);
            for (int i = 0; i < parts.length && !Bits.isEmpty(left, words); i++) {
                parts[i].select(block, left, satisfied, scratch);
                for (int level = wanted - 1; level > 0; level--) {
                    for (int word = 0; word < words; word++) {
                        met[level][word] |= met[level - 1][word] & satisfied[word];
                    }
                }
                Bits.or(met[0], satisfied, words);
                // Who has enough is decided; so is who can no longer get there.
                Bits.andNot(left, met[wanted - 1], words);
                int missing = wanted - (parts.length - 1 - i);
                if (missing > 0) {
                    Bits.and(left, met[missing - 1], words);
                }
            }
            System.arraycopy(met[wanted - 1], 0, into, 0, words);
            for (long[] each : met) {
                scratch.giveBack(each);
            }
            scratch.giveBack(satisfied);
            scratch.giveBack(left);
        }

        @Override
        int cost() {
            return sum(parts);
        }
    }

    /** Who does not. */
    static final class Not extends QueryNode {
        private final QueryNode part;

        Not(QueryNode part) {
            this.part = part;
        }

        @Override
        void select(Block block, long[] among, long[] into, QueryScratch scratch) {
            part.select(block, among, into, scratch);
            int words = block.words();
            for (int word = 0; word < words; word++) {
                into[word] = among[word] & ~into[word];
            }
        }

        @Override
        int cost() {
            return part.cost();
        }
    }

    /** Asks the exact evaluator, member by member. */
    static final class EachMember extends QueryNode {
        private final PlanNode plan;
        private final Snapshot snapshot;
        private final long at;
        private final int[] attributes;
        private final int[] logs;

        EachMember(PlanNode plan, Snapshot snapshot, long at, int[] attributes, int[] logs) {
            this.plan = plan;
            this.snapshot = snapshot;
            this.at = at;
            this.attributes = attributes;
            this.logs = logs;
        }

        @Override
        void select(Block block, long[] among, long[] into, QueryScratch scratch) {
            int words = block.words();
            for (int word = 0; word < words; word++) {
                long passed = 0;
                for (long left = among[word]; left != 0; left &= left - 1) {
                    int member = (word << 6) + Long.numberOfTrailingZeros(left);
                    MemberHistory history =
                            block.history(
                                    snapshot.id(block.base + member),
                                    member,
                                    snapshot.logSpecs(),
                                    attributes,
                                    logs);
                    if (plan.test(new Frame(history, snapshot.model(), at))) {
                        passed |= 1L << member;
                    }
                }
                into[word] = passed;
            }
        }

        @Override
        int cost() {
            return COST_MEMBERS;
        }
    }
}
