package io.clientele.engine;

import static java.util.Objects.requireNonNull;

import io.clientele.engine.LiveLeaf.Additive;
import io.clientele.engine.LiveLeaf.Measure;
import io.clientele.engine.LiveLeaf.Span;
import io.clientele.engine.LiveLeaf.Static;
import io.clientele.engine.LiveLeaf.Timed;
import io.clientele.engine.LiveLeaf.TimedGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leaves of all segments that are followed: by what they say, so that equal leaves are one, by
 * their bit, and by what they depend on. Decides how each leaf is followed. One thread.
 */
final class LiveLeaves {
    private final Shard shard;
    private final MeasureFlow flow;

    // By what they say and by bit; bits given back are given again.
    private final Map<Condition, LiveLeaf> leaves = new HashMap<>();
    private @Nullable LiveLeaf[] byBit = new @Nullable LiveLeaf[0];

    // By attribute.
    private final Map<String, List<Static>> fixed = new HashMap<>();

    // What the exact evaluator judges, by what it depends on.
    private final Map<String, TimedGroup> byType = new HashMap<>();
    private final Map<String, TimedGroup> byAttribute = new HashMap<>();
    private final Map<String, TimedGroup> byTransition = new HashMap<>();
    private TimedGroup allTimed = new TimedGroup(List.of());

    LiveLeaves(Shard shard, MeasureFlow flow) {
        this.shard = shard;
        this.flow = flow;
    }

    Collection<LiveLeaf> all() {
        return leaves.values();
    }

    /** The leaf that says so, or null. */
    @Nullable LiveLeaf find(Condition condition) {
        return leaves.get(condition);
    }

    /** The leaf of a bit, or null. */
    @Nullable LiveLeaf ofBit(int bit) {
        return byBit[bit];
    }

    /** No leaf has this bit or a higher one. */
    int bitCount() {
        return byBit.length;
    }

    /** All that compare values of attributes in force, by attribute. */
    Collection<List<Static>> allFixed() {
        return fixed.values();
    }

    /** Those that compare the value in force of an attribute or score. */
    List<Static> fixed(String attribute) {
        return fixed.getOrDefault(attribute, List.of());
    }

    /** What the exact evaluator judges. */
    TimedGroup allTimed() {
        return allTimed;
    }

    /** Of these, what depends on events of a type; null: nothing. */
    @Nullable TimedGroup timedByType(String type) {
        return byType.get(type);
    }

    /** Of these, what depends on an attribute or score; null: nothing. */
    @Nullable TimedGroup timedByAttribute(String attribute) {
        return byAttribute.get(attribute);
    }

    /** Of these, what asks for recorded changes of a segment; null: nothing. */
    @Nullable TimedGroup timedByTransition(String segment) {
        return byTransition.get(segment);
    }

    /** The segments whose recorded changes are asked for. */
    Set<String> watched() {
        return byTransition.keySet();
    }

    /** Makes a leaf; nobody has been judged by it yet. */
    LiveLeaf make(Condition condition) {
        int bit = freeBit();
        LiveLeaf leaf = additive(condition, bit);
        if (leaf == null) {
            leaf = fixed(condition, bit);
        }
        if (leaf == null) {
            leaf =
                    new Timed(
                            condition,
                            bit,
                            new Planner(shard.model()).plan(condition),
                            new Evaluator(shard.model()).dependsOn(condition));
        }
        byBit[bit] = leaf;
        leaves.put(condition, leaf);
        regroup();
        return leaf;
    }

    private int freeBit() {
        for (int bit = 0; bit < byBit.length; bit++) {
            if (byBit[bit] == null) {
                return bit;
            }
        }
        byBit = Arrays.copyOf(byBit, byBit.length + 1);
        return byBit.length - 1;
    }

    /** Forgets a leaf that no segment uses. */
    void forget(LiveLeaf leaf) {
        leaves.remove(leaf.condition);
        byBit[leaf.bit] = null;
        switch (leaf) {
            case Additive additive -> {
                additive.measure.remove(additive);
                if (additive.measure.leaves.length == 0) {
                    flow.release(additive.measure);
                }
            }
            case Static one -> requireNonNull(fixed.get(one.attribute)).remove(one);
            default -> regroup();
        }
    }

    private @Nullable Additive additive(Condition condition, int bit) {
        if (!(condition instanceof Condition.Event leaf) || leaf.memberZone()) {
            return null;
        }
        Condition.Measure.Kind kind = leaf.measure().kind();
        boolean distinct = kind == Condition.Measure.Kind.DISTINCT;
        boolean counts = kind != Condition.Measure.Kind.SUM;
        Span span = Span.of(leaf, shard.model());
        if (span == null
                || !(ValueTest.of(leaf.comparison(), false) instanceof ValueTest.Numeric test)
                || (kind != Condition.Measure.Kind.COUNT
                        && kind != Condition.Measure.Kind.SUM
                        && !distinct
                        && kind != Condition.Measure.Kind.AVERAGE)) {
            return null;
        }
        Measure.Key key =
                new Measure.Key(
                        leaf.type(), leaf.where(), leaf.measure().property(), span, distinct);
        Measure measure = flow.measure(key, counts);
        if (measure == null) {
            return null;
        }
        Additive additive = new Additive(condition, bit, measure, kind, test);
        measure.add(additive);
        return additive;
    }

    private @Nullable Static fixed(Condition condition, int bit) {
        Condition.Comparison comparison;
        String key;
        switch (condition) {
            case Condition.Attribute leaf -> {
                if (leaf.memberZone()
                        || leaf.setWithin() != null
                        || (leaf.name().equals(ProgramModel.AGE)
                                && shard.model().hasDerivedAge())) {
                    return null;
                }
                comparison = leaf.comparison();
                key = leaf.name();
            }
            case Condition.Score leaf -> {
                if (leaf.memberZone()) {
                    return null;
                }
                comparison = leaf.comparison();
                key = AttributeSpec.scoreKey(leaf.name());
            }
            default -> {
                return null;
            }
        }
        ValueTest test = ValueTest.of(comparison, false);
        if (test.isRelative()) {
            return null;
        }
        Static one = new Static(condition, bit, key, test);
        fixed.computeIfAbsent(key, unused -> new ArrayList<>()).add(one);
        return one;
    }

    private void regroup() {
        Map<String, List<Timed>> types = new HashMap<>();
        Map<String, List<Timed>> attributes = new HashMap<>();
        Map<String, List<Timed>> transitions = new HashMap<>();
        List<Timed> all = new ArrayList<>();
        for (LiveLeaf leaf : leaves.values()) {
            if (leaf instanceof Timed timed) {
                all.add(timed);
                for (String type : timed.needs.eventTypes()) {
                    types.computeIfAbsent(type, unused -> new ArrayList<>()).add(timed);
                }
                for (String name : timed.needs.attributes()) {
                    attributes.computeIfAbsent(name, unused -> new ArrayList<>()).add(timed);
                }
                for (String name : timed.needs.scores()) {
                    attributes
                            .computeIfAbsent(
                                    AttributeSpec.scoreKey(name), unused -> new ArrayList<>())
                            .add(timed);
                }
                for (String segment : timed.needs.transitions()) {
                    transitions.computeIfAbsent(segment, unused -> new ArrayList<>()).add(timed);
                }
            }
        }
        byType.clear();
        types.forEach((type, group) -> byType.put(type, new TimedGroup(group)));
        byAttribute.clear();
        attributes.forEach((name, group) -> byAttribute.put(name, new TimedGroup(group)));
        byTransition.clear();
        transitions.forEach((segment, group) -> byTransition.put(segment, new TimedGroup(group)));
        allTimed = new TimedGroup(all);
    }
}
