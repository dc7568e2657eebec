package io.clientele.segmentation.shard;

import java.nio.ByteBuffer;

/**
 * What time it is for one partition, in epoch milliseconds. Never goes back. While the latest
 * watermark is younger than {@link #FRESHNESS_MILLIS}: the wall clock minus {@link #DELAY_MILLIS};
 * else it holds at the latest instant that a record named. Not thread-safe.
 */
final class ShardClock {
    /** A watermark older than this says nothing about now. */
    static final long FRESHNESS_MILLIS = 5_000;

    /** How far the clock stays behind the wall, so that events have time to arrive. */
    static final long DELAY_MILLIS = 250;

    private long now;
    private long heard;
    private long watermark;

    /** The present instant; 0 before the first record. */
    long now() {
        return now;
    }

    /** Takes note of an instant that ingestion stamped. */
    void hear(long receivedAt, long wall) {
        heard = Math.max(heard, Math.min(receivedAt, wall));
    }

    /** Takes note that nothing received up to {@code receivedThrough} is missing. */
    void watermark(long receivedThrough, long wall) {
        watermark = Math.max(watermark, receivedThrough);
        hear(receivedThrough, wall);
    }

    /** Whether the clock runs with the wall. */
    boolean isFresh(long wall) {
        return wall - watermark < FRESHNESS_MILLIS;
    }

    /** Moves on as far as it may; says whether it moved. */
    boolean advance(long wall) {
        long target = isFresh(wall) ? wall - DELAY_MILLIS : heard;
        if (target <= now) {
            return false;
        }
        now = target;
        return true;
    }

    /** What has to survive: after a restart the clock holds until it hears from now. */
    byte[] encode() {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(now).putLong(heard).array();
    }

    void restore(byte[] encoded) {
        var bytes = ByteBuffer.wrap(encoded);
        now = bytes.getLong();
        heard = bytes.getLong();
    }
}
