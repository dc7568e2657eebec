package io.clientele.segmentation.segment;

import io.clientele.common.kafka.Backoff;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Tells the shards what PostgreSQL holds: takes definitions and overrides out of the outbox, each
 * program's in their order, and writes a definition to every partition, an override to its
 * member's, in one transaction. What was told and not taken out, because the process ended in
 * between, is told again; shards ignore it by its revision or id.
 */
@ApplicationScoped
public class DefinitionPublisher {
    private static final Logger LOG = Logger.getLogger(DefinitionPublisher.class);
    private static final int BATCH = 100;

    /** The outbox is looked into this often without being called; after a start, mostly. */
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final SegmentRepository repository;
    private final ProgramTransactions transactions;
    private final Programs programs;
    private final ShardReader shards;
    private final KafkaSettings settings;
    private final Clock clock;
    private final Semaphore calls = new Semaphore(1);
    private final Thread thread =
            Thread.ofPlatform().name("definition-publisher").daemon().unstarted(this::run);
    private volatile boolean closed;

    @Inject
    DefinitionPublisher(
            SegmentRepository repository,
            ProgramTransactions transactions,
            Programs programs,
            ShardReader shards,
            KafkaSettings settings,
            Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.programs = programs;
        this.shards = shards;
        this.settings = settings;
        this.clock = clock;
    }

    /** Starts; topics and registry must be there. */
    public void start() {
        thread.start();
    }

    /** Says that something was put into the outbox, after the transaction that did so. */
    public void call() {
        calls.release();
    }

    @PreDestroy
    void close() {
        closed = true;
        calls.release();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var pause = Backoff.standard();
        while (!closed) {
            try (var producer = new KafkaProducer<byte[], byte[]>(producerSettings())) {
                producer.initTransactions();
                while (!closed) {
                    if (calls.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                        calls.drainPermits();
                    }
                    for (var program : programs.all()) {
                        while (!closed && relay(producer, program)) {
                            LOG.debugf("more definitions wait program=%s", program);
                        }
                    }
                    pause.reset();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.warnf("definitions not told, trying again reason=%s", e);
                calls.release();
                if (!pause.sleep(() -> closed)) {
                    return;
                }
            }
        }
    }

    /** Tells up to {@link #BATCH} of them; says whether there may be more. */
    private boolean relay(KafkaProducer<byte[], byte[]> producer, ProgramId program) {
        return transactions.call(
                program.value(),
                () -> {
                    var waiting = repository.waiting(program, BATCH);
                    if (waiting.isEmpty()) {
                        return false;
                    }
                    producer.beginTransaction();
                    for (var each : waiting) {
                        send(producer, program, each);
                    }
                    producer.commitTransaction();
                    repository.sent(program, waiting.getLast().id());
                    return waiting.size() == BATCH;
                });
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer,
            ProgramId program,
            SegmentRepository.Waiting waiting) {
        if (waiting.member() == null) {
            for (int partition = 0; partition < settings.partitions(); partition++) {
                send(
                        producer,
                        waiting,
                        Topics.SEGMENT_DEFINITIONS,
                        "io.clientele.segment-definition.v1",
                        partition);
            }
        } else {
            send(
                    producer,
                    waiting,
                    Topics.SEGMENT_OVERRIDES,
                    "io.clientele.segment-override.v1",
                    shards.partition(program, new MemberId(waiting.member())));
        }
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer,
            SegmentRepository.Waiting waiting,
            String topic,
            String type,
            int partition) {
        var headers =
                CloudEventHeaders.of(
                        waiting.key() + ":" + waiting.id(),
                        "/clientele/segmentation",
                        type,
                        clock.instant());
        // A failed send fails the commit, which is where it is dealt with.
        var unused =
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                partition,
                                clock.millis(),
                                waiting.key().getBytes(StandardCharsets.UTF_8),
                                waiting.body(),
                                headers));
    }

    private Map<String, Object> producerSettings() {
        var all = new HashMap<>(settings.producer());
        all.put(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "segmentation-definitions-" + settings.instance());
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
        return all;
    }
}
