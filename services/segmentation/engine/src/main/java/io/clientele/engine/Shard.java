package io.clientele.engine;

import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.column.IdMap;
import io.clientele.engine.internal.column.NumberColumn;
import io.clientele.engine.internal.column.Positions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Members of one program with everything conditions may ask about them, in columns.
 *
 * <p>Not thread-safe: one thread writes, and that thread makes the {@link #snapshot}s that others
 * read. A snapshot costs the writer well under a millisecond a million members, and later one copy
 * of each column or chunk of events that it changes.
 *
 * <p>Members are told by ordinals, given from 0 in order of appearance and never again.
 */
public final class Shard {
    private static final Block[] NO_BLOCKS = {};
    private static final MemberHistory NOBODY = new MemberHistory("");

    private ProgramModel model;
    private final IdMap ids = new IdMap();
    private final Map<String, Integer> attributeIndexes = new HashMap<>();
    private AttributeSpec[] attributes = {};
    private final Map<String, Integer> logIndexes = new HashMap<>();
    private LogSpec[] logs;
    private Block[] blocks = NO_BLOCKS;
    private final Tracker tracker;

    // Goes up with each snapshot: what is older is copied before it is changed.
    private long epoch = 1;

    /** What a change of a membership came of. */
    public enum Cause {
        /** An event that was added or taken back. */
        EVENT,
        /** An instant that came. */
        TIME,
        /** A value of an attribute or a score, or a member that came or went. */
        PROFILE
    }

    /** Is told of changes of memberships, by the writing thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A member entered or left a segment.
         *
         * @param at the first instant of the new state, in milliseconds; changes of time come in
         *     the order of their instants, each once whatever happens at one instant
         */
        void changed(String segment, int member, boolean entered, long at, Cause cause);
    }

    /** Who entered and left a segment because its condition is another. */
    public record Difference(RoaringBitmap entered, RoaringBitmap left) {}

    /** Makes an empty shard of a program whose changes nobody is told of. */
    public Shard(ProgramModel model) {
        this(model, (segment, member, entered, at, cause) -> {});
    }

    /**
     * Makes an empty shard of a program. The model's segments are what conditions refer to; {@link
     * #define} says which are followed.
     */
    public Shard(ProgramModel model, Listener listener) {
        this.model = model;
        this.tracker = new Tracker(this, listener);
        List<LogSpec> specs = new ArrayList<>();
        new TreeMap<>(model.eventTypes())
                .forEach((name, type) -> {
                    logIndexes.put(Snapshot.logKey(name, false), specs.size());
                    specs.add(new LogSpec(name, false, type.properties()));
                    if (!type.items().isEmpty()) {
                        logIndexes.put(Snapshot.logKey(name, true), specs.size());
                        specs.add(new LogSpec(name, true, ProgramModel.lineProperties(type)));
                    }
                });
        this.logs = specs.toArray(LogSpec[]::new);
    }

    /** The instant up to which attributes are in force. */
    public Instant clock() {
        return Instant.ofEpochMilli(tracker.clock());
    }

    /** The ordinal of a member; a new one if it has none. */
    public int member(String id) {
        int known = ids.find(id);
        if (known >= 0) {
            return known;
        }
        int ordinal = ids.add(id);
        int index = ordinal >>> Block.SHIFT;
        if (index == blocks.length) {
            blocks = Arrays.copyOf(blocks, index + 1);
            blocks[index] = new Block(index << Block.SHIFT);
        }
        blocks[index].add(epoch);
        tracker.memberAdded(ordinal);
        return ordinal;
    }

    /**
     * Gives an attribute a value from an instant on. Of several calls for one instant, the last
     * counts.
     *
     * @param value as JSON in plain Java; null, empty text and an empty list take the value away
     * @return false if the model does not declare the attribute, or marks it personal
     * @throws IllegalArgumentException if the value is not of the declared type
     */
    public boolean setAttribute(int member, String name, @Nullable Object value, Instant at) {
        ValueType type = model.storedAttributeType(name);
        if (type == null || model.isPersonal(name)) {
            return false;
        }
        set(
                member,
                name,
                false,
                type,
                Value.of(name, type, value, model.zone()),
                at.toEpochMilli());
        return true;
    }

    /** {@link #setAttribute} of a score. */
    public boolean setScore(int member, String name, @Nullable Object value, Instant at) {
        ValueType type = model.scoreType(name);
        if (type == null) {
            return false;
        }
        set(member, name, true, type, Value.of(name, type, value, model.zone()), at.toEpochMilli());
        return true;
    }

    private void set(
            int member,
            String name,
            boolean isScore,
            ValueType type,
            @Nullable Value value,
            long at) {
        String key = isScore ? AttributeSpec.scoreKey(name) : name;
        Integer known = attributeIndexes.get(key);
        int index;
        if (known == null) {
            index = attributes.length;
            attributes = Arrays.copyOf(attributes, index + 1);
            attributes[index] = new AttributeSpec(name, type, isScore);
            attributeIndexes.put(key, index);
        } else {
            index = known;
        }
        Block block = block(member);
        int place = member - block.base;
        AttributeStore store = block.attribute(attributes, index);
        store.set(place, value, at, block.since(place, at), tracker.clock(), epoch);
        tracker.attributeTouched(member >>> Block.SHIFT, place, store, index);
    }

    /**
     * Says from when on snapshots count a member: at an instant before it satisfies nothing, not
     * even the negation of something. Without, a member is counted always. Segments that are
     * followed do not look at it.
     */
    public void countFrom(int member, Instant first) {
        Block block = block(member);
        block.countFrom(member - block.base, first.toEpochMilli(), epoch);
    }

    private Block block(int member) {
        Block block = blocks[member >>> Block.SHIFT];
        if (!block.isPresent(member - block.base)) {
            throw new IllegalArgumentException("member " + member + " was removed");
        }
        return block;
    }

    /**
     * Adds an event. That it comes once is the caller's affair.
     *
     * @param properties as JSON in plain Java; those that are not segmentable are not kept
     * @return false if the model does not declare the type
     * @throws IllegalArgumentException if a segmentable property is not of its declared type;
     *     nothing is added
     */
    public boolean addEvent(
            int member,
            String type,
            Instant at,
            Map<String, ? extends @Nullable Object> properties) {
        if (model.eventType(type) == null) {
            return false;
        }
        add(member, MemberHistory.stored(model, "", "", type, at.toEpochMilli(), properties));
        return true;
    }

    private void add(int member, StoredEvent event) {
        Integer log = logIndexes.get(Snapshot.logKey(event.type(), false));
        if (log == null) {
            return;
        }
        Block block = block(member);
        int place = member - block.base;
        addRow(block, place, log, event, -1);
        Integer items = logIndexes.get(Snapshot.logKey(event.type(), true));
        if (items != null) {
            for (int line = 0; line < event.lines().length; line++) {
                addRow(block, place, items, event, line);
            }
        }
        tracker.eventTouched(block.base >>> Block.SHIFT, place, event.type());
    }

    private void addRow(Block block, int place, int log, StoredEvent event, int line) {
        EventLog rows = block.log(logs, log);
        int index = block.base >>> Block.SHIFT;
        tracker.flow().beforeInsert(index, log, rows, event.at());
        LogRows.add(
                rows, logs[log], place, event.at(), LogRows.cells(logs[log], event, line), epoch);
        tracker.flow().inserted(index, place, log, rows, event.at());
    }

    /** Adds a recorded change of a segment. */
    void record(int member, String segment, boolean entered, long at) {
        Block block = block(member);
        int log = transitionLog(segment, entered);
        block.log(logs, log).insert(member - block.base, at, epoch);
    }

    private int transitionLog(String segment, boolean entered) {
        String key = Snapshot.transitionKey(segment, entered);
        Integer known = logIndexes.get(key);
        if (known != null) {
            return known;
        }
        int index = logs.length;
        logs = Arrays.copyOf(logs, index + 1);
        logs[index] = new LogSpec(segment, entered);
        logIndexes.put(key, index);
        return index;
    }

    /**
     * Takes an event back, told by what it says: of two events that say the same, taking back
     * either is the same.
     *
     * @return whether there was such an event
     * @throws IllegalArgumentException as {@link #addEvent}
     */
    public boolean removeEvent(
            int member,
            String type,
            Instant at,
            Map<String, ? extends @Nullable Object> properties) {
        Integer log = logIndexes.get(Snapshot.logKey(type, false));
        if (log == null) {
            return false;
        }
        StoredEvent event =
                MemberHistory.stored(model, "", "", type, at.toEpochMilli(), properties);
        if (!removeRow(member, log, event, -1)) {
            return false;
        }
        Integer items = logIndexes.get(Snapshot.logKey(type, true));
        if (items != null) {
            for (int line = 0; line < event.lines().length; line++) {
                removeRow(member, items, event, line);
            }
        }
        tracker.eventTouched(member >>> Block.SHIFT, member & Block.CAPACITY - 1, type);
        return true;
    }

    private boolean removeRow(int member, int log, StoredEvent event, int line) {
        Block block = block(member);
        EventLog rows = block.log(logs, log);
        int[] place =
                LogRows.find(
                        rows,
                        logs[log],
                        member - block.base,
                        event.at(),
                        LogRows.cells(logs[log], event, line));
        if (place == null) {
            return false;
        }
        tracker.flow()
                .beforeRemove(
                        member >>> Block.SHIFT, member - block.base, log, rows, place[0], place[1]);
        rows.remove(place[0], place[1], epoch);
        return true;
    }

    /**
     * Replaces all that is known of a member, as when members merge or are parted again.
     *
     * @return the member's ordinal
     */
    public int put(MemberHistory history) {
        int member = member(history.member());
        tracker.hold();
        try {
            clear(member);
            putValues(member, false, history.attributes);
            putValues(member, true, history.scores);
            history.events.forEach(event -> add(member, event));
            for (boolean entered : new boolean[] {true, false}) {
                history.transitions
                        .all(entered)
                        .forEach((segment, instants) -> {
                            for (long at : instants) {
                                record(member, segment, entered, at);
                            }
                        });
            }
            tracker.judgeAll(member);
        } finally {
            tracker.release();
        }
        return member;
    }

    /**
     * Replaces the attributes and scores of a member by those of a history; its events stay.
     *
     * @return the member's ordinal
     */
    public int putAttributes(MemberHistory history) {
        int member = member(history.member());
        tracker.hold();
        try {
            Block block = block(member);
            block.clearAttributes(member - block.base, epoch);
            putValues(member, false, history.attributes);
            putValues(member, true, history.scores);
            tracker.judgeAll(member);
        } finally {
            tracker.release();
        }
        return member;
    }

    private void putValues(
            int member, boolean isScore, Map<String, ? extends List<StoredVersion>> values) {
        // In order of time over all, so that the first values of a member need no versions.
        List<Map.Entry<String, StoredVersion>> inOrder = new ArrayList<>();
        values.forEach((name, versions) ->
                versions.forEach(version -> inOrder.add(Map.entry(name, version))));
        inOrder.sort(Comparator.comparingLong(each -> each.getValue().at()));
        for (Map.Entry<String, StoredVersion> each : inOrder) {
            String name = each.getKey();
            ValueType type = isScore ? model.scoreType(name) : model.storedAttributeType(name);
            if (type != null && (isScore || !model.isPersonal(name))) {
                StoredVersion version = each.getValue();
                set(member, name, isScore, type, version.value(), version.at());
            }
        }
    }

    /** Takes out all that is known of a member. */
    private void clear(int member) {
        Block block = block(member);
        int place = member - block.base;
        int index = member >>> Block.SHIFT;
        for (int log = 0; log < logs.length; log++) {
            EventLog rows = block.log(log);
            if (rows == null) {
                continue;
            }
            Positions positions = new Positions();
            for (int chunk = rows.chunkCount() - 1; chunk >= 0; chunk--) {
                positions.clear();
                rows.chunk(chunk).positionsOf(place, positions);
                for (int i = positions.count() - 1; i >= 0; i--) {
                    tracker.flow().beforeRemove(index, place, log, rows, chunk, positions.get(i));
                    rows.remove(chunk, positions.get(i), epoch);
                }
            }
        }
        block.clearAttributes(place, epoch);
    }

    /** All that is known of a member; events have neither source nor id. */
    public @Nullable MemberHistory export(String id) {
        int member = ids.find(id);
        if (member < 0) {
            return null;
        }
        Block block = block(member);
        int[] everyAttribute = new int[attributes.length];
        Arrays.setAll(everyAttribute, i -> i);
        int[] everyLog = new int[logs.length];
        Arrays.setAll(everyLog, i -> i);
        return block.history(id, member - block.base, logs, everyAttribute, everyLog);
    }

    /** Forgets a member. Returns whether it was there. */
    public boolean remove(String id) {
        int member = ids.find(id);
        if (member < 0) {
            return false;
        }
        tracker.hold();
        try {
            tracker.memberLeaves(member);
            clear(member);
            Block block = block(member);
            block.remove(member - block.base, epoch);
            tracker.memberRemoved(member);
        } finally {
            tracker.release();
        }
        ids.remove(id);
        return true;
    }

    /**
     * Brings the shard to an instant: events enter and leave windows, values come in force, and
     * changes are told in order of their instants.
     *
     * @return false if {@code budget} did not do: what is told so far is all up to an instant on
     *     the way; call again before anything else is added, or go on adding and call later
     * @param budget how many events and members to look at, at most; {@link Integer#MAX_VALUE}: all
     * @throws IllegalArgumentException if the instant is before the clock
     */
    public boolean advanceTo(Instant instant, int budget) {
        if (instant.toEpochMilli() < tracker.clock()) {
            throw new IllegalArgumentException(
                    "the clock is at " + clock() + " and does not go back to " + instant);
        }
        return tracker.advanceTo(instant.toEpochMilli(), budget);
    }

    /** {@link #advanceTo(Instant, int)} without end. */
    public void advanceTo(Instant instant) {
        advanceTo(instant, Integer.MAX_VALUE);
    }

    /**
     * Follows a segment from now on, over all of the history, or another condition of it. Segments
     * that refer to it must be defined again.
     *
     * <p>Cost: one pass over the events for each measure and some nanoseconds a member for each
     * leaf that no other segment has; leaves that are neither counts, sums or averages in rolling
     * windows nor plain comparisons of attributes cost some microseconds a member.
     *
     * @return who entered and who left; the listener is not told
     */
    public Difference define(String key, Condition condition) {
        tracker.requireDrained();
        Map<String, Condition> others = new HashMap<>(model.segments());
        others.put(key, condition);
        model = model.withSegments(others);
        return tracker.define(key, condition);
    }

    /** Follows a segment no longer. Returns who was in it, as those who left. */
    public Difference drop(String key) {
        return tracker.drop(key);
    }

    /** How many members are in a segment that is followed; -1 if it is not. */
    public int size(String key) {
        return tracker.size(key);
    }

    // For the tracker

    ProgramModel model() {
        return model;
    }

    long epoch() {
        return epoch;
    }

    Block blockAt(int index) {
        return blocks[index];
    }

    Frame frame(long at) {
        return new Frame(NOBODY, model, at);
    }

    EventLog log(int index, int log) {
        return blocks[index].log(logs, log);
    }

    int logIndex(String type, boolean items) {
        return logIndexes.getOrDefault(Snapshot.logKey(type, items), -1);
    }

    LogSpec[] logSpecs() {
        return logs;
    }

    AttributeStore attribute(int index, int attribute) {
        return blocks[index].attribute(attributes, attribute);
    }

    @Nullable AttributeStore attribute(int index, String key) {
        Integer known = attributeIndexes.get(key);
        return known == null ? null : blocks[index].attribute(attributes, known);
    }

    /** Changes when an attribute or a log comes to those there are. */
    int indexCount() {
        return attributes.length + logs.length;
    }

    int[] attributesOf(Dependencies needs) {
        return Snapshot.attributesOf(needs, attributeIndexes);
    }

    int[] logsOf(Dependencies needs) {
        return Snapshot.logsOf(needs, logIndexes);
    }

    MemberHistory history(int index, int place, int[] ofAttributes, int[] ofLogs) {
        Block block = blocks[index];
        return block.history(ids.text(block.base + place), place, logs, ofAttributes, ofLogs);
    }

    /** A way to add events of one type without making maps. */
    public Appender appender(String type) {
        Integer log = logIndexes.get(Snapshot.logKey(type, false));
        if (log == null) {
            throw new IllegalArgumentException("unknown event type \"" + type + "\"");
        }
        return new Appender(log);
    }

    /**
     * Adds events of one type: {@link #event}, then the properties of it that are set. For the
     * shard's writer. Cost: some tens of nanoseconds an event in order of time.
     */
    public final class Appender {
        private final int log;
        private final LogSpec spec;
        private final long[] cells;
        private int member = -1;
        private long at;

        private Appender(int log) {
            this.log = log;
            this.spec = logs[log];
            this.cells = new long[spec.names.length];
        }

        /** The number of a property for the other methods; -1 if it is not kept. */
        public int property(String name) {
            return spec.property(name);
        }

        /** Begins an event, without properties yet. */
        public void event(int ofMember, long atMillis) {
            member = ofMember;
            at = atMillis;
            for (int property = 0; property < cells.length; property++) {
                cells[property] = spec.isNumeric(property) ? NumberColumn.UNSET : 0;
            }
        }

        /** Gives the event a text; empty text is unset. */
        public void text(int property, String value) {
            cells[property] = value.isEmpty() ? 0 : spec.code(property, value);
        }

        /** Gives the event a number, in millionths. */
        public void number(int property, long scaled) {
            cells[property] = scaled;
        }

        /** Adds the event. */
        public void add() {
            Block block = block(member);
            EventLog rows = block.log(logs, log);
            int index = member >>> Block.SHIFT;
            int place = member - block.base;
            tracker.flow().beforeInsert(index, log, rows, at);
            rows.insert(place, at, epoch);
            for (int property = 0; property < cells.length; property++) {
                if (spec.isNumeric(property)) {
                    if (cells[property] != NumberColumn.UNSET) {
                        rows.set(property, cells[property]);
                    }
                } else if (cells[property] != 0) {
                    rows.set(property, (int) cells[property]);
                }
            }
            tracker.flow().inserted(index, place, log, rows, at);
            tracker.eventTouched(index, place, spec.type);
        }
    }

    /** What is known now, for others to read. */
    public Snapshot snapshot() {
        Block[] views = new Block[blocks.length];
        for (int i = 0; i < views.length; i++) {
            views[i] = blocks[i].view(tracker.clock());
        }
        epoch++;
        return new Snapshot(
                model,
                tracker.clock(),
                ids.view(),
                attributes,
                Map.copyOf(attributeIndexes),
                logs,
                Map.copyOf(logIndexes),
                views);
    }

    /** Memory held, in bytes, by structure. */
    public Map<String, Long> retainedBytes() {
        Map<String, Long> bytes = new LinkedHashMap<>();
        long ofAttributes = 0;
        long ofEvents = 0;
        for (Block block : blocks) {
            ofAttributes += block.retainedOfAttributes();
            ofEvents += block.retainedOfEvents();
        }
        long ofDictionaries = 0;
        for (AttributeSpec spec : attributes) {
            ofDictionaries += spec.values.retainedBytes() + spec.sets.retainedBytes();
        }
        for (LogSpec spec : logs) {
            ofDictionaries += spec.retainedBytes();
        }
        bytes.put("ids", ids.retainedBytes());
        bytes.put("attributes", ofAttributes);
        bytes.put("dictionaries", ofDictionaries);
        bytes.put("events", ofEvents);
        bytes.put("segments", tracker.retainedBytes());
        return bytes;
    }
}
