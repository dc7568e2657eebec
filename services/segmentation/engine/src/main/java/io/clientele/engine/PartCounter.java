package io.clientele.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Sums what each part of a condition contributes, member by member. Made by {@link
 * Evaluator#partCounter}. Not thread-safe: give each thread its own and add up {@link
 * PartCount#plus} at the end.
 */
public final class PartCounter {
    private final ProgramModel model;

    /** Parents before children. */
    private final List<PlanNode> nodes = new ArrayList<>();

    private final List<Integer> parents = new ArrayList<>();
    private final boolean[] verdicts;
    private final boolean[] unset;
    private final long[] counts;
    private final long[] withouts;
    private final long[] unsets;
    private long members;
    private long matching;

    PartCounter(PlanNode root, ProgramModel model) {
        this.model = model;
        collect(root, -1);
        int size = nodes.size();
        verdicts = new boolean[size];
        unset = new boolean[size];
        counts = new long[size];
        withouts = new long[size];
        unsets = new long[size];
    }

    private void collect(PlanNode node, int parent) {
        int index = nodes.size();
        nodes.add(node);
        parents.add(parent);
        for (PlanNode child : node.children()) {
            collect(child, index);
        }
    }

    /** Takes a member at an instant. Returns whether the member satisfies the whole condition. */
    public boolean add(MemberHistory history, Instant at) {
        Frame frame = new Frame(history, model, at.toEpochMilli());
        judge(
                0,
                leaf -> {
                    PlanNode node = nodes.get(leaf);
                    boolean verdict = node.test(frame);
                    unset[leaf] = !verdict && node.isUnset(frame);
                    return verdict;
                });
        count(1);
        for (int i = 0; i < verdicts.length; i++) {
            unsets[i] += unset[i] ? 1 : 0;
        }
        return verdicts[0];
    }

    /** Counts members by the verdicts of the nodes, as they were judged last. */
    private void count(long times) {
        members += times;
        matching += verdicts[0] ? times : 0;
        for (int i = 0; i < verdicts.length; i++) {
            if (isPart(i)) {
                counts[i] += verdicts[i] ? times : 0;
                withouts[i] += without(i) ? times : 0;
            }
        }
    }

    /** The leaves, told by their numbers, in the order of the document. */
    List<Integer> leaves() {
        return IntStream.range(0, nodes.size()).filter(i -> isLeaf(nodes.get(i))).boxed().toList();
    }

    PlanNode node(int number) {
        return nodes.get(number);
    }

    /** The verdict on the whole where leaves have these verdicts, by their numbers. */
    boolean verdict(IntPredicate leafVerdict) {
        judge(0, leafVerdict);
        return verdicts[0];
    }

    /** Takes so many members of whom leaves have these verdicts; {@link #addUnset} is apart. */
    void add(IntPredicate leafVerdict, long times) {
        judge(0, leafVerdict);
        count(times);
    }

    /** Says of how many members a leaf, or one below a combination, is unset. */
    void addUnset(int node, long times) {
        unsets[node] += times;
    }

    /** The node a node is part of; -1 for the whole. */
    int parent(int node) {
        return parents.get(node);
    }

    /** How many members were taken. */
    public long members() {
        return members;
    }

    /** How many of them satisfy the whole condition. */
    public long matching() {
        return matching;
    }

    /** The parts in the order of the document. */
    public List<PartCount> parts() {
        List<PartCount> parts = new ArrayList<>();
        for (int i = 0; i < verdicts.length; i++) {
            if (isPart(i)) {
                parts.add(new PartCount(nodes.get(i).pointer, counts[i], withouts[i], unsets[i]));
            }
        }
        return List.copyOf(parts);
    }

    boolean isPart(int index) {
        return parents.get(index) == 0 || isLeaf(nodes.get(index));
    }

    private static boolean isLeaf(PlanNode node) {
        return !(node instanceof PlanNode.Combination) && !(node instanceof PlanNode.Negation);
    }

    /** Judges a node and everything below; returns the number after its last. */
    private int judge(int index, IntPredicate leafVerdict) {
        PlanNode node = nodes.get(index);
        if (isLeaf(node)) {
            verdicts[index] = leafVerdict.test(index);
            return index + 1;
        }
        int next = index + 1;
        int met = 0;
        boolean someUnset = false;
        while (next < verdicts.length && parents.get(next) == index) {
            int child = next;
            next = judge(child, leafVerdict);
            met += verdicts[child] ? 1 : 0;
            someUnset |= unset[child];
        }
        verdicts[index] =
                node instanceof PlanNode.Combination combination
                        ? met >= combination.atLeast
                        : met == 0;
        unset[index] = someUnset;
        return next;
    }

    /**
     * The verdict on the whole if a part were left out of its list; a not of nothing is left out
     * too.
     */
    private boolean without(int part) {
        int child = part;
        int parent = parents.get(child);
        while (parent >= 0 && nodes.get(parent) instanceof PlanNode.Negation) {
            child = parent;
            parent = parents.get(child);
        }
        if (parent < 0) {
            return true;
        }
        PlanNode.Combination combination = (PlanNode.Combination) nodes.get(parent);
        int wanted =
                combination.condition instanceof Condition.All
                        ? combination.atLeast - 1
                        : combination.atLeast;
        boolean verdict = met(parent) - (verdicts[child] ? 1 : 0) >= wanted;
        while (verdict != verdicts[parent]) {
            child = parent;
            parent = parents.get(child);
            if (parent < 0) {
                return verdict;
            }
            // The child now counts the other way round.
            verdict =
                    nodes.get(parent) instanceof PlanNode.Combination above
                            ? met(parent) + (verdict ? 1 : -1) >= above.atLeast
                            : !verdict;
        }
        return verdicts[0];
    }

    private int met(int index) {
        int met = 0;
        for (int i = index + 1; i < verdicts.length; i++) {
            if (parents.get(i) == index && verdicts[i]) {
                met++;
            }
        }
        return met;
    }
}
