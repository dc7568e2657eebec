package io.clientele.ingestion.event;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.Topics;
import io.clientele.ingestion.messaging.KafkaWriter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Puts accepted events on {@code member-events-received}. Thread-safe. */
@ApplicationScoped
public class EventPublisher {
    private final KafkaWriter kafka;

    @Inject
    EventPublisher(KafkaWriter kafka) {
        this.kafka = kafka;
    }

    /**
     * Hands an event over.
     *
     * @return completed when Kafka has it for good, exceptionally when it was given up
     */
    public CompletableFuture<@Nullable Void> send(ReceivedEvent event) {
        return kafka.send(
                new ProducerRecord<>(
                        Topics.MEMBER_EVENTS_RECEIVED,
                        null,
                        event.receivedAt().toEpochMilli(),
                        key(event).getBytes(StandardCharsets.UTF_8),
                        Json.bytes(event),
                        CloudEventHeaders.of(
                                event.program() + ":" + event.source() + ":" + event.id(),
                                "/clientele/ingestion",
                                "io.clientele.event.received.v1",
                                event.receivedAt())));
    }

    /** One member's events stand in one partition, in the order in which they came. */
    private static String key(ReceivedEvent event) {
        var identity = event.identity();
        return event.program()
                + ":"
                + (event.member() != null || identity == null
                        ? event.member()
                        : identity.type() + ":" + identity.value());
    }
}
