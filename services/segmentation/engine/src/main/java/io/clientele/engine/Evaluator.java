package io.clientele.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says for one member at one instant whether a condition holds, why, and when that may change.
 * Every answer is a pure function of condition, program, history and instant: inputs after the
 * instant do not count.
 *
 * <p>Thread-safe. Holds the plans of the last conditions it was asked about, by identity, so pass
 * the same object again. Cost of a verdict: for each event leaf, a pass over the member's events in
 * the window; a combination stops at the first part that decides.
 */
public final class Evaluator {
    private static final int KEPT_PLANS = 4_096;
    private static final int MAX_INTERVALS = 1_000_000;

    private final ProgramModel model;
    private final ConcurrentHashMap<Identity, PlanNode> plans = new ConcurrentHashMap<>();

    /** An evaluator for a program; a changed program needs another one. */
    public Evaluator(ProgramModel model) {
        this.model = model;
    }

    /** The program it evaluates for. */
    public ProgramModel model() {
        return model;
    }

    /** Whether the member satisfies the condition at that instant. */
    public boolean matches(Condition condition, MemberHistory history, Instant at) {
        return plan(condition).test(new Frame(history, model, at.toEpochMilli()));
    }

    /**
     * The earliest instant after {@code after} at which the verdict is another with no new input,
     * or empty if it never is. Looks past instants at which nothing flips; after 64 of those it
     * gives one at which the verdict stays, and it is never later than the true flip.
     */
    public Optional<Instant> nextPossibleFlip(
            Condition condition, MemberHistory history, Instant after) {
        long next = plan(condition).nextFlip(new Frame(history, model, after.toEpochMilli()));
        return Optional.ofNullable(instant(next));
    }

    /**
     * When, between {@code from} and {@code to}, the member satisfied the condition, given all of
     * the history. A member who satisfies it at {@code from} has a first interval that begins
     * there; one who still does at {@code to} has a last one without an end. Changes at {@code
     * from} itself are in the past; a change at {@code to} is seen.
     *
     * @throws IllegalArgumentException if {@code to} is before {@code from}
     */
    public List<Interval> intervals(
            Condition condition, MemberHistory history, Instant from, Instant to) {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to " + to + " must not be before from " + from);
        }
        PlanNode plan = plan(condition);
        Frame frame = new Frame(history, model, from.toEpochMilli());
        boolean inside = plan.test(frame);
        Instant since = inside ? from : null;
        List<Interval> intervals = new ArrayList<>();
        long last = to.toEpochMilli();
        while (intervals.size() < MAX_INTERVALS) {
            long next = plan.nextFlip(frame);
            if (next == ValueTest.NEVER || next > last) {
                break;
            }
            frame = frame.at(next);
            if (plan.test(frame) != inside) {
                Instant flip = Instant.ofEpochMilli(next);
                if (since != null) {
                    intervals.add(new Interval(since, flip));
                    since = null;
                } else {
                    since = flip;
                }
                inside = !inside;
            }
        }
        if (since != null) {
            intervals.add(new Interval(since, null));
        }
        return intervals;
    }

    /**
     * Why the member satisfies the condition at that instant or does not. Cost: a few verdicts per
     * part.
     */
    public Explanation explain(Condition condition, MemberHistory history, Instant at) {
        return new Explainer(new Frame(history, model, at.toEpochMilli())).explain(plan(condition));
    }

    /** A new counter of the condition's parts, for a preview. */
    public PartCounter partCounter(Condition condition) {
        return new PartCounter(plan(condition), model);
    }

    /** What the verdict can depend on, with the segments referred to. */
    public Dependencies dependsOn(Condition condition) {
        Inputs inputs = new Inputs();
        depend(condition, inputs);
        return new Dependencies(
                inputs.events,
                inputs.attributes,
                inputs.scores,
                inputs.segments,
                inputs.transitions);
    }

    /** What a verdict can depend on, while it is collected. */
    private static final class Inputs {
        final Set<String> events = new HashSet<>();
        final Set<String> attributes = new HashSet<>();
        final Set<String> scores = new HashSet<>();
        final Set<String> segments = new HashSet<>();
        final Set<String> transitions = new HashSet<>();

        void zone(boolean memberZone) {
            if (memberZone) {
                attributes.add(ProgramModel.MEMBER_ZONE);
            }
        }
    }

    private void depend(Condition condition, Inputs inputs) {
        switch (condition) {
            case Condition.All all -> all.parts().forEach(part -> depend(part, inputs));
            case Condition.Any any -> any.parts().forEach(part -> depend(part, inputs));
            case Condition.AtLeast some -> some.parts().forEach(part -> depend(part, inputs));
            case Condition.Not not -> depend(not.part(), inputs);
            case Condition.Attribute leaf -> {
                boolean age = leaf.name().equals(ProgramModel.AGE) && model.hasDerivedAge();
                inputs.attributes.add(age ? ProgramModel.BIRTH_DATE : leaf.name());
                inputs.zone(leaf.memberZone());
            }
            case Condition.Score leaf -> {
                inputs.scores.add(leaf.name());
                inputs.zone(leaf.memberZone());
            }
            case Condition.Event leaf -> {
                addSources(leaf.type(), inputs.events);
                inputs.zone(leaf.memberZone());
            }
            case Condition.Segment(String key) -> {
                Condition target = model.segments().get(key);
                if (inputs.segments.add(key) && target != null) {
                    depend(target, inputs);
                }
            }
            case Condition.Sample ignored -> {}
            case Condition.Trend leaf -> addSources(leaf.type(), inputs.events);
            case Condition.Sequence leaf -> {
                leaf.steps().forEach(step -> addSources(step.type(), inputs.events));
                inputs.zone(leaf.memberZone());
            }
            case Condition.Transition leaf -> {
                inputs.transitions.add(leaf.segment());
                inputs.zone(leaf.memberZone());
            }
        }
    }

    private void addSources(String type, Set<String> into) {
        ProgramModel.Operand operand = model.operand(type);
        if (operand != null) {
            operand.sources().forEach(source -> into.add(source.type()));
        }
    }

    private PlanNode plan(Condition condition) {
        Identity identity = new Identity(condition);
        PlanNode known = plans.get(identity);
        if (known == null) {
            known = new Planner(model).plan(condition);
            if (plans.size() >= KEPT_PLANS) {
                plans.clear();
            }
            plans.put(identity, known);
        }
        return known;
    }

    static @Nullable Instant instant(long millis) {
        return millis == ValueTest.NEVER ? null : Instant.ofEpochMilli(millis);
    }

    /**
     * A condition as itself: comparing conditions by content would cost more than planning them.
     */
    private static final class Identity {
        private final Condition condition;

        Identity(Condition condition) {
            this.condition = condition;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(condition);
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // identity is what this is for
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity identity && identity.condition == condition;
        }
    }
}
