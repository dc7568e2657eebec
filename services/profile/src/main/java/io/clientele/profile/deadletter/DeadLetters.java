package io.clientele.profile.deadletter;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Makes dead letters of records. */
public final class DeadLetters {
    /** The header that names the reason. */
    public static final String REASON_HEADER = "clientele_reason";

    private DeadLetters() {}

    /**
     * The dead letter of a record, with the record's own key.
     *
     * @param record the record
     * @param program whose, if it could be told
     * @param event the event's name, if it could be told
     * @param reason a stable code
     * @param detail what was expected and what came
     * @param at when
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable ProgramId program,
            @Nullable EventReference event,
            String reason,
            String detail,
            Instant at) {
        byte[] value = record.value();
        var letter =
                new DeadLetter(
                        program,
                        "profile",
                        reason,
                        detail,
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        at,
                        event == null ? null : event.source(),
                        event == null ? null : event.id(),
                        value == null ? "" : new String(value, StandardCharsets.UTF_8));
        var headers =
                CloudEventHeaders.of(
                        record.topic() + ":" + record.partition() + ":" + record.offset(),
                        "/clientele/profile",
                        "io.clientele.dead-letter.v1",
                        at);
        headers.add(REASON_HEADER, reason.getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(
                Topics.DEAD_LETTERS, null, null, record.key(), Json.bytes(letter), headers);
    }
}
