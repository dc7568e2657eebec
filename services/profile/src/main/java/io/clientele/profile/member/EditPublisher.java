package io.clientele.profile.member;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.Topics;
import io.clientele.profile.ProfileError;
import io.clientele.profile.identity.Resolution;
import io.clientele.profile.identity.ResolutionHeader;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Hands edits made through the API to apply, which alone writes members. The producer is made at
 * the first edit.
 */
@ApplicationScoped
class EditPublisher {
    private static final int TIMEOUT_MILLIS = 5000;

    private final Map<String, Object> settings;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    @Inject
    EditPublisher(KafkaSettings kafka) {
        settings = new HashMap<>(kafka.producer());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    }

    /**
     * Writes an edit; returns when Kafka has it.
     *
     * @param event names its member
     * @param expected the revision it was made on, or null for any
     * @throws TransientException if Kafka did not acknowledge it in time; it may have it all the
     *     same
     */
    void publish(ReceivedEvent event, @Nullable ExpectedRevision expected) {
        var headers =
                CloudEventHeaders.of(
                        EventKey.of(event.program(), event.reference()),
                        "/clientele/profile",
                        "io.clientele.event.received.v1",
                        event.receivedAt());
        ResolutionHeader.write(headers, Resolution.NAMED);
        if (expected != null) {
            ExpectedRevisionHeader.write(headers, expected);
        }
        var record =
                new ProducerRecord<byte[], byte[]>(
                        Topics.MEMBER_EVENTS_RESOLVED,
                        null,
                        event.receivedAt().toEpochMilli(),
                        (event.program() + ":" + event.member()).getBytes(StandardCharsets.UTF_8),
                        Json.bytes(event),
                        headers);
        try {
            var unused = producer().send(record).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e);
        }
    }

    private static TransientException unavailable(Exception cause) {
        return new TransientException(
                ProfileError.PROFILE_UNAVAILABLE,
                "Kafka did not take the edit in time. Read the member before trying again.",
                cause);
    }

    private synchronized KafkaProducer<byte[], byte[]> producer() {
        var current = producer;
        if (current == null) {
            current = new KafkaProducer<>(settings);
            producer = current;
        }
        return current;
    }

    @PreDestroy
    synchronized void close() {
        var current = producer;
        if (current != null) {
            current.close(Duration.ofSeconds(5));
        }
    }
}
