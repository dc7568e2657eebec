package io.clientele.common.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * CloudEvents 1.0 in Kafka's binary content mode: the attributes are headers, the value is the JSON
 * data.
 */
public final class CloudEventHeaders {
    private static final byte[] VERSION = bytes("1.0");
    private static final byte[] JSON = bytes("application/json");

    private CloudEventHeaders() {}

    /**
     * The headers of one record.
     *
     * @param id unique with {@code source}: the same record again has the same id
     * @param source a URI reference: the service, such as {@code /clientele/profile}
     * @param type what happened, with its version, such as {@code io.clientele.member.event.v1}
     * @param time when it was recorded
     */
    public static Headers of(String id, String source, String type, Instant time) {
        return new RecordHeaders()
                .add("ce_specversion", VERSION)
                .add("ce_id", bytes(id))
                .add("ce_source", bytes(source))
                .add("ce_type", bytes(type))
                .add("ce_time", bytes(time.toString()))
                .add("content-type", JSON);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
