package io.clientele.engine;

import static java.util.Objects.requireNonNull;

import io.clientele.engine.LiveLeaf.Additive;
import io.clientele.engine.LiveLeaf.Static;
import io.clientele.engine.LiveLeaf.Timed;
import io.clientele.engine.LiveLeaf.TimedGroup;
import io.clientele.engine.internal.bitmap.Bits;
import io.clientele.engine.internal.exec.Alarms;
import io.clientele.engine.internal.exec.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Keeps the verdict of every leaf of the active segments for every member, and tells when a
 * segment's verdict changes.
 *
 * <p>Three kinds of leaves: sums and counts follow events into and out of their windows, by one
 * cursor for each log and window border; values of attributes are compared when they change; all
 * others are judged by the exact evaluator when something they depend on changes, and again at the
 * instant up to which it says the verdict stands.
 *
 * <p>Invariant <i>settled</i>: between calls, but for a wave that is not drained yet, each bit is
 * the verdict of its leaf at the clock. One thread.
 */
final class Tracker {
    /** Before anything; early enough, and not so early that days cannot be told. */
    private static final long BEGINNING = Long.MIN_VALUE / 4;

    /** What tells of changes; the shard's, for its caller. */
    private final Shard.Listener listener;

    private final Shard shard;
    private long clock = BEGINNING;

    private final Map<String, LiveSegment> segments = new HashMap<>();
    private SegmentTables tables = new SegmentTables(List.of(), 0);

    /** Those that others ask about who entered or left, each after those it asks about itself. */
    private LiveSegment[] watched = {};

    // By block: a row of bits for each member.
    private int words = 1;
    private long[][] bitRows = {};

    /** What leaves of sums and counts compare. */
    private final MeasureFlow flow;

    private final LiveLeaves leaves;

    // When the next value of an attribute comes in force in a block.
    private final Schedule values = new Schedule();
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Pending, Integer> numbers = new HashMap<>();

    /** Until when the exact evaluator's verdicts stand. */
    private final Alarms alarms = new Alarms();

    // Members whose bits changed, and what their rows were.
    private int[] touched = new int[16];
    private long[] touchedRows = new long[16];
    private int touchedCount;
    private int settledCount;
    private long[][] isTouched = {};

    /** At this instant of the clock, something may be due still. */
    private boolean draining;

    private boolean held;

    Tracker(Shard shard, Shard.Listener listener) {
        this.shard = shard;
        this.listener = listener;
        this.flow = new MeasureFlow(shard, this);
        this.leaves = new LiveLeaves(shard, flow);
    }

    /** Counts and sums, as events come and go. */
    MeasureFlow flow() {
        return flow;
    }

    /** Values of an attribute of a block's members that are not in force yet. */
    private record Pending(int attribute, int block) {}

    long clock() {
        return clock;
    }

    int size(String segment) {
        LiveSegment known = segments.get(segment);
        return known == null ? -1 : known.size;
    }

    // Members

    /** Makes room for a new member and judges it. */
    void memberAdded(int member) {
        int index = member >>> Block.SHIFT;
        if (index == bitRows.length) {
            bitRows = Arrays.copyOf(bitRows, index + 1);
            isTouched = Arrays.copyOf(isTouched, index + 1);
            bitRows[index] = new long[0];
            isTouched[index] = new long[Block.CAPACITY / Long.SIZE];
        }
        int place = member & Block.CAPACITY - 1;
        reserve(index, place + 1);
        if (segments.isEmpty()) {
            return;
        }
        for (LiveLeaf leaf : leaves.all()) {
            if (leaf instanceof Additive additive && additive.test(0, 0)) {
                bitRows[index][place * words + (leaf.bit >>> 6)] |= 1L << leaf.bit;
            }
        }
        // Judged for the first time: there is nothing to compare with.
        Bits.set(isTouched[index], place);
        judge(leaves.allTimed(), index, place);
        for (LiveSegment segment : watched) {
            if (segment.formula.test(bitRows[index], place * words)) {
                record(segment, index, place, true);
            }
        }
        Bits.clear(isTouched[index], place);
        for (LiveSegment segment : segments.values()) {
            if (segment.formula.test(bitRows[index], place * words)) {
                change(segment, member, true, Shard.Cause.PROFILE);
            }
        }
    }

    /** Tells that a member is in no segment any more. */
    void memberLeaves(int member) {
        int index = member >>> Block.SHIFT;
        int place = member & Block.CAPACITY - 1;
        long[] rows = bitRows[index];
        int told = place * words;
        if (Bits.get(isTouched[index], place)) {
            // Changes of it are still to be told: it leaves what it was told to be in.
            int pending = settledCount;
            while (touched[pending] != member) {
                pending++;
            }
            rows = touchedRows;
            told = pending * words;
        }
        for (LiveSegment segment : segments.values()) {
            if (segment.formula.test(rows, told)) {
                change(segment, member, false, Shard.Cause.PROFILE);
            }
        }
    }

    /** Forgets a member of whom nothing is known any more. */
    void memberRemoved(int member) {
        int index = member >>> Block.SHIFT;
        int place = member & Block.CAPACITY - 1;
        Arrays.fill(bitRows[index], place * words, (place + 1) * words, 0L);
        for (LiveLeaf leaf : leaves.all()) {
            if (leaf instanceof Timed timed) {
                timed.setUntil(index, place, Schedule.NEVER);
            }
        }
    }

    private void reserve(int index, int size) {
        if (size * words > bitRows[index].length) {
            int grown = Math.min(size + (size >> 1) + 16, Block.CAPACITY);
            bitRows[index] = Arrays.copyOf(bitRows[index], grown * words);
        }
        flow.reserve(index, size);
    }

    // Bits

    /** Sets a leaf's verdict on a member. */
    void set(LiveLeaf leaf, int index, int place, boolean verdict) {
        int at = place * words + (leaf.bit >>> 6);
        long mask = 1L << leaf.bit;
        if (((bitRows[index][at] & mask) != 0) == verdict) {
            return;
        }
        touch(index, place);
        bitRows[index][at] ^= mask;
    }

    /** The first bits of a member. */
    long row(int index, int place) {
        return bitRows[index][place * words];
    }

    private void touch(int index, int place) {
        if (Bits.get(isTouched[index], place)) {
            return;
        }
        Bits.set(isTouched[index], place);
        if (touchedCount == touched.length) {
            touched = Arrays.copyOf(touched, touchedCount * 2);
        }
        if ((touchedCount + 1) * words > touchedRows.length) {
            touchedRows = Arrays.copyOf(touchedRows, Math.max(touched.length, 16) * words);
        }
        System.arraycopy(bitRows[index], place * words, touchedRows, touchedCount * words, words);
        touched[touchedCount++] = index << Block.SHIFT | place;
    }

    /** Tells of the segments of members that were touched; false if the budget did not do. */
    private boolean settle(Shard.Cause cause, int[] budget) {
        while (settledCount < touchedCount) {
            if (budget[0]-- <= 0) {
                return false;
            }
            int member = touched[settledCount];
            int index = member >>> Block.SHIFT;
            int place = member & Block.CAPACITY - 1;
            if (shard.blockAt(index).isPresent(place)) {
                recordChanges(settledCount * words, index, place);
                tables.compare(
                        touchedRows,
                        settledCount * words,
                        bitRows[index],
                        place * words,
                        words,
                        member,
                        cause,
                        this::change);
            }
            Bits.clear(isTouched[index], place);
            settledCount++;
        }
        settledCount = 0;
        touchedCount = 0;
        return true;
    }

    private void change(LiveSegment segment, int member, boolean entered, Shard.Cause cause) {
        segment.size += entered ? 1 : -1;
        listener.changed(segment.key, member, entered, clock, cause);
    }

    /**
     * Records the changes that other segments ask about and judges who asks, so that a member's row
     * is final before anything is told. A segment comes after those it asks about.
     */
    private void recordChanges(int old, int index, int place) {
        for (LiveSegment segment : watched) {
            boolean verdict = segment.formula.test(bitRows[index], place * words);
            if (segment.formula.test(touchedRows, old) != verdict) {
                record(segment, index, place, verdict);
            }
        }
    }

    private void record(LiveSegment segment, int index, int place, boolean entered) {
        shard.record(index << Block.SHIFT | place, segment.key, entered, clock);
        judge(requireNonNull(leaves.timedByTransition(segment.key)), index, place);
    }

    /** Changes are told when {@link #release} is called. */
    void hold() {
        held = true;
    }

    /** Tells what was held back. */
    void release() {
        held = false;
        settleAll(Shard.Cause.PROFILE);
    }

    /** Judges all but sums and counts of a member anew. */
    void judgeAll(int member) {
        int index = member >>> Block.SHIFT;
        int place = member & Block.CAPACITY - 1;
        Frame frame = shard.frame(clock);
        for (List<Static> leavesOfOne : leaves.allFixed()) {
            for (Static leaf : leavesOfOne) {
                set(leaf, index, place, test(leaf, index, place, frame));
            }
        }
        judge(leaves.allTimed(), index, place);
    }

    private boolean test(Static leaf, int index, int place, Frame frame) {
        AttributeStore store = shard.attribute(index, leaf.attribute);
        Value value = store == null ? null : store.current(place);
        return value != null && leaf.test.test(value, frame);
    }

    private void settleAll(Shard.Cause cause) {
        // A wave that is being drained settles its own.
        if (!draining && !held) {
            settle(cause, new int[] {Integer.MAX_VALUE});
        }
    }

    // Events

    /** After an event and its lines were added or before they are taken out again. */
    void eventTouched(int index, int place, String type) {
        TimedGroup group = leaves.timedByType(type);
        if (group != null) {
            judge(group, index, place);
        }
        settleAll(Shard.Cause.EVENT);
    }

    // Attributes

    /** After a version was added; {@code store} may have others that are not in force yet. */
    void attributeTouched(int index, int place, AttributeStore store, int attribute) {
        long next = store.nextPending();
        if (next != Schedule.NEVER) {
            int number = numbers.computeIfAbsent(new Pending(attribute, index), this::number);
            if (next < values.instant(number)) {
                values.set(number, next);
            }
        }
        judgeAttribute(index, place, store);
        settleAll(Shard.Cause.PROFILE);
    }

    private int number(Pending ofBlock) {
        pending.add(ofBlock);
        return values.add();
    }

    private void judgeAttribute(int index, int place, AttributeStore store) {
        List<Static> compared = leaves.fixed(store.spec.key());
        if (!compared.isEmpty()) {
            Value value = store.current(place);
            Frame frame = shard.frame(clock);
            for (Static leaf : compared) {
                set(leaf, index, place, value != null && leaf.test.test(value, frame));
            }
        }
        TimedGroup group = leaves.timedByAttribute(store.spec.key());
        if (group != null) {
            judge(group, index, place);
        }
    }

    // What the exact evaluator judges

    private void judge(TimedGroup group, int index, int place) {
        if (group.leaves.isEmpty()) {
            return;
        }
        if (group.indexesKnown != shard.indexCount()) {
            group.attributes =
                    group.leaves.stream()
                            .flatMapToInt(leaf -> Arrays.stream(shard.attributesOf(leaf.needs)))
                            .distinct()
                            .toArray();
            group.logs =
                    group.leaves.stream()
                            .flatMapToInt(leaf -> Arrays.stream(shard.logsOf(leaf.needs)))
                            .distinct()
                            .toArray();
            group.indexesKnown = shard.indexCount();
        }
        MemberHistory history = shard.history(index, place, group.attributes, group.logs);
        Frame frame = new Frame(history, shard.model(), clock);
        for (int i = 0; i < group.leaves.size(); i++) {
            judge(group.leaves.get(i), frame, index, place);
        }
    }

    private void judge(Timed leaf, Frame frame, int index, int place) {
        set(leaf, index, place, leaf.plan.test(frame));
        await(leaf, frame, index, place);
    }

    /** Sets the alarm for the instant up to which the leaf's verdict stands. */
    private void await(Timed leaf, Frame frame, int index, int place) {
        long until = leaf.plan.nextFlip(frame);
        if (until != leaf.until(index, place)) {
            leaf.setUntil(index, place, until);
            if (until != Schedule.NEVER) {
                alarms.add(until, (long) leaf.bit << 32 | index << Block.SHIFT | place);
            }
        }
    }

    // Time

    /**
     * Brings everything to an instant.
     *
     * @param budget how many events and members to look at before it stops on the way
     * @return false if it stopped: nothing after what it came to has happened yet
     */
    boolean advanceTo(long to, int budget) {
        int[] left = {budget};
        while (true) {
            long next =
                    Math.min(flow.next(), Math.min(values.firstInstant(), alarms.firstInstant()));
            if (draining && next > clock) {
                if (!settle(Shard.Cause.TIME, left)) {
                    return false;
                }
                // Who was told may have recorded changes that make others due now.
                draining = false;
                continue;
            }
            if (next > to) {
                clock = Math.max(clock, to);
                return true;
            }
            if (left[0] <= 0) {
                return false;
            }
            clock = Math.max(clock, next);
            draining = true;
            if (flow.next() <= clock) {
                flow.pass(left);
            } else if (values.firstInstant() <= clock) {
                passValues(left);
            } else {
                alarm(left);
            }
        }
    }

    private void alarm(int[] budget) {
        long tag = alarms.firstTag();
        long instant = alarms.firstInstant();
        alarms.removeFirst();
        int member = (int) tag;
        int index = member >>> Block.SHIFT;
        int place = member & Block.CAPACITY - 1;
        LiveLeaf leaf = leaves.ofBit((int) (tag >>> 32));
        if (leaf instanceof Timed timed && timed.until(index, place) == instant) {
            budget[0] -= 4;
            timed.setUntil(index, place, Schedule.NEVER);
            judge(timed.alone, index, place);
        }
    }

    private void passValues(int[] budget) {
        int number = values.first();
        Pending due = pending.get(number);
        AttributeStore store = shard.attribute(due.block(), due.attribute());
        while (store.nextPending() <= clock && budget[0]-- > 0) {
            int place = store.applyNext(shard.epoch());
            judgeAttribute(due.block(), place, store);
        }
        values.set(number, store.nextPending());
    }

    // Definitions

    /**
     * Follows a segment from now on, or another condition of it.
     *
     * @return who entered and who left, told by ordinals; the listener is not told
     */
    Shard.Difference define(String key, Condition condition) {
        requireDrained();
        LiveSegment before = segments.get(key);
        List<LiveLeaf> used = new ArrayList<>();
        Formula formula = formula(Normalizer.normalize(condition), used).compiled();
        LiveSegment now = new LiveSegment(key, formula, used);
        segments.put(key, now);
        RoaringBitmap entered = new RoaringBitmap();
        RoaringBitmap left = new RoaringBitmap();
        for (int index = 0; index < bitRows.length; index++) {
            compare(index, before, now, entered, left);
        }
        if (before != null) {
            release(before);
        }
        indexSegments();
        return new Shard.Difference(entered, left);
    }

    private void compare(
            int index,
            @Nullable LiveSegment before,
            LiveSegment now,
            RoaringBitmap entered,
            RoaringBitmap left) {
        Block block = shard.blockAt(index);
        long[] rows = bitRows[index];
        for (int place = 0; place < block.size(); place++) {
            if (!block.isPresent(place)) {
                continue;
            }
            boolean verdict = now.formula.test(rows, place * words);
            now.size += verdict ? 1 : 0;
            if (verdict != (before != null && before.formula.test(rows, place * words))) {
                (verdict ? entered : left).add(block.base + place);
            }
        }
    }

    /** Follows a segment no longer. Returns who was in it. */
    Shard.Difference drop(String key) {
        requireDrained();
        LiveSegment before = segments.remove(key);
        RoaringBitmap left = new RoaringBitmap();
        if (before != null) {
            LiveSegment nobody = new LiveSegment(key, Formula.atLeast(1, List.of()), List.of());
            for (int index = 0; index < bitRows.length; index++) {
                compare(index, before, nobody, new RoaringBitmap(), left);
            }
            release(before);
            indexSegments();
        }
        return new Shard.Difference(new RoaringBitmap(), left);
    }

    void requireDrained() {
        if (draining) {
            throw new IllegalStateException(
                    "changes of an instant are still to be told: advance until that is done");
        }
    }

    private void indexSegments() {
        LinkedHashSet<LiveSegment> asked = new LinkedHashSet<>();
        leaves.watched().forEach(key -> addWatched(key, asked, new HashSet<>()));
        watched = asked.toArray(LiveSegment[]::new);
        tables = new SegmentTables(List.copyOf(segments.values()), leaves.bitCount());
    }

    private void addWatched(String key, Set<LiveSegment> into, Set<String> above) {
        LiveSegment segment = segments.get(key);
        if (segment == null || !above.add(key)) {
            return;
        }
        for (LiveLeaf leaf : segment.leaves) {
            if (leaf instanceof Timed timed) {
                timed.needs.transitions().forEach(each -> addWatched(each, into, above));
            }
        }
        into.add(segment);
    }

    private Formula formula(Condition condition, List<LiveLeaf> used) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) ->
                    Formula.atLeast(parts.size(), formulas(parts, used));
            case Condition.Any(List<Condition> parts) -> Formula.atLeast(1, formulas(parts, used));
            case Condition.AtLeast(int count, List<Condition> parts) ->
                    Formula.atLeast(count, formulas(parts, used));
            case Condition.Not(Condition part) -> new Formula.Not(formula(part, used));
            case Condition.Segment(String key) -> {
                Condition target = shard.model().segments().get(key);
                yield target == null
                        ? Formula.atLeast(1, List.of())
                        : formula(Normalizer.normalize(target), used);
            }
            default -> new Formula.Leaf(leaf(condition, used).bit);
        };
    }

    private List<Formula> formulas(List<Condition> parts, List<LiveLeaf> used) {
        return parts.stream().map(part -> formula(part, used)).toList();
    }

    private LiveLeaf leaf(Condition condition, List<LiveLeaf> used) {
        LiveLeaf known = leaves.find(condition);
        if (known == null) {
            known = leaves.make(condition);
            if (known.bit >= words * Long.SIZE) {
                widen();
            }
            for (int index = 0; index < bitRows.length; index++) {
                start(known, index);
            }
        }
        if (!used.contains(known)) {
            used.add(known);
            known.uses++;
        }
        return known;
    }

    private void widen() {
        int wider = words + Math.max(1, words / 2);
        for (int index = 0; index < bitRows.length; index++) {
            bitRows[index] = MeasureFlow.widened(bitRows[index], words, wider);
        }
        words = wider;
        touchedRows = new long[Math.max(touched.length, 16) * words];
    }

    /** Judges a new leaf for the members of a block; nobody is told. */
    private void start(LiveLeaf leaf, int index) {
        Block block = shard.blockAt(index);
        int word = leaf.bit >>> 6;
        long mask = 1L << leaf.bit;
        Frame plain = shard.frame(clock);
        for (int place = 0; place < block.size(); place++) {
            if (!block.isPresent(place)) {
                continue;
            }
            boolean verdict =
                    switch (leaf) {
                        case Additive additive -> flow.test(additive, index, place);
                        case Static fixed -> test(fixed, index, place, plain);
                        case Timed timed -> first(timed, index, place);
                        default -> throw new AssertionError(leaf);
                    };
            if (verdict) {
                bitRows[index][place * words + word] |= mask;
            } else {
                bitRows[index][place * words + word] &= ~mask;
            }
        }
    }

    private boolean first(Timed leaf, int index, int place) {
        MemberHistory history =
                shard.history(
                        index, place, shard.attributesOf(leaf.needs), shard.logsOf(leaf.needs));
        Frame frame = new Frame(history, shard.model(), clock);
        await(leaf, frame, index, place);
        return leaf.plan.test(frame);
    }

    private void release(LiveSegment segment) {
        boolean hadAlarms = false;
        for (LiveLeaf leaf : segment.leaves) {
            if (--leaf.uses == 0) {
                leaves.forget(leaf);
                hadAlarms |= leaf instanceof Timed;
            }
        }
        if (hadAlarms) {
            alarms.removeIf(tag -> leaves.ofBit((int) (tag >>> 32)) == null);
        }
    }

    /** Memory held, in bytes. */
    long retainedBytes() {
        long bytes = flow.retainedBytes() + values.retainedBytes() + alarms.retainedBytes();
        for (int index = 0; index < bitRows.length; index++) {
            bytes += 48 + 8L * bitRows[index].length + 8L * isTouched[index].length;
        }
        for (LiveLeaf leaf : leaves.all()) {
            bytes += leaf instanceof Timed timed ? timed.retainedBytes() : 64;
        }
        return bytes;
    }
}
