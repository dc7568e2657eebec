package io.clientele.engine.internal.exec;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Instants with a tag each, the earliest at hand; a tag may be in it more than once. A binary heap.
 * Not thread-safe. Cost: logarithmic.
 */
public final class Alarms {
    private long[] instants = new long[64];
    private long[] tags = new long[64];
    private int count;

    /** Makes an empty one. */
    public Alarms() {}

    /** The earliest instant, or {@link Schedule#NEVER}. */
    public long firstInstant() {
        return count == 0 ? Schedule.NEVER : instants[0];
    }

    /** The tag of the earliest; there is one. */
    public long firstTag() {
        return tags[0];
    }

    /** Adds one. */
    public void add(long instant, long tag) {
        if (count == instants.length) {
            instants = Arrays.copyOf(instants, count + (count >> 1));
            tags = Arrays.copyOf(tags, instants.length);
        }
        int place = count++;
        while (place > 0) {
            int above = (place - 1) >>> 1;
            if (instants[above] <= instant) {
                break;
            }
            instants[place] = instants[above];
            tags[place] = tags[above];
            place = above;
        }
        instants[place] = instant;
        tags[place] = tag;
    }

    /** Takes the earliest out. */
    public void removeFirst() {
        count--;
        sink(0, instants[count], tags[count]);
    }

    /** Takes out all whose tag passes. Cost: a look at each. */
    public void removeIf(LongPredicate test) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (!test.test(tags[i])) {
                instants[kept] = instants[i];
                tags[kept++] = tags[i];
            }
        }
        count = kept;
        for (int place = count / 2 - 1; place >= 0; place--) {
            sink(place, instants[place], tags[place]);
        }
    }

    private void sink(int from, long instant, long tag) {
        int place = from;
        while (true) {
            int below = 2 * place + 1;
            if (below >= count) {
                break;
            }
            if (below + 1 < count && instants[below + 1] < instants[below]) {
                below++;
            }
            if (instants[below] >= instant) {
                break;
            }
            instants[place] = instants[below];
            tags[place] = tags[below];
            place = below;
        }
        instants[place] = instant;
        tags[place] = tag;
    }

    /** Memory held, in bytes. */
    public long retainedBytes() {
        return 32 + 16L * instants.length;
    }
}
