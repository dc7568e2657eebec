package io.clientele.engine.internal.column;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Values by code and codes by value; codes start at 1, as 0 is unset. Never forgets a value. Not
 * thread-safe: one writer; a {@link #view} may be read by others.
 *
 * @param <V> values with equality
 */
public final class Dictionary<V> {
    private static final Object[] NOTHING = {};

    private final Map<V, Integer> codes = new HashMap<>();
    // Volatile, and written in this order: who sees a size sees an array that holds as much.
    private volatile Object[] values = NOTHING;
    private volatile int size;

    /** Makes an empty dictionary. */
    public Dictionary() {}

    /** How many values; the largest code. */
    public int size() {
        return size;
    }

    /** The code of a value, or 0 if it has none. */
    public int find(V value) {
        return codes.getOrDefault(value, 0);
    }

    /** The code of a value, a new one if it had none. */
    public int code(V value) {
        int known = find(value);
        if (known != 0) {
            return known;
        }
        Object[] all = values;
        int before = size;
        if (before == all.length) {
            all = Arrays.copyOf(all, Sizes.grown(all.length, before + 1));
        }
        all[before] = value;
        values = all;
        size = before + 1;
        codes.put(value, before + 1);
        return before + 1;
    }

    /** The values as they are now, in the order of their codes, the first for code 1. */
    @SuppressWarnings("unchecked")
    public List<V> view() {
        // Cells below size are never written again.
        int known = size;
        return (List<V>) Arrays.asList(values).subList(0, known);
    }

    /** The value of a code above 0. */
    @SuppressWarnings("unchecked")
    public V value(int code) {
        return (V) values[code - 1];
    }

    /** Memory held but for the values themselves, in bytes. */
    public long retainedBytes() {
        // An entry of a hash map with its boxed code, its share of the table, and a cell here.
        return 72L * size;
    }
}
