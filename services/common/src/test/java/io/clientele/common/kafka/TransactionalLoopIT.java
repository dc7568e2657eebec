package io.clientele.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.clientele.embedded.ServerKind;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.TestServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionalLoopIT {
    private static final int RECORDS = 300;
    private static final Map<String, Object> SMALL_BATCHES =
            Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 20);

    private final String run = UUID.randomUUID().toString();
    private final String in = "in-" + run;
    private final String out = "out-" + run;
    private KafkaProbe kafka;

    @BeforeEach
    void fill() {
        kafka = KafkaProbe.connect();
        kafka.createTopic(in, 3, Map.of());
        kafka.createTopic(out, 3, Map.of());
        for (int i = 0; i < RECORDS; i++) {
            kafka.send(new ProducerRecord<>(in, "k" + i, bytes("v" + i)));
        }
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    @Test
    void writesEachRecordOnceThoughEverySecondBatchFailsHalfway() {
        var attempts = new AtomicInteger();
        TransactionalLoop.Step flaky =
                (batch, output) -> {
                    boolean fails = !batch.isEmpty() && attempts.getAndIncrement() % 2 == 0;
                    int half = batch.size() / 2;
                    for (int i = 0; i < batch.size(); i++) {
                        if (fails && i == half) {
                            throw new IllegalStateException("the store is away");
                        }
                        copy(batch.get(i).key(), batch.get(i).value(), output);
                    }
                };
        try (var loop = loop("0", flaky)) {
            loop.start();
            assertThat(copied(Duration.ofSeconds(60))).containsExactlyInAnyOrderElementsOf(all());
            await().untilAsserted(() -> assertThat(loop.isHealthy()).isTrue());
        }
    }

    @Test
    void losesNothingWhenTheGroupIsRebalancedDuringAFailure() {
        // One partition: it comes back to the loop that fails, and the newcomer gets none.
        var narrow = "narrow-" + run;
        kafka.createTopic(narrow, 1, Map.of());
        for (int i = 0; i < RECORDS; i++) {
            kafka.send(new ProducerRecord<>(narrow, "k" + i, bytes("v" + i)));
        }
        var away = new AtomicBoolean(true);
        var failures = new AtomicInteger();
        TransactionalLoop.Step fails =
                (batch, output) -> {
                    if (!batch.isEmpty() && away.get()) {
                        failures.incrementAndGet();
                        throw new IllegalStateException("the store is away");
                    }
                    copyAll(batch, output);
                };
        try (var failing = loop(narrow, "0", fails);
                var newcomer = loop(narrow, "1", fails)) {
            failing.start();
            // The pauses are long by now: the rebalance falls into one of them.
            await().atMost(Duration.ofSeconds(30)).until(() -> failures.get() > 5);
            newcomer.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> members() == 2);
            away.set(false);

            assertThat(copied(Duration.ofSeconds(60))).containsExactlyInAnyOrderElementsOf(all());
        }
    }

    /** So many are in the group; 0 while it is being rebalanced. */
    private int members() {
        var group = List.of("copy-" + run);
        try (var admin = kafka.admin()) {
            return admin.describeConsumerGroups(group).all().get().values().stream()
                    .filter(it -> it.groupState() == GroupState.STABLE)
                    .mapToInt(it -> it.members().size())
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void takesOverWhatAnotherOfItsNameLeftOpen() {
        var stuck = new AtomicBoolean();
        var release = new AtomicBoolean();
        // The first sends its fourth batch and then stops moving, its transaction open.
        var batches = new AtomicInteger();
        TransactionalLoop.Step stalls =
                (batch, output) -> {
                    batch.forEach(record -> copy(record.key(), record.value(), output));
                    if (!batch.isEmpty() && batches.incrementAndGet() == 4) {
                        stuck.set(true);
                        await().atMost(Duration.ofMinutes(2)).untilTrue(release);
                    }
                };
        try (var first = loop("0", stalls)) {
            first.start();
            await().atMost(Duration.ofSeconds(30)).untilTrue(stuck);
            try (var second = loop("0", this::copyAll)) {
                second.start();
                assertThat(copied(Duration.ofSeconds(60)))
                        .containsExactlyInAnyOrderElementsOf(all());
                release.set(true);
            }
        }
        assertThat(values()).containsExactlyInAnyOrderElementsOf(all());
    }

    @Test
    void knowsItsPositionAtTheEndOfAPartition() {
        // A partition written in transactions ends with a marker, which no record shows.
        try (var loop = loop("0", this::copyAll)) {
            loop.start();
            assertThat(copied(Duration.ofSeconds(60))).hasSize(RECORDS);
        }
        var ends = ends(out);
        var atEnd = new AtomicBoolean();
        TransactionalLoop.Step watches =
                (batch, output) -> {
                    var assigned = output.assignment();
                    if (assigned.size() == 3
                            && assigned.stream()
                                    .allMatch(
                                            p -> ends.getOrDefault(p, -1L) == output.position(p))) {
                        atEnd.set(true);
                    }
                };
        var reader =
                new TransactionalLoop(
                        "watch-" + run,
                        List.of(out),
                        settings("0"),
                        Duration.ofMillis(100),
                        Map.of(),
                        watches);
        try (reader) {
            reader.start();
            await().atMost(Duration.ofSeconds(30)).untilTrue(atEnd);
        }
    }

    private TransactionalLoop loop(String instance, TransactionalLoop.Step step) {
        return loop(in, instance, step);
    }

    private TransactionalLoop loop(String topic, String instance, TransactionalLoop.Step step) {
        return new TransactionalLoop(
                "copy-" + run,
                List.of(topic),
                settings(instance),
                Duration.ofMillis(100),
                SMALL_BATCHES,
                step);
    }

    private void copyAll(
            List<ConsumerRecord<byte[], byte[]>> batch, TransactionalLoop.Output output) {
        batch.forEach(record -> copy(record.key(), record.value(), output));
    }

    private void copy(byte[] key, byte[] value, TransactionalLoop.Output output) {
        output.send(new ProducerRecord<>(out, key, value));
    }

    private Map<TopicPartition, Long> ends(String topic) {
        try (var consumer = new KafkaConsumer<byte[], byte[]>(settings("0").consumer())) {
            return consumer.endOffsets(
                    IntStream.range(0, 3).mapToObj(p -> new TopicPartition(topic, p)).toList());
        }
    }

    static KafkaSettings settings(String instance) {
        var environment = TestServers.environment(ServerKind.KAFKA, "testkit");
        return new KafkaSettings(
                Objects.requireNonNull(environment.get("CLIENTELE_KAFKA_BOOTSTRAP_SERVERS")),
                environment.getOrDefault("CLIENTELE_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT"),
                Optional.ofNullable(environment.get("CLIENTELE_KAFKA_SASL_MECHANISM")),
                Optional.ofNullable(environment.get("CLIENTELE_KAFKA_SASL_JAAS_CONFIG")),
                instance,
                3,
                (short) 1);
    }

    private List<String> copied(Duration limit) {
        kafka.await(out, RECORDS, limit);
        return values();
    }

    private List<String> values() {
        return kafka.all(out).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> all() {
        return IntStream.range(0, RECORDS).mapToObj(i -> "v" + i).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
