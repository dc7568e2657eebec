package io.clientele.engine.internal.column;

import java.util.Arrays;

/**
 * The events of one type of a block's members, in order of time, in chunks.
 *
 * <p>Reading while writing: {@link #view} gives a log that never changes. After the writer's epoch
 * has gone up, a chunk is copied once before anything but appending happens to it, so that views of
 * earlier epochs keep what they saw. Not thread-safe: one writer, which also makes the views.
 *
 * <p>Cursors: positions that the writer moves over the events, kept right by {@link #insert} and
 * {@link #remove}.
 */
public final class EventLog {
    /** Makes the columns of a new chunk. */
    @FunctionalInterface
    public interface Layout {
        /** New, empty columns: one for each property. */
        Column[] columns();
    }

    /** A place between two events: before {@code index} of {@code chunk}. */
    public static final class Cursor {
        private int chunk;
        private int index;
        private long passed = Long.MIN_VALUE;

        private Cursor() {}
    }

    private static final EventChunk[] NO_CHUNKS = {};
    private static final Cursor[] NO_CURSORS = {};

    private final Layout layout;
    private EventChunk[] chunks = NO_CHUNKS;
    private int count;
    private Cursor[] cursors = NO_CURSORS;

    // Where the last event that was added is.
    private int lastChunk;
    private int lastIndex;

    /** Makes an empty log. */
    public EventLog(Layout layout) {
        this.layout = layout;
    }

    /** How many chunks. */
    public int chunkCount() {
        return count;
    }

    /** A chunk. */
    public EventChunk chunk(int index) {
        return chunks[index];
    }

    /** How many events. */
    public long size() {
        long size = 0;
        for (int i = 0; i < count; i++) {
            size += chunks[i].size();
        }
        return size;
    }

    /** The instant of the latest event, or {@link Long#MIN_VALUE}. */
    public long latest() {
        return count == 0 ? Long.MIN_VALUE : chunks[count - 1].at(chunks[count - 1].size() - 1);
    }

    /** Adds an event behind those of the same instant, its properties unset; {@link #set} them. */
    public void insert(int member, long at, long epoch) {
        if (count == 0) {
            addChunk(epoch);
        }
        int last = count - 1;
        if (chunks[last].size() == 0 || at >= chunks[last].at(chunks[last].size() - 1)) {
            if (chunks[last].size() == EventChunk.CAPACITY) {
                if (!chunks[last].isSealed()) {
                    chunks[last].seal();
                }
                addChunk(epoch);
                last++;
            }
            chunks[last].append(member, at);
            lastChunk = last;
            lastIndex = chunks[last].size() - 1;
        } else {
            insertBetween(member, at, epoch);
        }
        for (Cursor cursor : cursors) {
            settle(cursor);
            if (at <= cursor.passed) {
                // Of an instant that is passed by half, a new event comes behind the cursor's next.
                if (cursor.chunk == lastChunk && lastIndex <= cursor.index) {
                    cursor.index++;
                }
            } else if (cursor.chunk > lastChunk
                    || (cursor.chunk == lastChunk && cursor.index > lastIndex)) {
                // It stood at the boundary of two chunks, and the event came before that.
                cursor.chunk = lastChunk;
                cursor.index = lastIndex;
            }
        }
    }

    private void insertBetween(int member, long at, long epoch) {
        int index = count - 1;
        // The last chunk that begins at or before it, or the first of all.
        while (index > 0 && chunks[index].at(0) > at) {
            index--;
        }
        if (chunks[index].size() == EventChunk.CAPACITY) {
            split(index, epoch);
            if (chunks[index + 1].at(0) <= at) {
                index++;
            }
        }
        lastChunk = index;
        lastIndex = own(index, epoch).insert(member, at);
    }

    /** The chunk of the event that {@link #insert} added last. */
    public EventChunk lastChunk() {
        return chunks[lastChunk];
    }

    /** The position in its chunk of the event that {@link #insert} added last. */
    public int lastRow() {
        return lastIndex;
    }

    /** Sets a property of the event that {@link #insert} added last. */
    public void set(int property, int code) {
        ((CodeColumn) chunks[lastChunk].column(property)).set(lastIndex, code);
    }

    /** Sets a property of the event that {@link #insert} added last. */
    public void set(int property, long number) {
        ((NumberColumn) chunks[lastChunk].column(property)).set(lastIndex, number);
    }

    /** Takes an event out. */
    public void remove(int chunk, int index, long epoch) {
        own(chunk, epoch).remove(index);
        for (Cursor cursor : cursors) {
            if (cursor.chunk == chunk && cursor.index > index) {
                cursor.index--;
            }
        }
        if (chunks[chunk].size() == 0) {
            System.arraycopy(chunks, chunk + 1, chunks, chunk, count - chunk - 1);
            count--;
            chunks = Arrays.copyOf(chunks, count);
            for (Cursor cursor : cursors) {
                if (cursor.chunk > chunk) {
                    cursor.chunk--;
                }
            }
            if (chunk == count && count > 0) {
                // It is appended to from now on, and views share chunks that were not the last.
                own(count - 1, epoch);
            }
        }
    }

    private EventChunk own(int index, long epoch) {
        EventChunk chunk = chunks[index];
        if (chunk.epoch < epoch) {
            chunk = chunk.slice(0, chunk.size(), epoch);
            chunks[index] = chunk;
        }
        return chunk;
    }

    private void split(int index, long epoch) {
        EventChunk whole = chunks[index];
        int half = whole.size() / 2;
        chunks = Arrays.copyOf(chunks, count + 1);
        System.arraycopy(chunks, index + 1, chunks, index + 2, count - index - 1);
        chunks[index] = whole.slice(0, half, epoch);
        chunks[index + 1] = whole.slice(half, whole.size(), epoch);
        count++;
        for (Cursor cursor : cursors) {
            if (cursor.chunk > index) {
                cursor.chunk++;
            } else if (cursor.chunk == index && cursor.index > half) {
                cursor.chunk++;
                cursor.index -= half;
            }
        }
    }

    private void addChunk(long epoch) {
        chunks = Arrays.copyOf(chunks, count + 1);
        chunks[count++] = new EventChunk(layout.columns(), epoch);
    }

    /** A new cursor, before all events. */
    public Cursor cursor() {
        Cursor cursor = new Cursor();
        cursors = Arrays.copyOf(cursors, cursors.length + 1);
        cursors[cursors.length - 1] = cursor;
        return cursor;
    }

    /** Forgets a cursor. */
    public void drop(Cursor cursor) {
        cursors = Arrays.stream(cursors).filter(it -> it != cursor).toArray(Cursor[]::new);
    }

    /** The instant of the event after the cursor, or {@link Long#MAX_VALUE}. */
    public long next(Cursor cursor) {
        settle(cursor);
        return cursor.chunk < count && cursor.index < chunks[cursor.chunk].size()
                ? chunks[cursor.chunk].at(cursor.index)
                : Long.MAX_VALUE;
    }

    /** Whether the cursor has passed an event. */
    public boolean isPassed(Cursor cursor, int chunk, int index) {
        settle(cursor);
        return chunk < cursor.chunk || (chunk == cursor.chunk && index < cursor.index);
    }

    /** The chunk of the event after the cursor; there is one. */
    public EventChunk chunkAt(Cursor cursor) {
        settle(cursor);
        return chunks[cursor.chunk];
    }

    /** Whether so many events follow the cursor in the chunk of the next. */
    public boolean hasNext(Cursor cursor, int events) {
        settle(cursor);
        return cursor.chunk < count && cursor.index + events <= chunks[cursor.chunk].size();
    }

    /** The position in its chunk of the event after the cursor. */
    public int indexAt(Cursor cursor) {
        return cursor.index;
    }

    /** Moves the cursor over one event. */
    public void advance(Cursor cursor) {
        settle(cursor);
        cursor.passed = Math.max(cursor.passed, chunks[cursor.chunk].at(cursor.index));
        cursor.index++;
    }

    /**
     * Says that the cursor has passed everything up to {@code instant}: events added later at or
     * before it count as passed.
     */
    public void passed(Cursor cursor, long instant) {
        assert next(cursor) > instant : "events up to there are yet to be passed";
        cursor.passed = Math.max(cursor.passed, instant);
    }

    /** Moves the cursor behind the last event at or before {@code instant}, without looking. */
    public void moveTo(Cursor cursor, long instant) {
        cursor.chunk = 0;
        while (cursor.chunk < count - 1 && chunks[cursor.chunk + 1].at(0) <= instant) {
            cursor.chunk++;
        }
        cursor.index = count == 0 ? 0 : chunks[cursor.chunk].firstAfter(instant);
        cursor.passed = instant;
    }

    private void settle(Cursor cursor) {
        while (cursor.chunk < count - 1 && cursor.index >= chunks[cursor.chunk].size()) {
            cursor.chunk++;
            cursor.index = 0;
        }
        if (cursor.chunk == count - 1 && cursor.index >= chunks[cursor.chunk].size()) {
            // At the end: where the next event will be, in this chunk or a new one.
            if (chunks[cursor.chunk].size() == EventChunk.CAPACITY) {
                cursor.chunk++;
                cursor.index = 0;
            }
        }
    }

    /** The same events; never changes. Made by the writer, read by anybody. */
    public EventLog view() {
        EventLog view = new EventLog(layout);
        view.chunks = Arrays.copyOf(chunks, count);
        view.count = count;
        for (int i = 0; i < count; i++) {
            // Only the last is appended to.
            if (i == count - 1) {
                view.chunks[i] = chunks[i].view();
            }
        }
        return view;
    }

    /** Memory held, in bytes. */
    public long retainedBytes() {
        long bytes = Sizes.array(8L * chunks.length);
        for (int i = 0; i < count; i++) {
            bytes += chunks[i].retainedBytes();
        }
        return bytes;
    }
}
