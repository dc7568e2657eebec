package io.clientele.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * A token bucket per client and one per program. Thread-safe; a check is two atomic updates. A
 * caller unseen for long enough to have a full bucket again is forgotten; at most 20,000 are kept.
 */
@Singleton
public class RateLimits {
    private static final int MOST_CALLERS = 20_000;

    private final boolean isEnabled;
    private final Bandwidth perClient;
    private final Bandwidth perProgram;
    private final TimeMeter time;
    private final Cache<Caller, Bucket> clients;
    private final Cache<String, Bucket> programs;

    private record Caller(String program, String client) {}

    @Inject
    RateLimits(RatesConfig config, TimeMeter time) {
        this.isEnabled = config.enabled();
        this.perClient = bandwidth(config.clientBurst(), config.clientPerSecond());
        this.perProgram = bandwidth(config.programBurst(), config.programPerSecond());
        this.time = time;
        this.clients = cache(config.clientBurst(), config.clientPerSecond());
        this.programs = cache(config.programBurst(), config.programPerSecond());
    }

    /**
     * Takes one request off the caller's buckets.
     *
     * @return zero if the request may pass, else how long to wait until one may
     */
    public Duration take(String program, String client) {
        if (!isEnabled) {
            return Duration.ZERO;
        }
        var own = clients.get(new Caller(program, client), caller -> bucket(perClient));
        var probe = own.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            return Duration.ofNanos(probe.getNanosToWaitForRefill());
        }
        var shared = programs.get(program, key -> bucket(perProgram));
        probe = shared.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            own.addTokens(1);
            return Duration.ofNanos(probe.getNanosToWaitForRefill());
        }
        return Duration.ZERO;
    }

    private Bucket bucket(Bandwidth bandwidth) {
        return Bucket.builder().withCustomTimePrecision(time).addLimit(bandwidth).build();
    }

    private static Bandwidth bandwidth(long burst, long perSecond) {
        return Bandwidth.builder()
                .capacity(burst)
                .refillGreedy(perSecond, Duration.ofSeconds(1))
                .build();
    }

    private static <K> Cache<K, Bucket> cache(long burst, long perSecond) {
        var full = Duration.ofSeconds(burst / perSecond + 1);
        return Caffeine.newBuilder().maximumSize(MOST_CALLERS).expireAfterAccess(full).build();
    }

    /** The buckets' clock. Tests put another in its place. */
    @Produces
    @Singleton
    @DefaultBean
    static TimeMeter timeMeter() {
        return TimeMeter.SYSTEM_NANOTIME;
    }
}
