package io.clientele.reporting.fact;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sets records aside that can never be read. Called before anything is written for their batch: a
 * crash in between sets one aside twice, never not at all.
 */
@ApplicationScoped
class DeadLetterPublisher {
    private static final String REASON = "record-unreadable";

    private final KafkaSettings settings;
    private final Clock clock;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    @Inject
    DeadLetterPublisher(KafkaSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Returns when Kafka has them.
     *
     * @throws IllegalStateException if it does not take them
     */
    synchronized void publish(List<FactBatch.Unreadable> records) {
        var open = producer;
        if (open == null) {
            open = new KafkaProducer<>(settings.producer());
            producer = open;
        }
        try {
            for (var unreadable : records) {
                open.send(letter(unreadable)).get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("dead letters could not be written", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing dead letters", e);
        }
    }

    @PreDestroy
    synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
    }

    private ProducerRecord<byte[], byte[]> letter(FactBatch.Unreadable unreadable) {
        var record = unreadable.record();
        var at = clock.instant();
        byte[] value = record.value();
        var letter =
                new DeadLetter(
                        null,
                        "reporting",
                        REASON,
                        unreadable.detail(),
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        at,
                        null,
                        null,
                        value == null ? "" : new String(value, StandardCharsets.UTF_8));
        var headers =
                CloudEventHeaders.of(
                        record.topic() + ":" + record.partition() + ":" + record.offset(),
                        "/clientele/reporting",
                        "io.clientele.dead-letter.v1",
                        at);
        headers.add("clientele_reason", REASON.getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(
                Topics.DEAD_LETTERS, null, null, record.key(), Json.bytes(letter), headers);
    }
}
