package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Counts the parts of a condition while it is read. For one thread. */
final class Parts {
    static final int MAX_DEPTH = 20;
    static final int MAX_PARTS = 1_000;

    private final Problems problems;
    private final boolean limited;
    private int count;

    /**
     * @param limited whether limits apply
     */
    Parts(Problems problems, boolean limited) {
        this.problems = problems;
        this.limited = limited;
    }

    /** Takes one more part at a depth; false if that is too many or too deep. */
    boolean count(String at, int depth) {
        if (!limited) {
            return true;
        }
        if (depth > MAX_DEPTH) {
            problems.add(at, "expected at most " + MAX_DEPTH + " levels");
            return false;
        }
        if (++count > MAX_PARTS) {
            if (count == MAX_PARTS + 1) {
                problems.add(at, "expected at most " + MAX_PARTS + " parts in one condition");
            }
            return false;
        }
        return true;
    }

    /** Reads each of a list; null if it is none or one of it could not be read. */
    <T> @Nullable List<T> each(
            JsonNode list,
            String at,
            String expected,
            BiFunction<JsonNode, String, @Nullable T> read) {
        if (!list.isArray()) {
            problems.add(at, "expected " + expected + ", came " + Problems.kind(list));
            return null;
        }
        List<T> all = new ArrayList<>(Math.min(list.size(), MAX_PARTS));
        boolean complete = true;
        for (int i = 0; i < list.size() && count <= MAX_PARTS; i++) {
            T part = read.apply(list.get(i), at + "/" + i);
            if (part == null) {
                complete = false;
            } else {
                all.add(part);
            }
        }
        return complete ? all : null;
    }
}
