package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.internal.bitmap.Bits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the parts of a condition over whole blocks: columns give each leaf's verdict on every
 * member, and members of whom all verdicts are equal are counted together. Immutable and
 * thread-safe; each thread has its own {@link Run}.
 */
final class PartQuery {
    /** Conditions with more leaves are counted member by member. */
    static final int MOST_LEAVES = Long.SIZE;

    /** With so many leaves, each way the verdicts can be has a place of its own. */
    private static final int TABLE_LEAVES = 12;

    private final PlanNode root;
    private final ProgramModel model;
    private final int[] leaves;
    private final QueryNode[] verdicts;

    /** Who has a value that the leaf compares; null: everybody. */
    private final @Nullable QueryNode[] having;

    private PartQuery(
            PlanNode root,
            ProgramModel model,
            int[] leaves,
            QueryNode[] verdicts,
            @Nullable QueryNode[] having) {
        this.root = root;
        this.model = model;
        this.leaves = leaves;
        this.verdicts = verdicts;
        this.having = having;
    }

    /** Makes it, or null if the condition has too many leaves. */
    static @Nullable PartQuery of(PlanNode root, ProgramModel model, QueryPlanner planner) {
        PartCounter counter = new PartCounter(root, model);
        List<Integer> leaves = counter.leaves();
        if (leaves.size() > MOST_LEAVES) {
            return null;
        }
        int[] numbers = leaves.stream().mapToInt(Integer::intValue).toArray();
        QueryNode[] verdicts = new QueryNode[numbers.length];
        @Nullable QueryNode[] having = new @Nullable QueryNode[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            Condition leaf = counter.node(numbers[i]).condition;
            verdicts[i] = planner.plan(leaf);
            Condition exists = exists(leaf);
            having[i] = exists == null ? null : planner.plan(exists);
        }
        return new PartQuery(root, model, numbers, verdicts, having);
    }

    /** A leaf's value whatever it is; null if it always has one. */
    private static @Nullable Condition exists(Condition leaf) {
        Comparison exists = new Comparison.Exists();
        return switch (leaf) {
            case Condition.Attribute one ->
                    new Condition.Attribute(one.name(), exists, null, one.memberZone());
            case Condition.Score one -> new Condition.Score(one.name(), exists, one.memberZone());
            case Condition.Event one ->
                    switch (one.measure().kind()) {
                        case COUNT, SUM, DISTINCT -> null;
                        default ->
                                new Condition.Event(
                                        one.type(),
                                        one.where(),
                                        one.within(),
                                        one.measure(),
                                        exists,
                                        one.memberZone());
                    };
            case Condition.Trend one ->
                    new Condition.Trend(
                            one.type(), one.where(), one.measure(), one.period(), exists);
            default -> null;
        };
    }

    int cost() {
        int cost = 0;
        for (QueryNode node : verdicts) {
            cost += node.cost();
        }
        return cost;
    }

    /** Members of whom all verdicts are equal. */
    private static final class Group {
        final boolean isInside;
        long count;

        Group(boolean isInside) {
            this.isInside = isInside;
        }
    }

    /** One thread's counting. */
    final class Run {
        private final PartCounter counter = new PartCounter(root, model);
        private final @Nullable Group[] table =
                new @Nullable Group[leaves.length <= TABLE_LEAVES ? 1 << leaves.length : 0];
        private final Map<Long, Group> others = new HashMap<>();

        /** Counts a block's members; writes who satisfies the whole. */
        void take(Block block, long[] among, long[] into, QueryScratch scratch) {
            int words = block.words();
            long[][] bits = new long[leaves.length][];
            for (int i = 0; i < leaves.length; i++) {
                bits[i] = scratch.borrow();
                verdicts[i].select(block, among, bits[i], scratch);
            }
            countUnset(block, among, bits, scratch);
            for (int word = 0; word < words; word++) {
                long passed = 0;
                for (long left = among[word]; left != 0; left &= left - 1) {
                    int member = Long.numberOfTrailingZeros(left);
                    long ways = 0;
                    for (int i = 0; i < bits.length; i++) {
                        ways |= (bits[i][word] >>> member & 1) << i;
                    }
                    Group group = group(ways);
                    group.count++;
                    passed |= group.isInside ? 1L << member : 0L;
                }
                into[word] = passed;
            }
            for (long[] each : bits) {
                scratch.giveBack(each);
            }
        }

        private Group group(long ways) {
            if (table.length == 0) {
                return others.computeIfAbsent(ways, this::newGroup);
            }
            Group group = table[(int) ways];
            if (group == null) {
                group = newGroup(ways);
                table[(int) ways] = group;
            }
            return group;
        }

        private Group newGroup(long ways) {
            return new Group(counter.verdict(leaf -> isMet(ways, leaf)));
        }

        private boolean isMet(long ways, int leaf) {
            return (ways >>> Arrays.binarySearch(leaves, leaf) & 1) != 0;
        }

        private void countUnset(Block block, long[] among, long[][] bits, QueryScratch scratch) {
            int words = block.words();
            // By node: of whom a leaf at or below it is unset.
            Map<Integer, long[]> unset = new HashMap<>();
            long[] found = scratch.borrow();
            for (int i = 0; i < leaves.length; i++) {
                QueryNode exists = having[i];
                if (exists == null) {
                    continue;
                }
                exists.select(block, among, found, scratch);
                for (int word = 0; word < words; word++) {
                    found[word] = among[word] & ~found[word] & ~bits[i][word];
                }
                for (int node = leaves[i]; node >= 0; node = counter.parent(node)) {
                    if (counter.isPart(node)) {
                        long[] ofNode =
                                unset.computeIfAbsent(node, unused -> new long[block.words()]);
                        Bits.or(ofNode, found, words);
                    }
                }
            }
            scratch.giveBack(found);
            unset.forEach((node, members) -> counter.addUnset(node, Bits.count(members, words)));
        }

        /** What was counted. Called once, at the end. */
        PartCounter counted() {
            for (int ways = 0; ways < table.length; ways++) {
                Group group = table[ways];
                if (group != null) {
                    add(ways, group);
                }
            }
            others.forEach(this::add);
            return counter;
        }

        private void add(long ways, Group group) {
            counter.add(leaf -> isMet(ways, leaf), group.count);
        }
    }

    Run run() {
        return new Run();
    }
}
