package io.clientele.reporting.live;

import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.reporting.position.PositionRepository;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The counts that live streams show. A program's are counted once, when somebody first watches it,
 * and kept up by what is committed; PostgreSQL is not asked again. A program nobody has watched
 * costs nothing. Thread-safe.
 */
@ApplicationScoped
public class LiveService {
    /** Streams at the same time. */
    private static final int MOST_STREAMS = 500;

    private final LiveRepository repository;
    private final PositionRepository positions;
    private final ProgramTransactions transactions;

    /** Fair: a stream that begins while much is written waits for one transaction at most. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private final Map<ProgramId, LiveProgram> programs = new HashMap<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Instant asOf;

    @Inject
    LiveService(
            LiveRepository repository,
            PositionRepository positions,
            ProgramTransactions transactions) {
        this.repository = repository;
        this.positions = positions;
        this.transactions = transactions;
    }

    /**
     * What a transaction committed.
     *
     * @param changes by program
     * @param asOf the instant up to which nothing is missing, if it is known
     */
    public record Committed(Map<ProgramId, LiveChanges> changes, @Nullable Instant asOf) {
        /** Takes a copy. */
        public Committed {
            changes = Map.copyOf(changes);
        }
    }

    /**
     * Runs a transaction and takes over what it committed. If it throws, nobody knows what was
     * committed: everything is counted anew when it is next asked for.
     */
    public void commit(Supplier<Committed> transaction) {
        lock.lock();
        try {
            var committed = transaction.get();
            committed
                    .changes()
                    .forEach((program, changes) -> {
                        var watched = programs.get(program);
                        if (watched != null) {
                            watched.apply(changes);
                        }
                    });
            asOf = committed.asOf();
        } catch (RuntimeException e) {
            programs.clear();
            asOf = null;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** The program's counts; may be another object after a failure. */
    LiveProgram program(ProgramId program) {
        lock.lock();
        try {
            var known = programs.get(program);
            if (known == null) {
                known = transactions.call(program.value(), () -> repository.load(program));
                programs.put(program, known);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** The instant that sizes are true of; 1970 while it is not known. */
    Instant asOf() {
        var known = asOf;
        return known == null
                ? QuarkusTransaction.requiringNew().call(positions::asOf).orElse(Instant.EPOCH)
                : known;
    }

    /** Whether there are as many streams as this process carries. */
    boolean isFull() {
        return streams.get() >= MOST_STREAMS;
    }

    /** A stream is written from now on; {@link #end} follows. */
    void begin() {
        streams.incrementAndGet();
    }

    void end() {
        streams.decrementAndGet();
    }

    /** Streams open now. */
    int streams() {
        return streams.get();
    }

    /** Waits; returns at once, and true, when the service is about to end. */
    boolean awaitStop(Duration atMost) throws InterruptedException {
        return stopping.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Before open requests are waited for. */
    void stop(@Observes ShutdownDelayInitiatedEvent event) {
        stopping.countDown();
    }

    @PreDestroy
    void close() {
        stopping.countDown();
    }
}
