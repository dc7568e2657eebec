package io.clientele.ingestion.deadletter;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.Backoff;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.Topics;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what {@code dead-letters} brings in PostgreSQL, each record once: its position stands in
 * the same transaction. Several processes may read at a time; the position's row lock lets one of
 * them write. What fails is tried again without end.
 */
@ApplicationScoped
public class DeadLetterConsumer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DeadLetterConsumer.class);

    private final KafkaSettings settings;
    private final DeadLetterRepository repository;
    private final ProgramTransactions transactions;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> running;

    @Inject
    DeadLetterConsumer(
            KafkaSettings settings,
            DeadLetterRepository repository,
            ProgramTransactions transactions) {
        this.settings = settings;
        this.repository = repository;
        this.transactions = transactions;
        this.thread = Thread.ofPlatform().name("dead-letters").daemon().unstarted(this::run);
    }

    /** Starts to read. */
    public void start() {
        thread.start();
    }

    private void run() {
        var pause = Backoff.standard();
        while (!closed) {
            try (var consumer = new KafkaConsumer<byte[], byte[]>(settings.consumer())) {
                running = consumer;
                read(consumer, pause);
            } catch (WakeupException e) {
                LOG.debug("dead letter consumer stops");
            } catch (RuntimeException e) {
                LOG.warnf("dead letters not read, trying again reason=%s", e);
                if (!pause.sleep(() -> closed)) {
                    return;
                }
            }
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, Backoff pause) {
        var partitions =
                consumer.partitionsFor(Topics.DEAD_LETTERS).stream()
                        .map(it -> new TopicPartition(it.topic(), it.partition()))
                        .toList();
        consumer.assign(partitions);
        for (var partition : partitions) {
            long next =
                    QuarkusTransaction.requiringNew()
                            .call(() ->
                                    repository.positionLocked(
                                            partition.topic(), partition.partition()));
            consumer.seek(partition, next);
        }
        while (!closed) {
            var records = consumer.poll(Duration.ofSeconds(30));
            for (var partition : records.partitions()) {
                var batch = records.records(partition);
                QuarkusTransaction.requiringNew().run(() -> keep(partition, batch));
            }
            pause.reset();
        }
    }

    private void keep(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> batch) {
        long next = repository.positionLocked(partition.topic(), partition.partition());
        for (var record : batch) {
            if (record.offset() >= next) {
                var letter = read(record);
                transactions.enter(letter.program() == null ? "" : letter.program().value());
                repository.insert(letter);
                next = record.offset() + 1;
                LOG.infof(
                        "dead letter kept service=%s reason=%s topic=%s partition=%d offset=%d",
                        letter.service(),
                        letter.reason(),
                        letter.topic(),
                        letter.partition(),
                        letter.offset());
            }
        }
        repository.moveTo(partition.topic(), partition.partition(), next);
    }

    private static DeadLetter read(ConsumerRecord<byte[], byte[]> record) {
        var value = record.value() == null ? new byte[0] : record.value();
        try {
            return Json.read(value, DeadLetter.class);
        } catch (UncheckedIOException e) {
            return new DeadLetter(
                    null,
                    "ingestion",
                    "dead-letter-unreadable",
                    "A record of " + record.topic() + " is no dead letter.",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    Instant.ofEpochMilli(record.timestamp()),
                    null,
                    null,
                    new String(value, StandardCharsets.UTF_8));
        }
    }

    @Override
    @PreDestroy
    public void close() {
        closed = true;
        var consumer = running;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
