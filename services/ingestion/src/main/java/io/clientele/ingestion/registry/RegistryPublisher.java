package io.clientele.ingestion.registry;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.Backoff;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.common.kafka.CompactedTopicReader;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.ingestion.Programs;
import io.clientele.ingestion.messaging.KafkaWriter;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Empties the outbox into {@code program-registry}, in its own thread, as soon as something was
 * written; tries again without end while Kafka or PostgreSQL is away. Also reads the topic, for
 * what another process of this service wrote.
 */
@ApplicationScoped
class RegistryPublisher {
    private static final Logger LOG = Logger.getLogger(RegistryPublisher.class);
    private static final int BATCH = 100;

    private final Programs programs;
    private final ProgramTransactions transactions;
    private final RegistryRepository repository;
    private final KafkaWriter kafka;
    private final Clock clock;
    private final CompactedTopicReader<RegistryRecord> reader;
    private final Semaphore work = new Semaphore(1);
    private final Thread thread;
    private volatile boolean closed;

    @Inject
    RegistryPublisher(
            Programs programs,
            ProgramTransactions transactions,
            RegistryRepository repository,
            KafkaWriter kafka,
            KafkaSettings settings,
            Registry registry,
            Clock clock) {
        this.programs = programs;
        this.transactions = transactions;
        this.repository = repository;
        this.kafka = kafka;
        this.clock = clock;
        this.reader =
                new CompactedTopicReader<>(
                        Topics.PROGRAM_REGISTRY,
                        settings,
                        value -> Json.read(value, RegistryRecord.class),
                        (key, value) -> {
                            if (value != null) {
                                registry.accept(value);
                            }
                        });
        this.thread = Thread.ofPlatform().name("registry-outbox").daemon().unstarted(this::run);
    }

    void start() {
        reader.start();
        thread.start();
    }

    /** Says that the outbox has something. */
    void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** Publishes records and waits for their acknowledgement. */
    void publishAll(List<? extends RegistryRecord> records) {
        KafkaWriter.await(
                records.stream().map(it -> send(it.key(), it.version(), Json.bytes(it))).toList());
    }

    private CompletableFuture<@Nullable Void> send(String key, long id, byte[] body) {
        return kafka.send(
                new ProducerRecord<>(
                        Topics.PROGRAM_REGISTRY,
                        null,
                        null,
                        key.getBytes(StandardCharsets.UTF_8),
                        body,
                        CloudEventHeaders.of(
                                key + ":" + id,
                                "/clientele/ingestion",
                                "io.clientele.program-registry.changed.v1",
                                clock.instant())));
    }

    private void run() {
        var pause = Backoff.standard();
        try {
            while (!closed) {
                work.acquire();
                boolean done = false;
                while (!closed && !done) {
                    try {
                        programs.all().forEach(this::drain);
                        pause.reset();
                        done = true;
                    } catch (RuntimeException e) {
                        LOG.warnf("outbox not emptied, trying again reason=%s", e);
                        if (!pause.sleep(() -> closed)) {
                            return;
                        }
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(ProgramId program) {
        int published;
        do {
            published =
                    transactions.call(
                            program.value(),
                            () -> {
                                var waiting = repository.waiting(BATCH);
                                KafkaWriter.await(
                                        waiting.stream()
                                                .map(it -> send(it.key(), it.id(), it.body()))
                                                .toList());
                                repository.published(waiting);
                                return waiting.size();
                            });
        } while (published == BATCH);
    }

    @PreDestroy
    void close() {
        closed = true;
        reader.close();
        thread.interrupt();
    }
}
