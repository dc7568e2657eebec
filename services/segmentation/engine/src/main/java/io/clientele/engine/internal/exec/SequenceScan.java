package io.clientele.engine.internal.exec;

import io.clientele.engine.internal.bitmap.Bits;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.EventLog;
import org.jspecify.annotations.Nullable;

/**
 * Finds who has events of one log one after the other, at strictly later instants, the last at most
 * a span after the first. For each member and step it keeps the latest beginning of a chain that
 * has come so far: a chain that begins later fits wherever an earlier one does. One pass over the
 * log. For one thread; used again and again.
 */
public final class SequenceScan {
    private static final long NONE = Long.MIN_VALUE;

    private final int steps;
    private final @Nullable RowFilter[] filters;
    private final long span;

    /** What any step's events are, where that is one filter. */
    private final @Nullable RowFilter together;

    // By step and member: when a chain last came so far, the latest beginning of one that did then,
    // and of those that did before.
    private final long[][] instants;
    private final long[][] current;
    private final long[][] earlier;

    /** By step: for which members the others hold something. */
    private final long[][] begun;

    private final char[][] rows;
    private long[] bits = {};

    /**
     * Makes one.
     *
     * @param filters what each step's events are; null: all
     * @param span in milliseconds
     */
    public SequenceScan(@Nullable RowFilter[] filters, long span) {
        this.steps = filters.length;
        this.filters = filters.clone();
        this.span = span;
        this.together = RowFilter.any(filters);
        this.instants = new long[steps][0];
        this.current = new long[steps][0];
        this.earlier = new long[steps][0];
        this.begun = new long[steps][0];
        this.rows = new char[steps][EventChunk.CAPACITY];
    }

    /**
     * Marks the members whose last step was from {@code first} to {@code last} (inclusive).
     *
     * @return valid until the next call
     */
    public long[] run(EventLog log, long first, long last, int size) {
        // Of the last step, only that it came counts.
        for (int step = 0; step < steps - 1; step++) {
            begun[step] = Totals.cleared(begun[step], Bits.words(size));
            if (instants[step].length < size) {
                instants[step] = new long[size];
                current[step] = new long[size];
                earlier[step] = new long[size];
            }
        }
        bits = Totals.cleared(bits, Bits.words(size));
        int[] counts = new int[steps];
        int[] next = new int[steps];
        for (int i = 0; i < log.chunkCount(); i++) {
            EventChunk chunk = log.chunk(i);
            int high = chunk.firstAfter(last);
            if (together != null && steps == 2) {
                takePairs(log, i, together.select(chunk, 0, high, rows[0]), first);
                continue;
            }
            if (together != null) {
                takeTogether(chunk, together.select(chunk, 0, high, rows[0]), first);
                continue;
            }
            for (int step = 0; step < steps; step++) {
                counts[step] = select(filters[step], chunk, high, rows[step]);
                next[step] = 0;
            }
            merge(chunk, counts, next, first);
        }
        return bits;
    }

    /**
     * Two steps: keeps where the last two first ones were that happened at different instants.
     * Instants are read where a member has both steps only, as reading them all takes most of the
     * time.
     */
    private void takePairs(EventLog log, int chunkIndex, int count, long first) {
        EventChunk chunk = log.chunk(chunkIndex);
        char[] members = chunk.members();
        long[] last = instants[0];
        long[] previous = earlier[0];
        for (int i = 0; i < count; i++) {
            int row = rows[0][i];
            int member = members[row];
            boolean known = Bits.get(begun[0], member);
            if (known && passes(1, chunk, row)) {
                long at = chunk.at(row);
                long beginning = instant(log, last[member]);
                if (beginning == at) {
                    beginning = previous[member] < 0 ? NONE : instant(log, previous[member]);
                }
                if (beginning != NONE && at - beginning <= span && at >= first) {
                    Bits.set(bits, member);
                }
            }
            if (passes(0, chunk, row)) {
                long place = (long) chunkIndex << 32 | row;
                if (!known) {
                    Bits.set(begun[0], member);
                    previous[member] = -1;
                } else if (instant(log, last[member]) < chunk.at(row)) {
                    previous[member] = last[member];
                }
                last[member] = place;
            }
        }
    }

    private boolean passes(int step, EventChunk chunk, int row) {
        RowFilter filter = filters[step];
        return filter == null || filter.test(chunk, row);
    }

    private static long instant(EventLog log, long place) {
        return log.chunk((int) (place >>> 32)).at((int) place);
    }

    private void takeTogether(EventChunk chunk, int count, long first) {
        char[] members = chunk.members();
        for (int i = 0; i < count; i++) {
            int row = rows[0][i];
            long at = chunk.at(row);
            for (int step = 0; step < steps; step++) {
                if (passes(step, chunk, row)) {
                    take(step, members[row], at, first);
                }
            }
        }
    }

    private static int select(@Nullable RowFilter filter, EventChunk chunk, int high, char[] into) {
        if (filter != null) {
            return filter.select(chunk, 0, high, into);
        }
        for (int row = 0; row < high; row++) {
            into[row] = (char) row;
        }
        return high;
    }

    /** Takes the selected rows of all steps in the order of time. */
    private void merge(EventChunk chunk, int[] counts, int[] next, long first) {
        char[] members = chunk.members();
        while (true) {
            int row = Integer.MAX_VALUE;
            for (int step = 0; step < steps; step++) {
                if (next[step] < counts[step]) {
                    row = Math.min(row, rows[step][next[step]]);
                }
            }
            if (row == Integer.MAX_VALUE) {
                return;
            }
            long at = chunk.at(row);
            int member = members[row];
            // Whatever a step takes from the one before happened strictly earlier, so that the
            // order of the steps is of no account.
            for (int step = 0; step < steps; step++) {
                if (next[step] < counts[step] && rows[step][next[step]] == row) {
                    next[step]++;
                    take(step, member, at, first);
                }
            }
        }
    }

    private void take(int step, int member, long at, long first) {
        long beginning = at;
        if (step > 0) {
            int before = step - 1;
            if (!Bits.get(begun[before], member)) {
                return;
            }
            beginning =
                    instants[before][member] < at
                            ? Math.max(current[before][member], earlier[before][member])
                            : earlier[before][member];
            if (beginning == NONE || at - beginning > span) {
                return;
            }
        }
        if (step == steps - 1) {
            if (at >= first) {
                Bits.set(bits, member);
            }
            return;
        }
        if (!Bits.get(begun[step], member)) {
            Bits.set(begun[step], member);
            earlier[step][member] = NONE;
            current[step][member] = beginning;
            instants[step][member] = at;
        } else if (instants[step][member] < at) {
            earlier[step][member] = Math.max(earlier[step][member], current[step][member]);
            current[step][member] = beginning;
            instants[step][member] = at;
        } else {
            current[step][member] = Math.max(current[step][member], beginning);
        }
    }
}
