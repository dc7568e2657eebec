package io.clientele.engine;

import io.clientele.engine.Explanation.CountedEvent;
import io.clientele.engine.Explanation.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Explains one verdict. */
final class Explainer {
    /** Events listed in a part; the others are only counted. */
    static final int LISTED_EVENTS = 20;

    /** Reasons named in the paragraph. */
    private static final int NAMED_REASONS = 8;

    private final Frame frame;

    Explainer(Frame frame) {
        this.frame = frame;
    }

    Explanation explain(PlanNode root) {
        Part part = part(root, null);
        return new Explanation(
                part.matches(),
                Instant.ofEpochMilli(frame.at),
                part.nextFlip(),
                part,
                paragraph(root, part));
    }

    private Part part(PlanNode node, @Nullable String segment) {
        boolean matches = node.test(frame);
        boolean unset = node.isUnset(frame);
        String value = null;
        List<CountedEvent> events = new ArrayList<>();
        long eventCount = 0;
        List<Part> children = new ArrayList<>();
        for (PlanNode child : node.children()) {
            children.add(part(child, segment));
        }
        if (node instanceof PlanNode.SegmentLeaf reference
                && reference.target != null
                && reference.condition instanceof Condition.Segment(String key)) {
            children.add(part(reference.target, key));
        }
        if (node instanceof PlanNode.AttributeLeaf leaf) {
            Value current = leaf.current(frame);
            value = current == null ? null : current.toString();
        }
        if (node instanceof ScoreLeaf leaf) {
            Value current = leaf.current(frame);
            value = current == null ? null : current.toString();
        }
        if (node instanceof PlanNode.EventLeaf leaf) {
            value = leaf.tally(frame).shown();
            long last = leaf.lastInstant(frame);
            for (int i = frame.history.firstEventFrom(leaf.firstInstant(frame));
                    i < frame.history.events.size();
                    i++) {
                StoredEvent event = frame.history.events.get(i);
                if (event.at() > last) {
                    break;
                }
                if (leaf.counts(event, frame)) {
                    eventCount++;
                    list(event, events);
                }
            }
        }
        if (node instanceof PlanNode.TrendLeaf leaf) {
            value = leaf.shown(frame);
            for (int i = frame.history.firstEventFrom(leaf.firstInstant(frame));
                    i < frame.history.events.size() && frame.history.events.get(i).at() <= frame.at;
                    i++) {
                StoredEvent event = frame.history.events.get(i);
                if (leaf.counts(event, frame)) {
                    eventCount++;
                    list(event, events);
                }
            }
        }
        if (node instanceof SequenceLeaf leaf) {
            for (StoredEvent event : leaf.lastEvents(frame)) {
                eventCount++;
                list(event, events);
            }
            value = Long.toString(eventCount);
        }
        if (node instanceof TransitionLeaf leaf) {
            value = Integer.toString(leaf.count(frame));
        }
        return new Part(
                node.pointer,
                segment,
                Words.of(node.condition),
                matches,
                unset,
                value,
                Words.threshold(node.condition),
                events,
                eventCount,
                Evaluator.instant(node.nextFlip(frame)),
                children);
    }

    private static void list(StoredEvent event, List<CountedEvent> into) {
        if (into.size() < LISTED_EVENTS) {
            into.add(
                    new CountedEvent(event.source(), event.id(), Instant.ofEpochMilli(event.at())));
        }
    }

    private static String paragraph(PlanNode root, Part part) {
        List<String> reasons = new ArrayList<>();
        reasons(root, part, reasons);
        StringBuilder text = new StringBuilder();
        text.append(
                part.matches()
                        ? "The member satisfies the condition"
                        : "The member does not satisfy the condition");
        if (!reasons.isEmpty()) {
            text.append(", because ")
                    .append(
                            String.join(
                                    "; ",
                                    reasons.subList(0, Math.min(NAMED_REASONS, reasons.size()))));
            if (reasons.size() > NAMED_REASONS) {
                text.append("; and for ")
                        .append(reasons.size() - NAMED_REASONS)
                        .append(" more reasons");
            }
        }
        text.append(". ");
        Instant flip = part.nextFlip();
        if (flip == null) {
            text.append("Nothing but new input can change that.");
        } else {
            text.append("With no new input, that may change at ").append(flip).append('.');
        }
        return text.toString();
    }

    /** The leaves that decide: those of the parts whose verdicts make the verdict. */
    private static void reasons(PlanNode node, Part part, List<String> into) {
        switch (node) {
            case PlanNode.Combination combination -> {
                for (int i = 0; i < combination.parts.length; i++) {
                    if (part.children().get(i).matches() == part.matches()) {
                        reasons(combination.parts[i], part.children().get(i), into);
                    }
                }
            }
            case PlanNode.Negation negation ->
                    reasons(negation.part, part.children().getFirst(), into);
            default -> into.add(reason(node, part));
        }
    }

    private static String reason(PlanNode node, Part part) {
        String claim = (part.matches() ? "" : "it is not so that ") + part.text();
        if (node instanceof PlanNode.SegmentLeaf
                || node instanceof PlanNode.SampleLeaf
                || node instanceof SequenceLeaf
                || node instanceof TransitionLeaf) {
            return claim;
        }
        return claim + (part.value() == null ? " (it is unset)" : " (it is " + part.value() + ")");
    }
}
