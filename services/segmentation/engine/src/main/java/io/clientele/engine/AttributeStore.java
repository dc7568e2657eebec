package io.clientele.engine;

import static java.util.Objects.requireNonNull;

import io.clientele.engine.AttributeSpec.Kind;
import io.clientele.engine.internal.bitmap.Bits;
import io.clientele.engine.internal.bitmap.ValueIndex;
import io.clientele.engine.internal.column.CodeColumn;
import io.clientele.engine.internal.column.Column;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.column.NumberColumn;
import io.clientele.engine.internal.column.Positions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one attribute for a block's members: those in force at the shard's clock as
 * columns, with an index of who has each value, and versions only where there is more to say.
 *
 * <p>Invariant <i>implicit</i>: of a member that is not {@link #logged}, all there is to know is
 * the current value (or none), and it came at the member's first instant, which the block keeps.
 *
 * <p>One writer. A {@link #view} never changes: after the writer's epoch has gone up, columns are
 * copied once before a cell changes.
 */
final class AttributeStore {
    private static final long[] NOBODY = {};
    private static final long UNSETTLED = Long.MAX_VALUE;

    final AttributeSpec spec;
    private CodeColumn codes = new CodeColumn();
    private NumberColumn first = new NumberColumn();
    private NumberColumn second = new NumberColumn();

    /** Sets one behind the other, each its size and its elements' codes; {@code codes} has ends. */
    private CodeColumn elements = new CodeColumn();

    private int elementsUsed;
    private int elementsLive;

    /** Degrees as bits of doubles, not in ten millionths: some place had more digits. */
    private boolean placesAsBits;

    private ValueIndex index = new ValueIndex();
    private @Nullable EventLog versions;
    private EventLog.@Nullable Cursor applied;
    private long[] logged = NOBODY;
    private long latest = Long.MIN_VALUE;
    private long epoch;

    AttributeStore(AttributeSpec spec) {
        this.spec = spec;
    }

    CodeColumn codes() {
        return codes;
    }

    NumberColumn numbers() {
        return first;
    }

    NumberColumn longitudes() {
        return second;
    }

    boolean hasPlacesAsBits() {
        return placesAsBits;
    }

    ValueIndex index() {
        return index;
    }

    /** No version is later. */
    long latest() {
        return latest;
    }

    /** Whether columns tell what is in force at the clock: not in the middle of an instant. */
    boolean isSettled() {
        return latest != UNSETTLED;
    }

    /** Adds members that have a version after an instant to {@code into}. */
    void addLater(long at, long[] into) {
        EventLog log = versions;
        if (log == null) {
            return;
        }
        for (int i = log.chunkCount() - 1; i >= 0; i--) {
            EventChunk chunk = log.chunk(i);
            int first = chunk.firstAfter(at);
            for (int row = first; row < chunk.size(); row++) {
                Bits.set(into, chunk.members()[row]);
            }
            if (first > 0) {
                return;
            }
        }
    }

    /** The value in force at the shard's clock, or null. */
    @Nullable Value current(int member) {
        return switch (spec.kind) {
            case CODES -> {
                int code = codes.get(member);
                yield code == 0 ? null : spec.values.value(code);
            }
            case NUMBERS -> {
                long number = first.get(member);
                yield number == NumberColumn.UNSET ? null : AttributeSpec.value(spec.type, number);
            }
            case PLACE -> {
                long latitude = first.get(member);
                yield latitude == NumberColumn.UNSET
                        ? null
                        : place(latitude, second.get(member), placesAsBits);
            }
            case SET -> {
                int end = codes.get(member);
                if (end == 0) {
                    yield null;
                }
                int size = elements.get(end - 1);
                List<Value.Text> texts = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    texts.add((Value.Text) spec.values.value(elements.get(end + i)));
                }
                yield new Value.Texts(List.copyOf(texts));
            }
        };
    }

    static Value.Place place(long latitude, long longitude, boolean asBits) {
        return asBits
                ? new Value.Place(
                        Double.longBitsToDouble(latitude), Double.longBitsToDouble(longitude))
                : new Value.Place(latitude / 1e7, longitude / 1e7);
    }

    boolean isLogged(int member) {
        return member >>> 6 < logged.length && Bits.get(logged, member);
    }

    /**
     * Adds a version: of those of one instant, the last added counts.
     *
     * @param since the member's first instant
     * @param clock up to where versions are in force
     */
    void set(int member, @Nullable Value value, long at, long since, long clock, long ofEpoch) {
        latest = Math.max(latest, at);
        boolean known = isLogged(member);
        // That a value was taken away hides those from before, which may come later.
        if (!known && value != null && at == since && at <= clock) {
            put(member, value, ofEpoch);
            return;
        }
        EventLog log = versions(clock);
        EventLog.Cursor cursor = requireNonNull(applied);
        log.passed(cursor, Math.min(clock, log.next(cursor) - 1));
        if (!known) {
            Value old = current(member);
            if (old != null) {
                append(log, member, since, old, ofEpoch);
            }
            log(member, ofEpoch);
        }
        append(log, member, at, value, ofEpoch);
        if (at <= clock) {
            put(member, inForce(member, clock), ofEpoch);
        }
    }

    /** Forgets all that is known of a member. */
    void clear(int member, long ofEpoch) {
        put(member, null, ofEpoch);
        EventLog log = versions;
        if (log == null || !isLogged(member)) {
            return;
        }
        for (int i = log.chunkCount() - 1; i >= 0; i--) {
            Positions positions = new Positions();
            log.chunk(i).positionsOf(member, positions);
            for (int j = positions.count() - 1; j >= 0; j--) {
                log.remove(i, positions.get(j), ofEpoch);
            }
        }
        own(ofEpoch);
        Bits.clear(logged, member);
    }

    /** The instant of the next version that is not yet in force, or {@link Long#MAX_VALUE}. */
    long nextPending() {
        EventLog log = versions;
        return log == null ? Long.MAX_VALUE : log.next(requireNonNull(applied));
    }

    /** Puts the next pending version in force. Returns the member. */
    int applyNext(long ofEpoch) {
        EventLog log = requireNonNull(versions);
        EventLog.Cursor cursor = requireNonNull(applied);
        long at = log.next(cursor);
        int member = log.chunkAt(cursor).members()[log.indexAt(cursor)];
        log.advance(cursor);
        put(member, inForce(member, at), ofEpoch);
        return member;
    }

    private EventLog versions(long clock) {
        EventLog log = versions;
        if (log == null) {
            log = new EventLog(this::versionColumns);
            versions = log;
            applied = log.cursor();
            log.moveTo(applied, clock);
        }
        return log;
    }

    private Column[] versionColumns() {
        return switch (spec.kind) {
            case CODES, SET -> new Column[] {new CodeColumn()};
            case NUMBERS -> new Column[] {new NumberColumn()};
            case PLACE -> new Column[] {new NumberColumn(), new NumberColumn()};
        };
    }

    private void append(EventLog log, int member, long at, @Nullable Value value, long ofEpoch) {
        log.insert(member, at, ofEpoch);
        if (value == null) {
            return;
        }
        switch (spec.kind) {
            case CODES -> log.set(0, spec.values.code(value));
            case SET -> log.set(0, spec.sets.code(value));
            case NUMBERS -> log.set(0, AttributeSpec.number(value));
            case PLACE -> {
                Value.Place place = (Value.Place) value;
                log.set(0, bits(place.latitude()));
                log.set(1, bits(place.longitude()));
            }
        }
    }

    private static long bits(double degrees) {
        // Minus zero looks like an unset cell.
        return Double.doubleToLongBits(degrees + 0.0);
    }

    private void log(int member, long ofEpoch) {
        own(ofEpoch);
        if (member >>> 6 >= logged.length) {
            logged = Arrays.copyOf(logged, Math.max((member >>> 6) + 1, logged.length * 3 / 2));
        }
        Bits.set(logged, member);
    }

    private @Nullable Value inForce(int member, long at) {
        List<StoredVersion> all = new ArrayList<>();
        addVersions(member, 0, all);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).at() <= at) {
                return all.get(i).value();
            }
        }
        return null;
    }

    /** Adds all versions of a member in order of time; {@code since} is its first instant. */
    void addVersions(int member, long since, List<StoredVersion> into) {
        EventLog log = versions;
        if (log == null || !isLogged(member)) {
            Value only = current(member);
            if (only != null) {
                into.add(new StoredVersion(since, "", "", only));
            }
            return;
        }
        Positions positions = new Positions();
        for (int i = 0; i < log.chunkCount(); i++) {
            EventChunk chunk = log.chunk(i);
            positions.clear();
            chunk.positionsOf(member, positions);
            for (int j = 0; j < positions.count(); j++) {
                int row = positions.get(j);
                into.add(new StoredVersion(chunk.at(row), "", "", version(chunk, row)));
            }
        }
    }

    private @Nullable Value version(EventChunk chunk, int row) {
        return switch (spec.kind) {
            case CODES, SET -> {
                int code = ((CodeColumn) chunk.column(0)).get(row);
                yield code == 0
                        ? null
                        : (spec.kind == Kind.SET ? spec.sets : spec.values).value(code);
            }
            case NUMBERS -> {
                long number = ((NumberColumn) chunk.column(0)).get(row);
                yield number == NumberColumn.UNSET ? null : AttributeSpec.value(spec.type, number);
            }
            case PLACE -> {
                long latitude = ((NumberColumn) chunk.column(0)).get(row);
                yield latitude == NumberColumn.UNSET
                        ? null
                        : place(latitude, ((NumberColumn) chunk.column(1)).get(row), true);
            }
        };
    }

    private void own(long ofEpoch) {
        if (epoch < ofEpoch) {
            codes = codes.copy();
            first = first.copy();
            second = second.copy();
            logged = logged.clone();
            epoch = ofEpoch;
        }
    }

    private void put(int member, @Nullable Value value, long ofEpoch) {
        switch (spec.kind) {
            case CODES -> putCode(member, value == null ? 0 : spec.values.code(value), ofEpoch);
            case NUMBERS -> {
                own(ofEpoch);
                if (spec.type == ValueType.DATE) {
                    reindex(member, dayOfYear(current(member)), dayOfYear(value), ofEpoch);
                }
                first.set(member, value == null ? NumberColumn.UNSET : AttributeSpec.number(value));
            }
            case PLACE -> {
                own(ofEpoch);
                reindex(member, band(current(member)), band(value), ofEpoch);
                putPlace(member, (Value.Place) value);
            }
            case SET -> {
                own(ofEpoch);
                putSet(member, (Value.Texts) value, ofEpoch);
            }
        }
    }

    private void reindex(int member, int old, int code, long ofEpoch) {
        if (old != code) {
            if (old != 0) {
                index.remove(old, member, ofEpoch);
            }
            if (code != 0) {
                index.add(code, member, ofEpoch);
            }
        }
    }

    private static int dayOfYear(@Nullable Value value) {
        return value instanceof Value.Day day ? dayOfYear(day.date()) : 0;
    }

    /** What days are indexed by: month and day, for anniversaries. */
    static int dayOfYear(LocalDate date) {
        return date.getMonthValue() * 32 + date.getDayOfMonth();
    }

    private static int band(@Nullable Value value) {
        return value instanceof Value.Place place ? band(place.latitude()) : 0;
    }

    /** What places are indexed by: bands of a quarter of a degree of latitude. */
    static int band(double latitude) {
        return 1 + (int) Math.floor((Math.clamp(latitude, -90, 90) + 90) * 4);
    }

    private void putCode(int member, int code, long ofEpoch) {
        int old = codes.get(member);
        if (old == code) {
            return;
        }
        own(ofEpoch);
        if (old != 0) {
            index.remove(old, member, ofEpoch);
        }
        if (code != 0) {
            index.add(code, member, ofEpoch);
        }
        codes.set(member, code);
    }

    private void putPlace(int member, Value.@Nullable Place place) {
        if (place == null) {
            first.set(member, NumberColumn.UNSET);
            second.set(member, NumberColumn.UNSET);
            return;
        }
        long latitude = Math.round(place.latitude() * 1e7);
        long longitude = Math.round(place.longitude() * 1e7);
        if (!placesAsBits
                && (latitude / 1e7 != place.latitude() || longitude / 1e7 != place.longitude())) {
            first = asBits(first);
            second = asBits(second);
            placesAsBits = true;
        }
        first.set(member, placesAsBits ? bits(place.latitude()) : latitude);
        second.set(member, placesAsBits ? bits(place.longitude()) : longitude);
    }

    private static NumberColumn asBits(NumberColumn degrees) {
        NumberColumn converted = new NumberColumn();
        for (int i = 0; i < degrees.capacity(); i++) {
            long cell = degrees.get(i);
            converted.set(i, cell == NumberColumn.UNSET ? cell : bits(cell / 1e7));
        }
        return converted;
    }

    private void putSet(int member, Value.@Nullable Texts set, long ofEpoch) {
        int end = codes.get(member);
        if (end != 0) {
            int size = elements.get(end - 1);
            for (int i = 0; i < size; i++) {
                index.remove(elements.get(end + i), member, ofEpoch);
            }
            elementsLive -= size + 1;
            codes.set(member, 0);
        }
        if (set == null) {
            return;
        }
        int[] wanted =
                set.elements().stream().mapToInt(spec.values::code).sorted().distinct().toArray();
        if (elementsUsed + wanted.length + 1 > 2 * elementsLive + 1024) {
            compact();
        }
        elements.set(elementsUsed++, wanted.length);
        codes.set(member, elementsUsed);
        for (int code : wanted) {
            elements.set(elementsUsed++, code);
            index.add(code, member, ofEpoch);
        }
        elementsLive += wanted.length + 1;
    }

    /** Leaves behind what sets of the past took. */
    private void compact() {
        CodeColumn packed = new CodeColumn();
        int used = 0;
        CodeColumn ends = new CodeColumn();
        for (int member = 0; member < EventChunk.CAPACITY + 1; member++) {
            int end = codes.get(member);
            if (end == 0) {
                continue;
            }
            int size = elements.get(end - 1);
            packed.set(used++, size);
            ends.set(member, used);
            for (int i = 0; i < size; i++) {
                packed.set(used++, elements.get(end + i));
            }
        }
        elements = packed;
        codes = ends;
        elementsUsed = used;
        elementsLive = used;
    }

    /** The same values; never changes. Made by the writer, read by anybody. */
    AttributeStore view(long clock) {
        AttributeStore view = new AttributeStore(spec);
        view.codes = codes.view();
        view.first = first.view();
        view.second = second.view();
        view.elements = elements.view();
        view.placesAsBits = placesAsBits;
        view.index = index.view();
        view.versions = versions == null ? null : versions.view();
        view.logged = logged;
        // In the middle of an instant, columns do not tell yet what is in force.
        view.latest = nextPending() <= clock ? UNSETTLED : latest;
        return view;
    }

    /** Memory held, in bytes. */
    long retainedBytes() {
        return codes.retainedBytes()
                + first.retainedBytes()
                + second.retainedBytes()
                + elements.retainedBytes()
                + index.retainedBytes()
                + 8L * logged.length
                + (versions == null ? 0 : versions.retainedBytes());
    }
}
