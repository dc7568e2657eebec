package io.clientele.testkit;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Seeds of random tests. {@code -Dtest.seed=N} gives every test that one seed, to replay a failure.
 */
public final class Seeds {
    private static final long BASE = new SecureRandom().nextLong() & 0xFFFF_FFFFL;

    private Seeds() {}

    /**
     * The seed of one repetition; another one in every run of the tests, unless {@code test.seed}
     * is set. Put it in the message.
     */
    public static long of(RepetitionInfo repetition) {
        return of(repetition.getCurrentRepetition());
    }

    /** The seed of a numbered case. */
    public static long of(int number) {
        Long fixed = Long.getLong("test.seed");
        return fixed != null ? fixed : new SplittableRandom(BASE + number).nextLong() >>> 16;
    }

    /** What a failure message must say. */
    public static String describe(long seed) {
        return "seed " + seed + " (replay with -Dtest.seed=" + seed + ")";
    }
}
