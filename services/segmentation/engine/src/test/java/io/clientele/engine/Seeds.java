package io.clientele.engine;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Seeds of random tests; {@code -Dtest.seed=N} replays one. */
public final class Seeds {
    private static final long BASE = new SecureRandom().nextLong();

    private Seeds() {}

    /** So many seeds, other ones in each run. */
    public static long[] of(int count) {
        Long fixed = Long.getLong("test.seed");
        return fixed != null
                ? new long[] {fixed}
                : LongStream.range(0, count)
                        .map(i -> new SplittableRandom(BASE + i).nextLong() >>> 16)
                        .toArray();
    }
}
