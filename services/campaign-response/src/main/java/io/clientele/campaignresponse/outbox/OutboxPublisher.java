package io.clientele.campaignresponse.outbox;

import io.clientele.campaignresponse.program.Programs;
import io.clientele.common.kafka.Backoff;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Tells Kafka what the outbox holds, each program's in the order of positions, once.
 *
 * <p>A batch is one Kafka transaction: the records, a contact on the program's own topic too, and
 * the position and id of the last, kept by Kafka as an offset of the group {@value #GROUP}. A
 * process that ends between Kafka's commit and PostgreSQL's leaves the batch in the outbox; whoever
 * takes it up reads the position first and sends nothing up to it again. So a reader of committed
 * records sees each record once, whatever is killed. Kafka forgets the position after its offset
 * retention (7 days by default): only a service that ended in that moment and stayed away for as
 * long would send one batch again, with the same ids.
 */
@ApplicationScoped
public class OutboxPublisher {
    static final String GROUP = "campaign-response-outbox";

    private static final Logger LOG = Logger.getLogger(OutboxPublisher.class);
    private static final int BATCH = 500;

    /** The broker aborts what a process that ended has left open. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(30);

    private static final Duration UNCERTAIN_PAUSE = Duration.ofMillis(10);

    /** The outbox is looked into this often without being called. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final OutboxRepository repository;
    private final ProgramTransactions transactions;
    private final Programs programs;
    private final KafkaSettings settings;
    private final Clock clock;
    private final Semaphore calls = new Semaphore(1);
    private final Object published = new Object();
    private final Thread thread =
            Thread.ofPlatform().name("outbox-publisher").daemon().unstarted(this::run);
    private volatile boolean closed;
    private volatile boolean healthy;

    @Inject
    OutboxPublisher(
            OutboxRepository repository,
            ProgramTransactions transactions,
            Programs programs,
            KafkaSettings settings,
            Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.programs = programs;
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

    /** False until Kafka was reached, and while the last attempt has failed. */
    public boolean isHealthy() {
        return healthy;
    }

    /** Waits until this instance has published something, at most {@code atMost}. */
    public void awaitPublished(Duration atMost) throws InterruptedException {
        synchronized (published) {
            published.wait(Math.max(1, atMost.toMillis()));
        }
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
            try (var admin = settings.admin();
                    var producer = new KafkaProducer<byte[], byte[]>(producerSettings())) {
                producer.initTransactions();
                while (!closed) {
                    for (var program : programs.all()) {
                        while (!closed && relay(admin, producer, program)) {
                            LOG.debugf("more records wait program=%s", program);
                        }
                    }
                    healthy = true;
                    pause.reset();
                    if (calls.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                        calls.drainPermits();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                healthy = false;
                LOG.warnf("outbox not published, trying again reason=%s", e);
                calls.release();
                if (!pause.sleep(() -> closed)) {
                    return;
                }
            }
        }
    }

    /** Publishes up to {@link #BATCH} records; says whether there may be more. */
    private boolean relay(Admin admin, KafkaProducer<byte[], byte[]> producer, ProgramId program) {
        boolean more =
                transactions.call(
                        program.value(),
                        () -> {
                            var first = repository.waiting(program, 1);
                            if (first.isEmpty() || !repository.tryLock(program)) {
                                return false;
                            }
                            // Again, now that nobody else publishes.
                            var waiting = repository.waiting(program, BATCH);
                            if (waiting.isEmpty()) {
                                return false;
                            }
                            publish(admin, producer, program, waiting);
                            repository.published(
                                    program,
                                    waiting,
                                    clock.instant().truncatedTo(ChronoUnit.MILLIS));
                            return true;
                        });
        if (more) {
            synchronized (published) {
                published.notifyAll();
            }
        }
        return more;
    }

    private void publish(
            Admin admin,
            KafkaProducer<byte[], byte[]> producer,
            ProgramId program,
            List<OutboxRepository.Waiting> waiting)
            throws InterruptedException {
        var place = new TopicPartition(Topics.campaignContactsOf(program), 0);
        var unsent = unsent(admin, place, waiting);
        if (unsent.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        for (var record : unsent) {
            send(producer, record.record());
        }
        producer.sendOffsetsToTransaction(
                Map.of(
                        place,
                        new OffsetAndMetadata(
                                unsent.getLast().position(), unsent.getLast().record().id())),
                new ConsumerGroupMetadata(GROUP));
        producer.commitTransaction();
    }

    /**
     * What of {@code waiting} comes after the last record that Kafka has. The record is known by
     * its id too: after a restore of PostgreSQL positions begin anew.
     */
    private List<OutboxRepository.Waiting> unsent(
            Admin admin, TopicPartition place, List<OutboxRepository.Waiting> waiting)
            throws InterruptedException {
        var last = last(admin, place).orElse(null);
        for (int i = 0; last != null && i < waiting.size(); i++) {
            if (waiting.get(i).position() == last.offset()
                    && waiting.get(i).record().id().equals(last.metadata())) {
                return waiting.subList(i + 1, waiting.size());
            }
        }
        return waiting;
    }

    /**
     * The place that Kafka keeps. While a transaction with it is being committed, or was left open
     * by a process that ended, the place is not certain, and the answer does not hold it: it is
     * waited for until the broker has ended that transaction.
     */
    private Optional<OffsetAndMetadata> last(Admin admin, TopicPartition place)
            throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_TRANSACTION.plusSeconds(15).toNanos();
        while (!closed && System.nanoTime() < deadline) {
            try {
                var answer =
                        admin.listConsumerGroupOffsets(
                                        Map.of(
                                                GROUP,
                                                new ListConsumerGroupOffsetsSpec()
                                                        .topicPartitions(List.of(place))),
                                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                                .partitionsToOffsetAndMetadata(GROUP)
                                .get();
                if (answer.containsKey(place)) {
                    return Optional.ofNullable(answer.get(place));
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        "the outbox's position could not be read", e.getCause());
            }
            LockSupport.parkNanos(UNCERTAIN_PAUSE.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        throw new IllegalStateException("the outbox's position is not certain yet");
    }

    private void send(KafkaProducer<byte[], byte[]> producer, OutboxRecord record) {
        send(producer, record, record.topic());
        if (record.contact() != null) {
            send(producer, record, Topics.campaignContactsOf(record.program()));
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, OutboxRecord record, String topic) {
        var headers =
                CloudEventHeaders.of(
                        record.id(),
                        "/clientele/campaign-response",
                        record.type(),
                        clock.instant());
        // A failed send fails the commit, which is where it is dealt with.
        var unused =
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                null,
                                clock.millis(),
                                record.key().getBytes(StandardCharsets.UTF_8),
                                record.body(),
                                headers));
    }

    private Map<String, Object> producerSettings() {
        var all = new HashMap<>(settings.producer());
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "campaign-response-" + settings.instance());
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) LONGEST_TRANSACTION.toMillis());
        return all;
    }
}
