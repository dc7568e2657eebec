package io.clientele.common.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where Kafka is, as whom a service speaks to it, and the settings on which the platform's
 * guarantees rest. Thread-safe.
 */
@ApplicationScoped
public class KafkaSettings {
    private final Map<String, Object> connection;
    private final String instance;
    private final int partitions;
    private final short replication;

    @Inject
    KafkaSettings(
            @ConfigProperty(
                            name = "CLIENTELE_KAFKA_BOOTSTRAP_SERVERS",
                            defaultValue = "localhost:8091")
                    String servers,
            @ConfigProperty(name = "CLIENTELE_KAFKA_SECURITY_PROTOCOL", defaultValue = "PLAINTEXT")
                    String protocol,
            @ConfigProperty(name = "CLIENTELE_KAFKA_SASL_MECHANISM") Optional<String> mechanism,
            @ConfigProperty(name = "CLIENTELE_KAFKA_SASL_JAAS_CONFIG") Optional<String> jaas,
            @ConfigProperty(name = "CLIENTELE_INSTANCE", defaultValue = "0") String instance,
            @ConfigProperty(name = "CLIENTELE_PARTITIONS", defaultValue = "8") int partitions,
            @ConfigProperty(name = "CLIENTELE_REPLICATION", defaultValue = "1") short replication) {
        var settings = new HashMap<String, Object>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        mechanism.ifPresent(it -> settings.put(SaslConfigs.SASL_MECHANISM, it));
        jaas.ifPresent(it -> settings.put(SaslConfigs.SASL_JAAS_CONFIG, it));
        this.connection = Map.copyOf(settings);
        this.instance = instance;
        this.partitions = partitions;
        this.replication = replication;
    }

    /** Address and credentials, for any client. */
    public Map<String, Object> connection() {
        return connection;
    }

    /**
     * This process among those of its service: {@code CLIENTELE_INSTANCE}. Two at once of one name
     * fence each other; one that comes back takes its partitions over without waiting for a session
     * to end.
     */
    public String instance() {
        return instance;
    }

    /** Partitions of a topic keyed by member: {@code CLIENTELE_PARTITIONS}. */
    public int partitions() {
        return partitions;
    }

    /** Copies of each partition: {@code CLIENTELE_REPLICATION}. */
    public short replication() {
        return replication;
    }

    /** An idempotent producer that waits for all replicas; keys and values are bytes. */
    public Map<String, Object> producer() {
        var settings = new HashMap<>(connection);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }

    /**
     * A consumer that reads committed records only and commits nothing by itself; keys and values
     * are bytes. Long polls keep an idle service quiet and delay nothing: a fetch ends with the
     * first record.
     */
    public Map<String, Object> consumer() {
        var settings = new HashMap<>(connection);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 2000);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    /** A new admin client; the caller closes it. */
    public Admin admin() {
        return Admin.create(connection);
    }
}
