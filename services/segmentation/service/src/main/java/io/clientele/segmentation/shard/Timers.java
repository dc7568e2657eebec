package io.clientele.segmentation.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Which members are due when: a store whose keys are the instant (8 bytes, ordered) and the
 * member's key. Not thread-safe.
 */
final class Timers {
    private static final byte[] PRESENT = {1};

    private final KeyValueStore<Bytes, byte[]> store;

    /** No timer is earlier than this; behind it lie only the graves of timers that ran. */
    private long bound;

    Timers(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        this.bound = Long.MIN_VALUE;
        seek();
    }

    /** No timer runs before this; {@link MemberState#NEVER} if there is none. */
    long next() {
        return bound;
    }

    /** Moves a member's timer; {@link MemberState#NEVER} is none. */
    void move(Bytes member, long before, long after) {
        if (before == after) {
            return;
        }
        if (before != MemberState.NEVER) {
            store.delete(key(before, member));
        }
        if (after != MemberState.NEVER) {
            store.put(key(after, member), PRESENT);
            bound = Math.min(bound, after);
        }
    }

    /** Up to {@code limit} members due at {@code through} or before, the earliest first. */
    List<Bytes> due(long through, int limit) {
        var due = new ArrayList<Bytes>();
        if (bound > through) {
            return due;
        }
        try (var range = store.range(prefix(bound), prefix(through + 1))) {
            while (due.size() < limit && range.hasNext()) {
                byte[] key = range.next().key.get();
                due.add(Bytes.wrap(Arrays.copyOfRange(key, Long.BYTES, key.length)));
            }
        }
        return due;
    }

    /** Makes {@link #next()} exact. One seek. */
    void seek() {
        try (var range = store.range(prefix(bound), null)) {
            bound =
                    range.hasNext()
                            ? ByteBuffer.wrap(range.next().key.get()).getLong() ^ Long.MIN_VALUE
                            : MemberState.NEVER;
        }
    }

    private static Bytes prefix(long at) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(at ^ Long.MIN_VALUE).array());
    }

    private static Bytes key(long at, Bytes member) {
        return Bytes.wrap(
                ByteBuffer.allocate(Long.BYTES + member.get().length)
                        .putLong(at ^ Long.MIN_VALUE)
                        .put(member.get())
                        .array());
    }

    /** The key of a member in every store. */
    static Bytes member(String program, String member) {
        return Bytes.wrap((program + ":" + member).getBytes(StandardCharsets.UTF_8));
    }
}
