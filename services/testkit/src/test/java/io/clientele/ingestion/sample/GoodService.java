package io.clientele.ingestion.sample;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One use case. */
public final class GoodService {
    private final SampleRepository repository;
    private final Clock clock;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("good-", 0).factory());

    GoodService(SampleRepository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    void run(long id) {
        threads.execute(() ->
                repository.store(
                        new GoodDomain(
                                id, clock.instant(), List.of(), new byte[0], GoodDomain.Kind.ONE)));
    }
}
