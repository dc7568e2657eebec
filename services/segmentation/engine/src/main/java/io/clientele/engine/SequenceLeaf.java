package io.clientele.engine;

import io.clientele.engine.ProgramModel.Operand;
import io.clientele.engine.ProgramModel.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events one after the other. It happens at instants that depend on the events alone: the instant
 * of the last step, or the end of the span in which the absent one did not come. Immutable and
 * thread-safe.
 */
final class SequenceLeaf extends PlanNode {
    /** One step made ready. */
    private record Step(Source[] sources, @Nullable WherePlan where) {}

    /** When a sequence happened, and the last event of it. */
    private record Happening(long at, StoredEvent last) {}

    /** The positive steps. */
    private final Step[] steps;

    private final @Nullable Step absent;
    private final long span;
    private final WindowPlan window;
    private final boolean memberZone;
    private final boolean relative;

    SequenceLeaf(String pointer, Condition.Sequence leaf, ProgramModel model) {
        super(pointer, leaf);
        this.memberZone = leaf.memberZone();
        List<Step> positive = new ArrayList<>();
        Step last = null;
        boolean some = false;
        for (Condition.Step step : leaf.steps()) {
            Operand operand = model.operand(step.type());
            Step planned =
                    new Step(
                            operand == null
                                    ? new Source[0]
                                    : operand.sources().toArray(Source[]::new),
                            step.where() == null ? null : WherePlan.of(step.where(), memberZone));
            some |= planned.where != null && planned.where.isRelative();
            if (step.absent()) {
                last = planned;
            } else {
                positive.add(planned);
            }
        }
        this.steps = positive.toArray(Step[]::new);
        this.absent = last;
        this.relative = some;
        this.span = leaf.span().toMillis();
        this.window = WindowPlan.of(leaf.within(), memberZone);
    }

    @Override
    boolean test(Frame frame) {
        long first = window.first(frame);
        long last = window.last(frame);
        for (Happening happening : happenings(frame)) {
            if (happening.at >= first && happening.at <= last) {
                return true;
            }
        }
        return false;
    }

    /** The last events of the sequences that happened in the window. */
    List<StoredEvent> lastEvents(Frame frame) {
        long first = window.first(frame);
        long last = window.last(frame);
        return happenings(frame).stream()
                .filter(happening -> happening.at >= first && happening.at <= last)
                .map(Happening::last)
                .toList();
    }

    /**
     * Every happening in all of the history, in order of time. For each event, and each step that
     * it can be, keeps the latest instant at which a chain up to there can have begun; a chain that
     * begins later fits wherever an earlier one does. Cost: events x steps.
     */
    private List<Happening> happenings(Frame frame) {
        List<StoredEvent> events = frame.history.events;
        List<Happening> happenings = new ArrayList<>();
        // Latest beginnings of chains up to a step that ended before the instant looked at, and at
        // it.
        long[] before = new long[steps.length];
        long[] at = new long[steps.length];
        Arrays.fill(before, Long.MIN_VALUE);
        Arrays.fill(at, Long.MIN_VALUE);
        long instant = Long.MIN_VALUE;
        for (int i = 0; i < events.size(); i++) {
            StoredEvent event = events.get(i);
            if (event.at() != instant) {
                for (int j = 0; j < steps.length; j++) {
                    before[j] = Math.max(before[j], at[j]);
                    at[j] = Long.MIN_VALUE;
                }
                instant = event.at();
            }
            for (int j = 0; j < steps.length; j++) {
                long begun = j == 0 ? instant : before[j - 1];
                if (begun == Long.MIN_VALUE
                        || instant - begun > span
                        || !matches(steps[j], event, frame)) {
                    continue;
                }
                at[j] = Math.max(at[j], begun);
                if (j == steps.length - 1) {
                    if (absent == null) {
                        happenings.add(new Happening(instant, event));
                    } else if (!comes(absent, i, frame)) {
                        happenings.add(new Happening(instant + span, event));
                    }
                }
            }
        }
        return happenings;
    }

    /** Whether a step comes within the span after an event. */
    private boolean comes(Step step, int index, Frame frame) {
        List<StoredEvent> events = frame.history.events;
        long from = events.get(index).at();
        for (int i = index + 1; i < events.size() && events.get(i).at() - from <= span; i++) {
            if (events.get(i).at() > from && matches(step, events.get(i), frame)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(Step step, StoredEvent event, Frame frame) {
        for (Source source : step.sources) {
            if (source.type().equals(event.type())) {
                int lines = source.items() ? event.lines().length : 1;
                for (int i = 0; i < lines; i++) {
                    int line = source.items() ? i : -1;
                    if (step.where == null
                            || step.where.test(event, line, source.negated(), frame)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Override
    long next(Frame frame) {
        return firstFlip(frame, this::nextCandidate);
    }

    private long nextCandidate(Frame frame) {
        long next = frame.nextZone(memberZone);
        long first = window.first(frame);
        for (Happening happening : happenings(frame)) {
            if (happening.at >= first) {
                next =
                        ValueTest.earliestAfter(
                                frame.at,
                                window.enters(happening.at, frame),
                                window.leaves(happening.at, frame),
                                next);
            }
        }
        return relative ? Math.min(next, nextOfWhere(frame)) : next;
    }

    private long nextOfWhere(Frame frame) {
        long next = NEVER;
        for (StoredEvent event : frame.history.events) {
            for (Step step : steps) {
                next = Math.min(next, nextOfWhere(step, event, frame));
            }
            if (absent != null) {
                next = Math.min(next, nextOfWhere(absent, event, frame));
            }
        }
        return next;
    }

    private static long nextOfWhere(Step step, StoredEvent event, Frame frame) {
        long next = NEVER;
        if (step.where != null) {
            for (Source source : step.sources) {
                if (source.type().equals(event.type())) {
                    int lines = source.items() ? event.lines().length : 1;
                    for (int i = 0; i < lines; i++) {
                        next =
                                Math.min(
                                        next,
                                        step.where.next(
                                                event,
                                                source.items() ? i : -1,
                                                source.negated(),
                                                frame));
                    }
                }
            }
        }
        return next;
    }

    @Override
    boolean isUnset(Frame frame) {
        return false;
    }
}
