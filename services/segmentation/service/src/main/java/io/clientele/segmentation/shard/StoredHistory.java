package io.clientele.segmentation.shard;

import io.clientele.engine.MemberHistory;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A member's history as the store {@code histories} holds it: the instant the program first heard
 * of the member by event time, 8 bytes, then the engine's encoding.
 *
 * @param born epoch milliseconds: the earliest instant of an event; before it the member is in no
 *     segment and not counted
 * @param history what the engine evaluates
 */
public record StoredHistory(long born, MemberHistory history) {
    /** Reads what {@link #encode()} wrote. */
    public static StoredHistory decode(String member, byte[] bytes) {
        return new StoredHistory(
                ByteBuffer.wrap(bytes).getLong(),
                MemberHistory.decode(member, Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)));
    }

    byte[] encode() {
        byte[] encoded = history.encode();
        return ByteBuffer.allocate(Long.BYTES + encoded.length).putLong(born).put(encoded).array();
    }
}
