package io.clientele.engine.internal.exec;

import java.util.Arrays;

/**
 * Things by number, each due at an instant or never; the first due is at hand. A binary heap that
 * knows where each thing is. Not thread-safe. Cost: logarithmic in the number of things.
 */
public final class Schedule {
    /** The instant of what is not due. */
    public static final long NEVER = Long.MAX_VALUE;

    private int[] heap = new int[16];
    private int[] places = new int[16];
    private long[] instants = new long[16];
    private int count;

    /** Makes an empty schedule. */
    public Schedule() {}

    /** Adds a thing that is not due. Returns its number: they are given from 0 on. */
    public int add() {
        if (count == heap.length) {
            heap = Arrays.copyOf(heap, count * 2);
            places = Arrays.copyOf(places, count * 2);
            instants = Arrays.copyOf(instants, count * 2);
        }
        int thing = count++;
        instants[thing] = NEVER;
        heap[thing] = thing;
        places[thing] = thing;
        return thing;
    }

    /** When the first is due. */
    public long firstInstant() {
        return count == 0 ? NEVER : instants[heap[0]];
    }

    /** What is due first; there is something. */
    public int first() {
        return heap[0];
    }

    /** When a thing is due. */
    public long instant(int thing) {
        return instants[thing];
    }

    /** Says when a thing is due. */
    public void set(int thing, long instant) {
        long before = instants[thing];
        if (instant == before) {
            return;
        }
        instants[thing] = instant;
        if (instant < before) {
            rise(places[thing]);
        } else {
            sink(places[thing]);
        }
    }

    private void rise(int from) {
        int place = from;
        int thing = heap[place];
        long instant = instants[thing];
        while (place > 0) {
            int above = (place - 1) >>> 1;
            if (instants[heap[above]] <= instant) {
                break;
            }
            move(heap[above], place);
            place = above;
        }
        move(thing, place);
    }

    private void sink(int from) {
        int place = from;
        int thing = heap[place];
        long instant = instants[thing];
        while (true) {
            int below = 2 * place + 1;
            if (below >= count) {
                break;
            }
            if (below + 1 < count && instants[heap[below + 1]] < instants[heap[below]]) {
                below++;
            }
            if (instants[heap[below]] >= instant) {
                break;
            }
            move(heap[below], place);
            place = below;
        }
        move(thing, place);
    }

    private void move(int thing, int place) {
        heap[place] = thing;
        places[thing] = place;
    }

    /** Memory held, in bytes. */
    public long retainedBytes() {
        return 48 + 16L * heap.length;
    }
}
