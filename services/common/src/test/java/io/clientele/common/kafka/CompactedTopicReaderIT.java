package io.clientele.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.clientele.embedded.ServerKind;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.TestServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompactedTopicReaderIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String topic = "registry-" + UUID.randomUUID();
    private KafkaProbe kafka;

    @BeforeEach
    void create() {
        kafka = KafkaProbe.connect();
        kafka.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    private void write(String key, @Nullable String value) {
        kafka.send(
                new ProducerRecord<>(
                        topic, key, value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
    }

    private CompactedTopicReader<String> reader() {
        return reader(topic);
    }

    private static CompactedTopicReader<String> reader(String topic) {
        return new CompactedTopicReader<>(
                topic,
                settings(),
                value -> new String(value, StandardCharsets.UTF_8),
                (key, value) -> {});
    }

    @Test
    void holdsTheLatestOfEachKey() throws InterruptedException {
        write("a", "1");
        write("b", "1");
        write("a", "2");
        try (var reader = reader()) {
            reader.start();
            assertThat(reader.awaitCaughtUp(LIMIT)).isTrue();
            assertThat(reader.all()).isEqualTo(Map.of("a", "2", "b", "1"));
            write("b", null);
            await().atMost(LIMIT).until(() -> reader.find("b").isEmpty());
        }
    }

    @Test
    void hasSeenAfterARefreshWhatStoodThereBefore() throws InterruptedException {
        try (var reader = reader()) {
            reader.start();
            for (int i = 0; i < 20; i++) {
                write("k" + i, "v");
                assertThat(reader.refresh(LIMIT)).isTrue();
                assertThat(reader.find("k" + i)).contains("v");
            }
        }
    }

    @Test
    void readsATopicThatItsBrokerHearsOfLater() throws InterruptedException {
        var later = "later-" + topic;
        try (var reader = reader(later)) {
            assertThat(reader.start(Duration.ofSeconds(1))).isFalse();
            kafka.createTopic(later, 1, Map.of("cleanup.policy", "compact"));
            // Started again it only waits.
            assertThat(reader.start(LIMIT)).isTrue();
        }
    }

    @Test
    void saysWhenARefreshTookTooLong() throws InterruptedException {
        try (var reader = reader()) {
            assertThat(reader.refresh(Duration.ofMillis(50))).as("not started").isFalse();
        }
    }

    private static KafkaSettings settings() {
        var environment = TestServers.environment(ServerKind.KAFKA, "testkit");
        return new KafkaSettings(
                Objects.requireNonNull(environment.get("CLIENTELE_KAFKA_BOOTSTRAP_SERVERS")),
                environment.getOrDefault("CLIENTELE_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT"),
                Optional.ofNullable(environment.get("CLIENTELE_KAFKA_SASL_MECHANISM")),
                Optional.ofNullable(environment.get("CLIENTELE_KAFKA_SASL_JAAS_CONFIG")),
                "0",
                1,
                (short) 1);
    }
}
