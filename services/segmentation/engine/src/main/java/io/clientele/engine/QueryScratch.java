package io.clientele.engine;

import io.clientele.engine.internal.exec.EventScan;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a thread needs while it answers a query; used again from block to block. */
final class QueryScratch {
    private @Nullable EventScan scan;

    private final ArrayDeque<long[]> free = new ArrayDeque<>();
    private final Map<Object, Object> kept = new HashMap<>();

    /** Reads events. */
    EventScan scan() {
        EventScan known = scan;
        if (known == null) {
            known = new EventScan();
            scan = known;
        }
        return known;
    }

    /** Room for a block's members, with anything in it. */
    long[] borrow() {
        long[] bits = free.pollLast();
        return bits == null ? new long[Block.CAPACITY / Long.SIZE] : bits;
    }

    void giveBack(long[] bits) {
        free.addLast(bits);
    }

    /** What a node keeps from block to block. */
    @SuppressWarnings("unchecked")
    <T> T kept(Object node, Supplier<T> make) {
        return (T) kept.computeIfAbsent(node, unused -> make.get());
    }
}
