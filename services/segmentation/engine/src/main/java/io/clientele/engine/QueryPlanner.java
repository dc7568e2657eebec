package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Literal;
import io.clientele.engine.Condition.Measure;
import io.clientele.engine.Condition.Where;
import io.clientele.engine.Condition.Window;
import io.clientele.engine.EventQuery.Part;
import io.clientele.engine.EventQuery.Stretch;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.exec.EventScan;
import io.clientele.engine.internal.exec.RowFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes conditions ready to be answered by columns. A leaf that columns cannot answer goes to the
 * exact evaluator, so that every condition has an answer. For one thread and one query.
 */
final class QueryPlanner {
    private final Snapshot snapshot;
    private final ProgramModel model;
    private final long at;
    private final Planner exact;
    private final Evaluator evaluator;
    private final Frame frame;

    QueryPlanner(Snapshot snapshot, long at) {
        this.snapshot = snapshot;
        this.model = snapshot.model();
        this.at = at;
        this.exact = new Planner(model);
        this.evaluator = new Evaluator(model);
        this.frame = new Frame(new MemberHistory(""), model, at);
    }

    QueryNode plan(Condition condition) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) ->
                    QueryNode.atLeast(parts.size(), plan(parts));
            case Condition.Any(List<Condition> parts) -> QueryNode.atLeast(1, plan(parts));
            case Condition.AtLeast(int count, List<Condition> parts) ->
                    QueryNode.atLeast(count, plan(parts));
            case Condition.Not(Condition part) -> new QueryNode.Not(plan(part));
            case Condition.Segment(String key) -> {
                Condition target = model.segments().get(key);
                yield target == null ? new QueryNode.Constant(false) : plan(target);
            }
            case Condition.Attribute leaf -> attribute(leaf);
            case Condition.Event leaf -> or(event(leaf), leaf);
            case Condition.Trend leaf -> or(trend(leaf), leaf);
            case Condition.Sequence leaf -> or(sequence(leaf), leaf);
            case Condition.Sample leaf -> eachMember(leaf);
            case Condition.Transition leaf -> eachMember(leaf);
            case Condition.Score(String name, Comparison comparison, boolean memberZone) ->
                    memberZone
                            ? eachMember(condition)
                            : attribute(
                                    AttributeSpec.scoreKey(name),
                                    false,
                                    comparison,
                                    eachMember(condition));
        };
    }

    private List<QueryNode> plan(List<Condition> parts) {
        return parts.stream().map(this::plan).toList();
    }

    private QueryNode or(@Nullable QueryNode fast, Condition leaf) {
        return fast == null ? eachMember(leaf) : fast;
    }

    private QueryNode eachMember(Condition leaf) {
        Dependencies needs = evaluator.dependsOn(leaf);
        return new QueryNode.EachMember(
                exact.plan(leaf),
                snapshot,
                at,
                snapshot.attributesOf(needs),
                snapshot.logsOf(needs));
    }

    private QueryNode attribute(Condition.Attribute leaf) {
        QueryNode each = eachMember(leaf);
        if (leaf.memberZone() || leaf.setWithin() != null) {
            return each;
        }
        boolean age = leaf.name().equals(ProgramModel.AGE) && model.hasDerivedAge();
        return attribute(age ? ProgramModel.BIRTH_DATE : leaf.name(), age, leaf.comparison(), each);
    }

    private QueryNode attribute(String key, boolean age, Comparison comparison, QueryNode each) {
        int index = snapshot.attributeIndex(key);
        if (index < 0) {
            // Nobody ever had a value.
            return new QueryNode.Constant(false);
        }
        AttributeSpec spec = snapshot.attributeSpec(index);
        long inForce = Math.min(at, snapshot.clockMillis());
        ValueTest test = ValueTest.of(comparison, false);
        return switch (spec.kind) {
            case CODES ->
                    new AttributeQuery.AnyCode(
                            index, inForce, each, codes(spec.values.view(), test));
            case NUMBERS -> numbers(index, spec, age, test, comparison, inForce, each);
            case PLACE ->
                    comparison instanceof Comparison.Near near
                            ? new AttributeQuery.Near(
                                    index,
                                    inForce,
                                    each,
                                    test,
                                    frame,
                                    Distances.box(
                                            near.latitude(),
                                            near.longitude(),
                                            near.km().doubleValue()))
                            : new AttributeQuery.Tested(index, inForce, each, test, frame);
            case SET -> set(index, spec, comparison, test, inForce, each);
        };
    }

    private int[] codes(List<Value> values, ValueTest test) {
        List<Integer> passing = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (test.test(values.get(i), frame)) {
                passing.add(i + 1);
            }
        }
        return passing.stream().mapToInt(Integer::intValue).toArray();
    }

    private QueryNode set(
            int index,
            AttributeSpec spec,
            Comparison comparison,
            ValueTest test,
            long inForce,
            QueryNode each) {
        List<Value> elements = spec.values.view();
        if (comparison
                        instanceof
                        Comparison.Several(Comparison.Quantifier quantifier, List<Literal> wanted)
                && quantifier == Comparison.Quantifier.CONTAINS_ALL) {
            List<Integer> codes = new ArrayList<>();
            for (Literal literal : wanted) {
                int place = elements.indexOf(Value.of(literal));
                if (place < 0) {
                    // Nobody has it; or not yet, which the exact evaluator knows.
                    return new AttributeQuery.AnyCode(index, inForce, each, new int[0]);
                }
                codes.add(place + 1);
            }
            return new AttributeQuery.EveryCode(
                    index, inForce, each, codes.stream().mapToInt(Integer::intValue).toArray());
        }
        // A set passes if some element, as a set of its own, does.
        List<Value> alone = new ArrayList<>(elements.size());
        for (Value element : elements) {
            alone.add(new Value.Texts(List.of((Value.Text) element)));
        }
        return new AttributeQuery.AnyCode(index, inForce, each, codes(alone, test));
    }

    private QueryNode numbers(
            int index,
            AttributeSpec spec,
            boolean age,
            ValueTest test,
            Comparison comparison,
            long inForce,
            QueryNode each) {
        if (!age && test instanceof ValueTest.Range range && spec.type.isNumeric()) {
            return new AttributeQuery.Between(
                    index, inForce, each, range.lowest(), range.highest());
        }
        if (spec.type == ValueType.DATE) {
            DayTests.Days days = DayTests.days(snapshot, index);
            if (days != null) {
                return age
                        ? DayTests.age(index, inForce, each, days, test, frame)
                        : DayTests.table(index, inForce, each, days, test, comparison, frame);
            }
        }
        return age ? each : new AttributeQuery.Tested(index, inForce, each, test, frame);
    }

    private @Nullable List<Part> parts(
            String type, @Nullable Where where, @Nullable String measured) {
        return parts(
                model,
                snapshot::logIndex,
                snapshot.logSpecs(),
                type,
                where,
                measured,
                false,
                frame);
    }

    /** The index of the log of a type's events or of their items, or -1. */
    @FunctionalInterface
    interface LogIndex {
        int of(String type, boolean items);
    }

    /**
     * The events that count, log by log, or null if columns cannot tell.
     *
     * @param live whether values may come that are not in the dictionaries yet
     */
    static @Nullable List<Part> parts(
            ProgramModel model,
            LogIndex logIndex,
            LogSpec[] specs,
            String type,
            @Nullable Where where,
            @Nullable String measured,
            boolean live,
            Frame frame) {
        ProgramModel.Operand operand = model.operand(type);
        List<Part> parts = new ArrayList<>();
        if (operand == null) {
            return parts;
        }
        if (where != null && WherePlan.of(where, false).isRelative()) {
            return null;
        }
        for (ProgramModel.Source source : operand.sources()) {
            int log = logIndex.of(source.type(), source.items());
            if (log < 0) {
                continue;
            }
            LogSpec spec = specs[log];
            int property = EventScan.NO_PROPERTY;
            if (measured != null) {
                property = spec.property(measured);
                if (property < 0) {
                    continue;
                }
            }
            RowFilter filter =
                    where == null
                            ? null
                            : RowFilters.of(where, spec, source.negated(), live, frame);
            boolean negated = source.negated() && measured != null && WherePlan.isAmount(measured);
            parts.add(new Part(log, filter, property, negated));
        }
        return parts;
    }

    private static List<Part> withInstant(List<Part> parts) {
        return parts.stream()
                .map(part -> new Part(part.log(), part.filter(), EventScan.INSTANT, false))
                .toList();
    }

    private Stretch stretch(Window window) {
        WindowPlan plan = WindowPlan.of(window, false);
        return new Stretch(plan.first(frame), plan.last(frame));
    }

    private @Nullable QueryNode event(Condition.Event leaf) {
        if (leaf.memberZone()) {
            return null;
        }
        Measure measure = leaf.measure();
        List<Part> parts = parts(leaf.type(), leaf.where(), measure.property());
        if (parts == null) {
            return null;
        }
        Stretch stretch = stretch(leaf.within());
        ValueTest test = ValueTest.of(leaf.comparison(), false);
        return switch (measure.kind()) {
            case COUNT -> count(parts, stretch, test);
            case SUM -> sum(parts, stretch, test);
            case AVERAGE -> average(parts, stretch, test);
            case DISTINCT -> distinct(parts, stretch, test);
            case MIN -> extreme(parts, stretch, true, test);
            case MAX -> extreme(parts, stretch, false, test);
            case FIRST ->
                    EventQuery.extreme(
                            withInstant(parts), stretch, true, ValueType.TIMESTAMP, test, frame);
            case LAST ->
                    EventQuery.extreme(
                            withInstant(parts), stretch, false, ValueType.TIMESTAMP, test, frame);
            case SHARE -> share(leaf, parts, stretch, test);
            case FAVORITE -> null;
        };
    }

    private static QueryNode count(List<Part> parts, Stretch stretch, ValueTest test) {
        if (test instanceof ValueTest.Range range) {
            long goal = range.smallestWhole();
            if (goal == 1) {
                return EventQuery.seen(parts, stretch);
            }
            if (goal > 1 && goal < Integer.MAX_VALUE) {
                return EventQuery.countTo(parts, stretch, (int) goal);
            }
        }
        return EventQuery.count(parts, stretch, test);
    }

    /** Parts whose property is a number; the others add nothing. Null if sums might not fit. */
    private @Nullable List<Part> summable(List<Part> parts) {
        List<Part> numbers =
                parts.stream()
                        .filter(part ->
                                snapshot.logSpecs()[part.log()].types[part.property()].isNumeric())
                        .toList();
        return snapshot.sumsFit(numbers) ? numbers : null;
    }

    private boolean isNeverNegative(List<Part> parts) {
        for (Part part : parts) {
            for (int i = 0; i < snapshot.blockCount(); i++) {
                EventLog log = snapshot.block(i).log(part.log());
                if (log != null
                        && (part.negated() || !EventQuery.isNeverNegative(log, part.property()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private @Nullable QueryNode sum(List<Part> parts, Stretch stretch, ValueTest test) {
        List<Part> numbers = summable(parts);
        if (numbers == null) {
            return null;
        }
        if (test instanceof ValueTest.Range range
                && range.highest() == Long.MAX_VALUE
                && range.lowest() > 0
                && isNeverNegative(numbers)) {
            return EventQuery.sumTo(numbers, stretch, range.lowest());
        }
        return EventQuery.sum(numbers, stretch, test);
    }

    private @Nullable QueryNode average(List<Part> parts, Stretch stretch, ValueTest test) {
        List<Part> numbers = summable(parts);
        if (numbers == null) {
            return null;
        }
        if (test instanceof ValueTest.Range range
                && range.highest() == Long.MAX_VALUE
                && Math.abs((double) range.low) < 1e12) {
            return EventQuery.averageAbove(numbers, stretch, range.low, range.isLowIncluded());
        }
        return EventQuery.average(numbers, stretch, test);
    }

    private @Nullable QueryNode distinct(List<Part> parts, Stretch stretch, ValueTest test) {
        if (parts.isEmpty()) {
            return EventQuery.count(parts, stretch, test);
        }
        Part only = parts.getFirst();
        LogSpec spec = snapshot.logSpecs()[only.log()];
        // Codes of two logs are not of one dictionary, and a set counts by its elements.
        if (parts.size() > 1
                || spec.isNumeric(only.property())
                || spec.types[only.property()] == ValueType.STRINGS) {
            return null;
        }
        int largest = spec.dictionary(only.property()).size();
        if (test instanceof ValueTest.Range range) {
            long goal = range.smallestWhole();
            if (goal >= 1 && goal < Integer.MAX_VALUE) {
                return EventQuery.distinctTo(parts, stretch, (int) goal, largest);
            }
        }
        return EventQuery.distinct(parts, stretch, test, largest);
    }

    private @Nullable QueryNode extreme(
            List<Part> parts, Stretch stretch, boolean smallest, ValueTest test) {
        ValueType type = null;
        for (Part part : parts) {
            ValueType own = snapshot.logSpecs()[part.log()].types[part.property()];
            ValueType same = own == ValueType.INTEGER ? ValueType.NUMBER : own;
            if (AttributeSpec.Kind.of(own) != AttributeSpec.Kind.NUMBERS
                    || (type != null && type != same)) {
                return null;
            }
            type = same;
        }
        return type == null
                ? new QueryNode.Constant(false)
                : EventQuery.extreme(parts, stretch, smallest, type, test, frame);
    }

    private @Nullable QueryNode share(
            Condition.Event leaf, List<Part> parts, Stretch stretch, ValueTest test) {
        Measure measure = leaf.measure();
        Where of = measure.of();
        if (of == null || WherePlan.of(of, false).isRelative()) {
            return null;
        }
        Where both = leaf.where() == null ? of : new Where.All(List.of(leaf.where(), of));
        List<Part> certain = parts(leaf.type(), both, measure.property());
        List<Part> numbers = summable(parts);
        List<Part> certainNumbers = certain == null ? null : summable(certain);
        return numbers == null || certainNumbers == null
                ? null
                : EventQuery.share(numbers, certainNumbers, stretch, test);
    }

    private @Nullable QueryNode trend(Condition.Trend leaf) {
        Measure measure = leaf.measure();
        boolean counts = measure.kind() == Measure.Kind.COUNT;
        if (!counts && measure.kind() != Measure.Kind.SUM) {
            return null;
        }
        List<Part> parts = parts(leaf.type(), leaf.where(), measure.property());
        List<Part> summed = parts == null || counts ? parts : summable(parts);
        if (summed == null) {
            return null;
        }
        return EventQuery.trend(
                summed,
                stretch(new Window.Last(leaf.period())),
                stretch(new Window.Ago(leaf.period().multipliedBy(2), leaf.period())),
                counts,
                ValueTest.of(leaf.comparison(), false));
    }

    private @Nullable QueryNode sequence(Condition.Sequence leaf) {
        if (leaf.memberZone()) {
            return null;
        }
        @Nullable RowFilter[] filters = new @Nullable RowFilter[leaf.steps().size()];
        int log = -1;
        for (int i = 0; i < filters.length; i++) {
            Condition.Step step = leaf.steps().get(i);
            List<Part> parts = parts(step.type(), step.where(), null);
            if (step.absent()
                    || parts == null
                    || parts.size() != 1
                    || (log >= 0 && parts.getFirst().log() != log)) {
                return null;
            }
            log = parts.getFirst().log();
            filters[i] = parts.getFirst().filter();
        }
        return new EventQuery.InSequence(
                log, filters, leaf.span().toMillis(), stretch(leaf.within()));
    }
}
