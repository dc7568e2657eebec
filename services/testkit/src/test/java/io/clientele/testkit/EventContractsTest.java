package io.clientele.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventContractsTest {
    private static final String CHANGED =
            """
            {"record":"changed","id":"demo:m-1:7","program":"demo","member":"m-1","segment":"vip","version":3,
             "change":"entered","at":"2026-11-01T10:15:00Z","recordedAt":"2026-11-01T10:15:00.125Z","late":false,
             "cause":"time","sequence":7}\
            """;

    private final EventContracts contracts = EventContracts.load();

    @Test
    void acceptsWhatTheDocumentPromises() {
        assertThat(contracts.violations(membership("demo.segment-memberships.v1", CHANGED)))
                .isEmpty();
        assertThat(contracts.violations(membership("segment-memberships", CHANGED))).isEmpty();
    }

    @Test
    void namesAMissingProperty() {
        assertThat(
                        contracts.violations(
                                membership(
                                        "demo.segment-memberships.v1",
                                        CHANGED.replace("\"sequence\"", "\"number\""))))
                .singleElement()
                .asString()
                .startsWith("demo.segment-memberships.v1-2@17: value ")
                .contains("required property 'sequence' not found");
    }

    @Test
    void refusesATypeOfAnotherTopic() {
        assertThat(contracts.violations(membership("demo.member-segments.v1", CHANGED)))
                .containsExactly(
                        "demo.member-segments.v1-2@17: no message of this topic has the ce_type"
                                + " \"io.clientele.segment-membership.changed.v1\"");
    }

    @Test
    void refusesAMissingHeader() {
        var record = membership("demo.segment-memberships.v1", CHANGED);
        record.headers().remove("ce_id");

        assertThat(contracts.violations(record))
                .singleElement()
                .asString()
                .contains("headers ")
                .contains("ce_id");
    }

    @Test
    void refusesATopicThatIsNotInTheDocument() {
        assertThat(contracts.violations(membership("demo.secrets.v1", CHANGED)))
                .containsExactly("demo.secrets.v1-2@17: the document has no such topic");
    }

    @Test
    void aTombstoneIsWellOnCompactedTopicsOnly() {
        assertThat(contracts.violations(record("demo.member-segments.v1", null))).isEmpty();
        assertThat(contracts.violations(record("demo.segment-memberships.v1", null)))
                .containsExactly("demo.segment-memberships.v1-2@17: it has no value");
    }

    private static ConsumerRecord<byte[], byte[]> membership(String topic, String value) {
        var record = record(topic, value);
        header(record, "ce_specversion", "1.0");
        header(record, "ce_id", "demo:m-1:7");
        header(record, "ce_source", "/clientele/segmentation");
        header(record, "ce_type", "io.clientele.segment-membership.changed.v1");
        header(record, "ce_time", "2026-11-01T10:15:00.125Z");
        header(record, "content-type", "application/json");
        return record;
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, @Nullable String value) {
        return new ConsumerRecord<>(
                topic,
                2,
                17,
                "demo:m-1".getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    private static void header(ConsumerRecord<byte[], byte[]> record, String key, String value) {
        record.headers().add(key, value.getBytes(StandardCharsets.UTF_8));
    }
}
