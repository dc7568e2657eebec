package io.clientele.engine;

import static java.util.Objects.requireNonNull;

import io.clientele.engine.internal.bitmap.Bits;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.column.NumberColumn;
import io.clientele.engine.internal.column.Positions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Up to 65,536 members of a shard and everything known of them, so that a member is two bytes in an
 * event and totals for all of them fit the processor's second-level cache.
 */
final class Block {
    static final int CAPACITY = 65_536;
    static final int SHIFT = 16;

    /** The ordinal of the first member. */
    final int base;

    private int size;

    /** Who is there: members that were removed are not. */
    private long[] present = new long[1];

    private long presentEpoch;

    /** From when on each is counted; unset: always. */
    private NumberColumn firsts = new NumberColumn();

    private long firstsEpoch;
    private long latestFirst = Long.MIN_VALUE;

    /** When the first attribute of each came. */
    private NumberColumn since = new NumberColumn();

    private long sinceEpoch;
    private long latestSince = Long.MIN_VALUE;

    private AttributeStore[] attributes = {};
    private EventLog[] logs = {};

    Block(int base) {
        this.base = base;
    }

    int size() {
        return size;
    }

    int words() {
        return Bits.words(size);
    }

    long[] present() {
        return present;
    }

    /** From {@code at} on a member is counted. */
    void countFrom(int member, long at, long epoch) {
        if (firsts.get(member) == at) {
            return;
        }
        if (firstsEpoch < epoch) {
            firsts = firsts.copy();
            firstsEpoch = epoch;
        }
        firsts.set(member, at);
        latestFirst = Math.max(latestFirst, at);
    }

    /** Who is there and counted at an instant. Not to be changed. */
    long[] presentAt(long at) {
        if (latestFirst <= at) {
            return present;
        }
        long[] counted = present.clone();
        for (int member = 0; member < size; member++) {
            long first = firsts.get(member);
            if (first != NumberColumn.UNSET && first > at) {
                Bits.clear(counted, member);
            }
        }
        return counted;
    }

    @Nullable AttributeStore attribute(int index) {
        return index < attributes.length ? attributes[index] : null;
    }

    @Nullable EventLog log(int index) {
        return index < logs.length ? logs[index] : null;
    }

    /** Adds a member. Returns its place in the block. */
    int add(long epoch) {
        int member = size++;
        ownPresent(epoch);
        if (member >>> 6 >= present.length) {
            present = Arrays.copyOf(present, Math.min(present.length * 2, CAPACITY / 64));
        }
        Bits.set(present, member);
        return member;
    }

    private void ownPresent(long epoch) {
        if (presentEpoch < epoch) {
            present = present.clone();
            presentEpoch = epoch;
        }
    }

    AttributeStore attribute(AttributeSpec[] specs, int index) {
        while (attributes.length <= index) {
            attributes = Arrays.copyOf(attributes, attributes.length + 1);
            attributes[attributes.length - 1] = new AttributeStore(specs[attributes.length - 1]);
        }
        return attributes[index];
    }

    EventLog log(LogSpec[] specs, int index) {
        while (logs.length <= index) {
            logs = Arrays.copyOf(logs, logs.length + 1);
            logs[logs.length - 1] = new EventLog(specs[logs.length - 1]::columns);
        }
        return logs[index];
    }

    /** The member's first instant, {@code at} if it has none yet. */
    long since(int member, long at) {
        long known = since.get(member);
        if (known == NumberColumn.UNSET) {
            // What a view has not seen yet may be set without a copy.
            since.set(member, at);
            latestSince = Math.max(latestSince, at);
            return at;
        }
        return known;
    }

    /** Adds members whose first attribute came after an instant to {@code into}. */
    void addLater(long at, long[] into) {
        if (latestSince <= at) {
            return;
        }
        for (int member = 0; member < size; member++) {
            long first = since.get(member);
            if (first != NumberColumn.UNSET && first > at) {
                Bits.set(into, member);
            }
        }
    }

    void clearAttributes(int member, long epoch) {
        for (AttributeStore attribute : attributes) {
            attribute.clear(member, epoch);
        }
        if (sinceEpoch < epoch) {
            since = since.copy();
            sinceEpoch = epoch;
        }
        since.set(member, NumberColumn.UNSET);
    }

    /** Takes out a member of whom nothing is known any more. */
    void remove(int member, long epoch) {
        ownPresent(epoch);
        Bits.clear(present, member);
    }

    boolean isPresent(int member) {
        return Bits.get(present, member);
    }

    /**
     * What is known of a member, as the exact evaluator takes it.
     *
     * @param ofAttributes indexes of the attributes wanted
     * @param ofLogs indexes of the logs wanted; items follow their orders
     */
    MemberHistory history(
            String id, int member, LogSpec[] specs, int[] ofAttributes, int[] ofLogs) {
        MemberHistory history = new MemberHistory(id);
        for (int index : ofAttributes) {
            AttributeStore store = attribute(index);
            if (store != null) {
                ArrayList<StoredVersion> versions = new ArrayList<>(1);
                store.addVersions(member, since.get(member), versions);
                if (!versions.isEmpty()) {
                    (store.spec.isScore ? history.scores : history.attributes)
                            .put(store.spec.name, versions);
                }
            }
        }
        Positions positions = new Positions();
        for (int index : ofLogs) {
            EventLog log = log(index);
            if (log != null && specs[index].segment == null) {
                addEvents(member, specs[index], log, positions, history.events);
            } else if (log != null) {
                addTransitions(member, specs[index], log, positions, history.transitions);
            }
        }
        if (ofLogs.length > 1) {
            history.events.sort(Comparator.comparingLong(StoredEvent::at));
        }
        return history;
    }

    private static void addEvents(
            int member, LogSpec spec, EventLog log, Positions positions, List<StoredEvent> into) {
        int first = into.size();
        for (int i = 0; i < log.chunkCount(); i++) {
            EventChunk chunk = log.chunk(i);
            positions.clear();
            chunk.positionsOf(member, positions);
            for (int j = 0; j < positions.count(); j++) {
                int row = positions.get(j);
                StoredEvent.Line cells = LogRows.cells(spec, chunk, row);
                if (spec.items) {
                    addLine(spec, chunk.at(row), cells, into, first);
                } else {
                    into.add(
                            new StoredEvent(
                                    "",
                                    "",
                                    spec.type,
                                    chunk.at(row),
                                    cells.names(),
                                    cells.values(),
                                    StoredEvent.lines(0)));
                }
            }
        }
    }

    private static void addTransitions(
            int member, LogSpec spec, EventLog log, Positions positions, Transitions into) {
        String segment = requireNonNull(spec.segment);
        for (int i = 0; i < log.chunkCount(); i++) {
            EventChunk chunk = log.chunk(i);
            positions.clear();
            chunk.positionsOf(member, positions);
            for (int j = 0; j < positions.count(); j++) {
                into.add(segment, spec.entered, chunk.at(positions.get(j)));
            }
        }
    }

    /**
     * Line items go to an order of their instant: which of several is of no account, as a line has
     * all that conditions may ask about it.
     */
    private static void addLine(
            LogSpec spec, long at, StoredEvent.Line line, List<StoredEvent> into, int end) {
        for (int i = 0; i < end; i++) {
            StoredEvent order = into.get(i);
            if (order.at() == at && order.type().equals(spec.type)) {
                StoredEvent.Line[] lines = Arrays.copyOf(order.lines(), order.lines().length + 1);
                lines[lines.length - 1] = line;
                into.set(
                        i,
                        new StoredEvent(
                                "", "", spec.type, at, order.names(), order.values(), lines));
                return;
            }
        }
        throw new AssertionError("a line item without its order");
    }

    Block view(long clock) {
        Block view = new Block(base);
        view.size = size;
        view.present = present;
        view.firsts = firsts.view();
        view.latestFirst = latestFirst;
        view.since = since.view();
        view.latestSince = latestSince;
        view.attributes = new AttributeStore[attributes.length];
        for (int i = 0; i < attributes.length; i++) {
            view.attributes[i] = attributes[i].view(clock);
        }
        view.logs = new EventLog[logs.length];
        for (int i = 0; i < logs.length; i++) {
            view.logs[i] = logs[i].view();
        }
        return view;
    }

    long retainedOfAttributes() {
        long bytes = since.retainedBytes() + firsts.retainedBytes() + 8L * present.length;
        for (AttributeStore attribute : attributes) {
            bytes += attribute.retainedBytes();
        }
        return bytes;
    }

    long retainedOfEvents() {
        long bytes = 0;
        for (EventLog log : logs) {
            bytes += log.retainedBytes();
        }
        return bytes;
    }
}
