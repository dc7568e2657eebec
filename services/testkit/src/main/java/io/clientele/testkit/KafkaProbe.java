package io.clientele.testkit;

import io.clientele.embedded.ServerKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Looks into Kafka from a test: writes records, and reads what is committed, from the beginning. It
 * joins no group and moves nobody's offset. Thread-safe but for {@link #close}.
 */
public final class KafkaProbe implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private final Map<String, Object> settings;
    private @Nullable KafkaProducer<String, byte[]> producer;

    private KafkaProbe(Map<String, Object> settings) {
        this.settings = settings;
    }

    /** As the superuser of the test JVM's Kafka. */
    public static KafkaProbe connect() {
        return connect(TestServers.environment(ServerKind.KAFKA, "testkit"));
    }

    /** With the login that {@code environment} holds as {@code CLIENTELE_KAFKA_…}. */
    public static KafkaProbe connect(Map<String, String> environment) {
        return new KafkaProbe(clientSettings(environment));
    }

    /**
     * The settings of a Kafka client from {@code CLIENTELE_KAFKA_…}, for clients that a test makes
     * itself.
     */
    public static Map<String, Object> clientSettings(Map<String, String> environment) {
        Map<String, Object> settings = new LinkedHashMap<>();
        put(settings, "bootstrap.servers", environment.get("CLIENTELE_KAFKA_BOOTSTRAP_SERVERS"));
        put(settings, "security.protocol", environment.get("CLIENTELE_KAFKA_SECURITY_PROTOCOL"));
        put(settings, "sasl.mechanism", environment.get("CLIENTELE_KAFKA_SASL_MECHANISM"));
        put(settings, "sasl.jaas.config", environment.get("CLIENTELE_KAFKA_SASL_JAAS_CONFIG"));
        return settings;
    }

    private static void put(Map<String, Object> settings, String key, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            settings.put(key, value);
        }
    }

    /** A client for administration; the caller closes it. */
    public Admin admin() {
        return Admin.create(settings);
    }

    /** Creates a topic; one that exists is left as it is. */
    public void createTopic(String name, int partitions, Map<String, String> topicSettings) {
        try (Admin admin = admin()) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(name, Optional.of(partitions), Optional.empty())
                                            .configs(topicSettings)))
                    .all()
                    .get();
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("cannot create topic " + name, failed.getCause());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while creating topic " + name, interrupted);
        }
    }

    /** Writes a record and returns when all replicas have it. */
    public RecordMetadata send(ProducerRecord<String, byte[]> record) {
        try {
            return producer().send(record).get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("cannot write to " + record.topic(), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while writing to " + record.topic(), interrupted);
        }
    }

    private synchronized KafkaProducer<String, byte[]> producer() {
        if (producer == null) {
            Map<String, Object> all = new HashMap<>(settings);
            all.put("acks", "all");
            producer = new KafkaProducer<>(all, new StringSerializer(), new ByteArraySerializer());
        }
        return producer;
    }

    /**
     * A consumer that reads committed records only; in a group if one is given. The caller closes
     * it.
     */
    public KafkaConsumer<String, byte[]> consumer(@Nullable String group) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("isolation.level", "read_committed");
        all.put("auto.offset.reset", "earliest");
        all.put("enable.auto.commit", "false");
        all.put("allow.auto.create.topics", "false");
        if (group != null) {
            all.put("group.id", group);
        }
        return new KafkaConsumer<>(all, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Every committed record the topic has now, partition by partition in the order of offsets;
     * none if there is no such topic.
     */
    public List<ConsumerRecord<String, byte[]>> all(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer(null)) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
            if (partitions.isEmpty()) {
                return found;
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!atEnd(consumer, ends)) {
                consumer.poll(POLL).forEach(found::add);
            }
            found.sort((left, right) ->
                    left.partition() != right.partition()
                            ? Integer.compare(left.partition(), right.partition())
                            : Long.compare(left.offset(), right.offset()));
            return found;
        }
    }

    private static boolean atEnd(
            KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<String, byte[]> consumer, String topic) {
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        return known == null
                ? List.of()
                : known.stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
    }

    /**
     * Reads committed records from the beginning until {@code count} of them satisfy {@code
     * wanted}, and returns those.
     *
     * @throws AssertionError if they do not come within {@code limit}; it says how many came
     */
    public List<ConsumerRecord<String, byte[]>> await(
            String topic,
            int count,
            Duration limit,
            Predicate<ConsumerRecord<String, byte[]>> wanted) {
        long deadline = System.nanoTime() + limit.toNanos();
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(null)) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            while (partitions.isEmpty() && System.nanoTime() < deadline) {
                partitions = partitions(consumer, topic);
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (found.size() < count && System.nanoTime() < deadline) {
                consumer.poll(POLL)
                        .forEach(record -> {
                            if (wanted.test(record)) {
                                found.add(record);
                            }
                        });
            }
        }
        if (found.size() < count) {
            throw new AssertionError(
                    "expected "
                            + count
                            + " records on "
                            + topic
                            + " within "
                            + limit
                            + ", came "
                            + found.size());
        }
        return found;
    }

    /** As {@link #await(String, int, Duration, Predicate)}, of any record. */
    public List<ConsumerRecord<String, byte[]>> await(String topic, int count, Duration limit) {
        return await(topic, count, limit, any -> true);
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
            producer = null;
        }
    }
}
