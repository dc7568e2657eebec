package io.clientele.engine;

import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Measure;
import io.clientele.engine.Condition.Window;
import io.clientele.engine.ProgramModel.Operand;
import io.clientele.engine.ProgramModel.Source;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A condition made ready for many members. Immutable and thread-safe.
 *
 * <p>Invariant: between two neighbors among the instants that {@link #next} can return, the verdict
 * is constant, and it holds from an instant on, that instant included.
 */
abstract class PlanNode {
    /**
     * How many instants at which nothing flips are passed over before one is given back as merely
     * possible.
     */
    private static final int STEPS = 64;

    static final long NEVER = ValueTest.NEVER;

    /** Where in its condition, a JSON Pointer. */
    final String pointer;

    final Condition condition;

    PlanNode(String pointer, Condition condition) {
        this.pointer = pointer;
        this.condition = condition;
    }

    /** The verdict at the frame's instant. */
    abstract boolean test(Frame frame);

    /**
     * An instant after the frame's, before which the verdict does not change; {@link
     * ValueTest#NEVER} if it never does.
     */
    abstract long next(Frame frame);

    /** Whether the leaf's value is unset; of a combination, whether some leaf's below is. */
    abstract boolean isUnset(Frame frame);

    /** The parts below, without those of a segment referred to. */
    List<PlanNode> children() {
        return List.of();
    }

    /**
     * The first instant at which the verdict is another, or one before it that many others precede.
     */
    final long nextFlip(Frame frame) {
        return firstFlip(frame, this::next);
    }

    /**
     * {@link #nextFlip} among candidates.
     *
     * @param candidate an instant after a frame's, before which the verdict does not change
     */
    final long firstFlip(Frame frame, ToLongFunction<Frame> candidate) {
        boolean verdict = test(frame);
        Frame current = frame;
        long next = NEVER;
        for (int step = 0; step < STEPS; step++) {
            next = candidate.applyAsLong(current);
            if (next == NEVER) {
                return NEVER;
            }
            current = frame.at(next);
            if (test(current) != verdict) {
                return next;
            }
        }
        return next;
    }

    /** True if at least so many parts are: all of n is n, any is 1. */
    static final class Combination extends PlanNode {
        final int atLeast;
        final PlanNode[] parts;

        Combination(String pointer, Condition condition, int atLeast, PlanNode[] parts) {
            super(pointer, condition);
            this.atLeast = atLeast;
            this.parts = parts;
        }

        @Override
        boolean test(Frame frame) {
            int wanted = atLeast;
            int left = parts.length;
            for (PlanNode part : parts) {
                if (wanted <= 0 || wanted > left) {
                    break;
                }
                if (part.test(frame)) {
                    wanted--;
                }
                left--;
            }
            return wanted <= 0;
        }

        /**
         * With m parts true, the verdict needs m - k + 1 of the true ones to turn, or k - m of the
         * false ones: it cannot change before that many of them have come to their next instant.
         */
        @Override
        long next(Frame frame) {
            boolean[] verdicts = new boolean[parts.length];
            int met = 0;
            for (int i = 0; i < parts.length; i++) {
                verdicts[i] = parts[i].test(frame);
                met += verdicts[i] ? 1 : 0;
            }
            boolean verdict = met >= atLeast;
            int needed = verdict ? met - atLeast + 1 : atLeast - met;
            int able = verdict ? met : parts.length - met;
            if (needed > able) {
                return NEVER;
            }
            long[] instants = new long[able];
            int index = 0;
            for (int i = 0; i < parts.length; i++) {
                if (verdicts[i] == verdict) {
                    instants[index++] = parts[i].next(frame);
                    if (needed == able && instants[index - 1] == NEVER) {
                        return NEVER;
                    }
                }
            }
            Arrays.sort(instants);
            return instants[needed - 1];
        }

        @Override
        boolean isUnset(Frame frame) {
            for (PlanNode part : parts) {
                if (part.isUnset(frame)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        List<PlanNode> children() {
            return List.of(parts);
        }
    }

    /** True if the part is not. */
    static final class Negation extends PlanNode {
        final PlanNode part;

        Negation(String pointer, Condition condition, PlanNode part) {
            super(pointer, condition);
            this.part = part;
        }

        @Override
        boolean test(Frame frame) {
            return !part.test(frame);
        }

        @Override
        long next(Frame frame) {
            return part.next(frame);
        }

        @Override
        boolean isUnset(Frame frame) {
            return part.isUnset(frame);
        }

        @Override
        List<PlanNode> children() {
            return List.of(part);
        }
    }

    /** The condition of another segment; without one, nobody. */
    static final class SegmentLeaf extends PlanNode {
        final @Nullable PlanNode target;

        SegmentLeaf(String pointer, Condition condition, @Nullable PlanNode target) {
            super(pointer, condition);
            this.target = target;
        }

        @Override
        boolean test(Frame frame) {
            return target != null && target.test(frame);
        }

        @Override
        long next(Frame frame) {
            return target == null ? NEVER : target.next(frame);
        }

        @Override
        boolean isUnset(Frame frame) {
            return false;
        }
    }

    /** A member's place among a million, by a hash of salt and id, against the percentage. */
    static final class SampleLeaf extends PlanNode {
        private static final long PLACES = 1_000_000;

        private final byte[] salt;
        private final long below;

        SampleLeaf(String pointer, Condition.Sample sample) {
            super(pointer, sample);
            this.salt = (sample.salt() + '\0').getBytes(StandardCharsets.UTF_8);
            this.below =
                    sample.percent().multiply(BigDecimal.valueOf(PLACES / 100)).longValueExact();
        }

        @Override
        boolean test(Frame frame) {
            return Long.remainderUnsigned(hash(frame.history.member()), PLACES) < below;
        }

        /**
         * FNV-1a of 64 bits, then the finalizer of MurmurHash3, as FNV alone mixes the last bytes
         * badly.
         */
        private long hash(String member) {
            long hash = 0xcbf29ce484222325L;
            for (byte one : salt) {
                hash = (hash ^ (one & 0xFF)) * 0x100000001b3L;
            }
            for (byte one : member.getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ (one & 0xFF)) * 0x100000001b3L;
            }
            hash ^= hash >>> 33;
            hash *= 0xff51afd7ed558ccdL;
            hash ^= hash >>> 33;
            hash *= 0xc4ceb9fe1a85ec53L;
            return hash ^ hash >>> 33;
        }

        @Override
        long next(Frame frame) {
            return NEVER;
        }

        @Override
        boolean isUnset(Frame frame) {
            return false;
        }
    }

    /** An attribute, or the age derived from one. */
    static final class AttributeLeaf extends PlanNode {
        private final String attribute;
        private final boolean age;
        private final ValueTest test;
        private final long setWithin;
        private final boolean memberZone;

        AttributeLeaf(String pointer, Condition.Attribute leaf, ProgramModel model) {
            super(pointer, leaf);
            this.age = leaf.name().equals(ProgramModel.AGE) && model.hasDerivedAge();
            this.attribute = age ? ProgramModel.BIRTH_DATE : leaf.name();
            this.test = ValueTest.of(leaf.comparison(), leaf.memberZone());
            this.setWithin = leaf.setWithin() == null ? NEVER : leaf.setWithin().toMillis();
            this.memberZone = leaf.memberZone();
        }

        @Override
        boolean test(Frame frame) {
            StoredVersion version = frame.history.version(attribute, frame.at);
            if (version == null || version.value() == null) {
                return false;
            }
            if (setWithin != NEVER && version.at() <= frame.at - setWithin) {
                return false;
            }
            Value value = value(version, frame);
            return value != null && test.test(value, frame);
        }

        @Override
        long next(Frame frame) {
            long next =
                    Math.min(
                            frame.history.nextVersion(attribute, frame.at),
                            frame.nextZone(memberZone));
            StoredVersion version = frame.history.version(attribute, frame.at);
            Value value = version == null ? null : version.value();
            if (version == null || value == null) {
                return next;
            }
            if (setWithin != NEVER && version.at() + setWithin > frame.at) {
                next = Math.min(next, version.at() + setWithin);
            }
            return Math.min(
                    next,
                    age ? Ages.next(value, test, frame, memberZone) : test.next(value, frame));
        }

        @Override
        boolean isUnset(Frame frame) {
            return current(frame) == null;
        }

        @Nullable Value current(Frame frame) {
            StoredVersion version = frame.history.version(attribute, frame.at);
            return version == null ? null : value(version, frame);
        }

        private @Nullable Value value(StoredVersion version, Frame frame) {
            Value value = version.value();
            return age && value != null ? Ages.at(value, frame.today(memberZone)) : value;
        }
    }

    /** A measure over events. */
    static final class EventLeaf extends PlanNode {
        private final Source[] sources;
        private final @Nullable WherePlan where;
        private final WindowPlan window;
        private final Measure measure;
        private final @Nullable WherePlan share;
        private final ValueTest test;
        private final boolean memberZone;
        private final boolean whereIsRelative;

        EventLeaf(String pointer, Condition.Event leaf, ProgramModel model) {
            super(pointer, leaf);
            Operand operand = model.operand(leaf.type());
            this.sources =
                    operand == null ? new Source[0] : operand.sources().toArray(Source[]::new);
            this.memberZone = leaf.memberZone();
            this.where = leaf.where() == null ? null : WherePlan.of(leaf.where(), memberZone);
            this.window = WindowPlan.of(leaf.within(), memberZone);
            this.measure = leaf.measure();
            this.share = measure.of() == null ? null : WherePlan.of(measure.of(), memberZone);
            this.test = ValueTest.of(leaf.comparison(), memberZone);
            this.whereIsRelative =
                    (where != null && where.isRelative()) || (share != null && share.isRelative());
        }

        @Override
        boolean test(Frame frame) {
            return tally(frame).test(test, frame);
        }

        @Override
        boolean isUnset(Frame frame) {
            return switch (measure.kind()) {
                case COUNT, SUM, DISTINCT -> false;
                default -> tally(frame).isUnset();
            };
        }

        /** Measures the events in the window. Cost: one pass over them. */
        Tally tally(Frame frame) {
            Tally tally = new Tally(measure.kind());
            MemberHistory history = frame.history;
            long last = window.last(frame);
            int count = history.events.size();
            for (int i = history.firstEventFrom(window.first(frame)); i < count; i++) {
                StoredEvent event = history.events.get(i);
                if (event.at() > last) {
                    break;
                }
                for (Source source : sources) {
                    if (source.type().equals(event.type())) {
                        tally(tally, event, source, frame);
                    }
                }
            }
            return tally;
        }

        private void tally(Tally tally, StoredEvent event, Source source, Frame frame) {
            int lines = source.items() ? event.lines().length : 1;
            for (int i = 0; i < lines; i++) {
                int line = source.items() ? i : -1;
                if (where == null || where.test(event, line, source.negated(), frame)) {
                    String property = measure.property();
                    Value value =
                            property == null
                                    ? null
                                    : WherePlan.property(event, line, source.negated(), property);
                    tally.add(
                            event.at(),
                            value,
                            share != null && share.test(event, line, source.negated(), frame));
                }
            }
        }

        /** Whether the event has a part that counts at the frame's instant, the window aside. */
        boolean counts(StoredEvent event, Frame frame) {
            return countIn(event, frame) > 0;
        }

        private int countIn(StoredEvent event, Frame frame) {
            int found = 0;
            for (Source source : sources) {
                if (source.type().equals(event.type())) {
                    int lines = source.items() ? event.lines().length : 1;
                    for (int i = 0; i < lines; i++) {
                        int line = source.items() ? i : -1;
                        if (where == null || where.test(event, line, source.negated(), frame)) {
                            found++;
                        }
                    }
                }
            }
            return found;
        }

        long firstInstant(Frame frame) {
            return window.first(frame);
        }

        long lastInstant(Frame frame) {
            return window.last(frame);
        }

        @Override
        long next(Frame frame) {
            if (sources.length == 0) {
                return NEVER;
            }
            if (measure.kind() == Measure.Kind.COUNT
                    && !whereIsRelative
                    && window instanceof WindowPlan.Ago ago
                    && ago.to == 0
                    && test instanceof ValueTest.Range range
                    && range.smallestWhole() > 0
                    && (frame.history.events.isEmpty()
                            || frame.history.events.getLast().at() <= frame.at)) {
                return nextOfCount(frame, ago, range.smallestWhole());
            }
            if (!whereIsRelative && !memberZone && Tally.canRemove(measure.kind())) {
                return sweep(frame);
            }
            return firstFlip(frame, this::nextCandidate);
        }

        /**
         * At least n events in the last D, and none to come: false for good once the n-th newest is
         * D old.
         */
        private long nextOfCount(Frame frame, WindowPlan.Ago ago, long wanted) {
            if (ago.from == NEVER) {
                return NEVER;
            }
            long found = 0;
            long first = ago.first(frame);
            for (int i = frame.history.events.size() - 1; i >= 0; i--) {
                StoredEvent event = frame.history.events.get(i);
                if (event.at() < first) {
                    break;
                }
                found += countIn(event, frame);
                if (found >= wanted) {
                    return event.at() + ago.from;
                }
            }
            return NEVER;
        }

        /**
         * The next flip of a measure that events can be taken out of again: moves the window on
         * from event to event. Cost: one pass over the events from the window's beginning on,
         * however many come and go without effect.
         */
        private long sweep(Frame frame) {
            Rows rows = rows(frame);
            Tally tally = new Tally(measure.kind());
            long last = window.last(frame);
            int entered = 0;
            while (entered < rows.count && rows.at[entered] <= last) {
                tally.add(rows.at[entered], rows.values[entered], rows.inShare[entered]);
                entered++;
            }
            boolean verdict = tally.test(test, frame);
            int left = 0;
            while (left < rows.count) {
                long leaving = left < entered ? window.leaves(rows.at[left], frame) : NEVER;
                long entering =
                        entered < rows.count ? window.enters(rows.at[entered], frame) : NEVER;
                long now = Math.min(leaving, entering);
                if (now == NEVER) {
                    return NEVER;
                }
                if (entering == now) {
                    long at = rows.at[entered];
                    while (entered < rows.count
                            && (rows.at[entered] == at
                                    || window.enters(rows.at[entered], frame) == now)) {
                        tally.add(rows.at[entered], rows.values[entered], rows.inShare[entered]);
                        entered++;
                    }
                }
                if (leaving == now) {
                    long at = rows.at[left];
                    while (left < entered
                            && (rows.at[left] == at
                                    || window.leaves(rows.at[left], frame) == now)) {
                        tally.remove(rows.values[left], rows.inShare[left]);
                        left++;
                    }
                }
                if (tally.test(test, frame) != verdict) {
                    return now;
                }
            }
            return NEVER;
        }

        /**
         * What counts from the window's beginning on, in order, whether it has come in already or
         * not.
         */
        private Rows rows(Frame frame) {
            Rows rows = new Rows();
            List<StoredEvent> events = frame.history.events;
            for (int i = frame.history.firstEventFrom(window.first(frame));
                    i < events.size();
                    i++) {
                StoredEvent event = events.get(i);
                for (Source source : sources) {
                    if (source.type().equals(event.type())) {
                        addRows(rows, event, source, frame);
                    }
                }
            }
            return rows;
        }

        private void addRows(Rows rows, StoredEvent event, Source source, Frame frame) {
            String property = measure.property();
            int lines = source.items() ? event.lines().length : 1;
            for (int i = 0; i < lines; i++) {
                int line = source.items() ? i : -1;
                if (where == null || where.test(event, line, source.negated(), frame)) {
                    Value value =
                            property == null
                                    ? null
                                    : WherePlan.property(event, line, source.negated(), property);
                    rows.add(
                            event.at(),
                            value,
                            share != null && share.test(event, line, source.negated(), frame));
                }
            }
        }

        /**
         * The next instant at which an event comes in or goes out, or is judged otherwise, or the
         * value is.
         */
        private long nextCandidate(Frame frame) {
            long next = frame.nextZone(memberZone);
            MemberHistory history = frame.history;
            int count = history.events.size();
            long entering = NEVER;
            long leaving = NEVER;
            for (int i = history.firstEventFrom(window.first(frame)); i < count; i++) {
                StoredEvent event = history.events.get(i);
                if (whereIsRelative) {
                    next = Math.min(next, nextOfWhere(event, frame));
                }
                if (!(whereIsRelative ? isOfType(event) : counts(event, frame))) {
                    continue;
                }
                if (leaving == NEVER) {
                    long leaves = window.leaves(event.at(), frame);
                    leaving = leaves > frame.at ? leaves : NEVER;
                }
                long enters = window.enters(event.at(), frame);
                if (enters > frame.at && entering == NEVER) {
                    // Events are in order of time, and so are their comings and goings.
                    entering = enters;
                    if (!whereIsRelative) {
                        break;
                    }
                }
            }
            next = Math.min(next, Math.min(entering, leaving));
            if (test.isRelative()) {
                Value value = tally(frame).value();
                if (value != null) {
                    next = Math.min(next, test.next(value, frame));
                }
            }
            return next;
        }

        private boolean isOfType(StoredEvent event) {
            for (Source source : sources) {
                if (source.type().equals(event.type())) {
                    return true;
                }
            }
            return false;
        }

        private long nextOfWhere(StoredEvent event, Frame frame) {
            long next = NEVER;
            for (Source source : sources) {
                if (source.type().equals(event.type())) {
                    int lines = source.items() ? event.lines().length : 1;
                    for (int i = 0; i < lines; i++) {
                        int line = source.items() ? i : -1;
                        if (where != null) {
                            next = Math.min(next, where.next(event, line, source.negated(), frame));
                        }
                        if (share != null) {
                            next = Math.min(next, share.next(event, line, source.negated(), frame));
                        }
                    }
                }
            }
            return next;
        }
    }

    /** How a measure changed from one period to the next. */
    static final class TrendLeaf extends PlanNode {
        private final EventLeaf now;
        private final EventLeaf before;
        private final ValueTest test;

        TrendLeaf(String pointer, Condition.Trend leaf, ProgramModel model) {
            super(pointer, leaf);
            this.now = measured(pointer, leaf, new Window.Last(leaf.period()), model);
            this.before =
                    measured(
                            pointer,
                            leaf,
                            new Window.Ago(leaf.period().multipliedBy(2), leaf.period()),
                            model);
            this.test = ValueTest.of(leaf.comparison(), false);
        }

        private static EventLeaf measured(
                String pointer, Condition.Trend leaf, Window window, ProgramModel model) {
            return new EventLeaf(
                    pointer,
                    new Condition.Event(
                            leaf.type(),
                            leaf.where(),
                            window,
                            leaf.measure(),
                            new Comparison.Exists(),
                            false),
                    model);
        }

        @Override
        boolean test(Frame frame) {
            BigInteger[] change = change(frame);
            return change != null && test.testRatio(change[0], change[1]);
        }

        /** (a - b) / b as numerator, scaled, and denominator above 0; null if it is unset. */
        private BigInteger @Nullable [] change(Frame frame) {
            BigInteger[] b = before.tally(frame).ratio();
            if (b == null || b[0].signum() == 0) {
                return null;
            }
            BigInteger[] a = now.tally(frame).ratio();
            if (a == null) {
                return null;
            }
            BigInteger difference = a[0].multiply(b[1]).subtract(b[0].multiply(a[1]));
            BigInteger base = a[1].multiply(b[0]);
            BigInteger sign = BigInteger.valueOf(base.signum());
            return new BigInteger[] {
                difference.multiply(sign).multiply(BigInteger.valueOf(Decimals.UNIT)),
                base.multiply(sign)
            };
        }

        /** The change for people, rounded to 6 places; null if unset. */
        @Nullable String shown(Frame frame) {
            BigInteger[] change = change(frame);
            return change == null
                    ? null
                    : Decimals.plain(
                            new BigDecimal(change[0])
                                    .divide(new BigDecimal(change[1]), 0, RoundingMode.HALF_EVEN)
                                    .movePointLeft(Decimals.PLACES));
        }

        /** Whether the event counts in one of the periods, and those aside at all. */
        boolean counts(StoredEvent event, Frame frame) {
            return now.counts(event, frame);
        }

        long firstInstant(Frame frame) {
            return before.firstInstant(frame);
        }

        @Override
        boolean isUnset(Frame frame) {
            return change(frame) == null;
        }

        @Override
        long next(Frame frame) {
            return firstFlip(
                    frame,
                    current -> Math.min(now.nextCandidate(current), before.nextCandidate(current)));
        }
    }

    /** Events and lines that count, as columns that grow. */
    private static final class Rows {
        int count;
        long[] at = new long[16];
        @Nullable Value[] values = new @Nullable Value[16];
        boolean[] inShare = new boolean[16];

        void add(long instant, @Nullable Value value, boolean share) {
            if (count == at.length) {
                at = Arrays.copyOf(at, count * 2);
                values = Arrays.copyOf(values, count * 2);
                inShare = Arrays.copyOf(inShare, count * 2);
            }
            at[count] = instant;
            values[count] = value;
            inShare[count] = share;
            count++;
        }
    }
}
