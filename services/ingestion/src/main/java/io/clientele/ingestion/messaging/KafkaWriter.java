package io.clientele.ingestion.messaging;

import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.problem.TransientException;
import io.clientele.ingestion.IngestionError;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes to Kafka: one idempotent producer for the process, {@code acks=all}. A record is
 * acknowledged or given up within {@link #LONGEST}; what waits meanwhile is bounded by the
 * producer's 32 MiB buffer, so a slow broker slows callers down instead of filling memory.
 * Thread-safe.
 */
@ApplicationScoped
public class KafkaWriter {
    /** How long a record may wait for its acknowledgement. */
    public static final Duration LONGEST = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;

    @Inject
    KafkaWriter(KafkaSettings settings) {
        this(new KafkaProducer<>(producerSettings(settings)));
    }

    /** For tests: over another producer. */
    public KafkaWriter(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    private static Map<String, Object> producerSettings(KafkaSettings settings) {
        var all = new HashMap<>(settings.producer());
        all.put(ProducerConfig.CLIENT_ID_CONFIG, "ingestion-" + settings.instance());
        all.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 65_536);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 33_554_432L);
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 1_048_576);
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) LONGEST.toMillis());
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST.toMillis());
        return all;
    }

    /**
     * Hands a record over.
     *
     * @return completed when all replicas have it, exceptionally when it was given up
     */
    public CompletableFuture<@Nullable Void> send(ProducerRecord<byte[], byte[]> record) {
        var result = new CompletableFuture<@Nullable Void>();
        try {
            var unused =
                    producer.send(
                            record,
                            (metadata, failure) -> {
                                if (failure == null) {
                                    result.complete(null);
                                } else {
                                    result.completeExceptionally(failure);
                                }
                            });
        } catch (KafkaException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    /**
     * Waits for acknowledgements.
     *
     * @throws TransientException if one of them does not come
     */
    public static void await(Iterable<CompletableFuture<@Nullable Void>> sent) {
        for (var one : sent) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw notTaken(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notTaken(e);
            }
        }
    }

    private static TransientException notTaken(@Nullable Throwable cause) {
        return new TransientException(
                IngestionError.EVENTS_NOT_TAKEN,
                "Kafka did not acknowledge within "
                        + LONGEST.toSeconds()
                        + " seconds. Send the same again; what was taken already has no second"
                        + " effect.",
                LONGEST,
                cause);
    }

    @PreDestroy
    void close() {
        producer.close(LONGEST);
    }
}
