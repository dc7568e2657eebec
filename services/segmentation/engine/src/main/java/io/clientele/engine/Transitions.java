package io.clientele.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * When a member entered and left segments, as it was recorded. Instants in milliseconds, ascending
 * and each once per segment and direction. Not thread-safe.
 */
final class Transitions {
    private static final long[] NONE = {};

    private final TreeMap<String, long[]> entered = new TreeMap<>();
    private final TreeMap<String, long[]> left = new TreeMap<>();

    /** The recorded instants by segment; nobody writes to the arrays. */
    Map<String, long[]> all(boolean entering) {
        return entering ? entered : left;
    }

    /** The recorded instants of one segment; nobody writes to the array. */
    long[] of(String segment, boolean entering) {
        return all(entering).getOrDefault(segment, NONE);
    }

    boolean isEmpty() {
        return entered.isEmpty() && left.isEmpty();
    }

    boolean add(String segment, boolean entering, long at) {
        long[] before = of(segment, entering);
        int place = Arrays.binarySearch(before, at);
        if (place >= 0) {
            return false;
        }
        int index = -place - 1;
        long[] after = Arrays.copyOf(before, before.length + 1);
        System.arraycopy(before, index, after, index + 1, before.length - index);
        after[index] = at;
        all(entering).put(segment, after);
        return true;
    }

    boolean remove(String segment, boolean entering, long at) {
        long[] before = of(segment, entering);
        int index = Arrays.binarySearch(before, at);
        if (index < 0) {
            return false;
        }
        long[] after = Arrays.copyOf(before, before.length - 1);
        System.arraycopy(before, index + 1, after, index, after.length - index);
        keep(segment, entering, after);
        return true;
    }

    /** Removes both kinds from an instant on. */
    boolean removeFrom(String segment, long from) {
        return removeFrom(segment, true, from) | removeFrom(segment, false, from);
    }

    private boolean removeFrom(String segment, boolean entering, long from) {
        long[] before = of(segment, entering);
        int place = Arrays.binarySearch(before, from);
        int kept = place >= 0 ? place : -place - 1;
        if (kept == before.length) {
            return false;
        }
        keep(segment, entering, Arrays.copyOf(before, kept));
        return true;
    }

    private void keep(String segment, boolean entering, long[] instants) {
        if (instants.length == 0) {
            all(entering).remove(segment);
        } else {
            all(entering).put(segment, instants);
        }
    }
}
