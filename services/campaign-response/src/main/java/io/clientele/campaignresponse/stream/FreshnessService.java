package io.clientele.campaignresponse.stream;

import io.clientele.common.kafka.KafkaSettings;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells how far all instances together have read: compares what PostgreSQL holds with what stands
 * on the topics. Thread-safe.
 */
@ApplicationScoped
public class FreshnessService {
    private static final long UNKNOWN = -1;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final StreamService service;
    private final KafkaSettings settings;
    private final Clock clock;
    private final Admin admin;

    @Inject
    FreshnessService(StreamService service, KafkaSettings settings, Clock clock) {
        this.service = service;
        this.settings = settings;
        this.clock = clock;
        this.admin = settings.admin();
    }

    /**
     * How fresh figures are.
     *
     * @param asOf everything that was published before this instant is counted
     * @param lag records that wait to be read, by topic
     */
    public record Freshness(Instant asOf, Map<String, Long> lag) {
        /** Takes a copy. */
        public Freshness {
            lag = Map.copyOf(lag);
        }
    }

    /**
     * Looks now; waits for Kafka for two seconds at most. While it does not answer, figures are as
     * of what was read last.
     */
    public Freshness now() {
        var before = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var ends = ends();
        var positions = service.positions();
        var lag = new TreeMap<String, Long>();
        var asOf = before;
        for (var end : ends.entrySet()) {
            var position = positions.get(end.getKey());
            long next = position == null ? 0 : position.next();
            long waiting = end.getValue() == UNKNOWN ? 1 : Math.max(0, end.getValue() - next);
            lag.merge(end.getKey().topic(), waiting, Long::sum);
            if (waiting > 0) {
                var read = position == null ? Instant.EPOCH : position.asOf();
                asOf = read.isBefore(asOf) ? read : asOf;
            }
        }
        return new Freshness(asOf, lag);
    }

    /** The committed ends; {@link #UNKNOWN} where Kafka did not say. */
    private Map<TopicPartition, Long> ends() {
        var wanted = new HashMap<TopicPartition, OffsetSpec>();
        for (var topic : StreamConsumer.TOPICS) {
            for (int partition = 0; partition < settings.partitions(); partition++) {
                wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
        try {
            return admin
                    .listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException | TimeoutException e) {
            return unknown(wanted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown(wanted);
        }
    }

    private static Map<TopicPartition, Long> unknown(Map<TopicPartition, OffsetSpec> wanted) {
        var ends = new HashMap<TopicPartition, Long>();
        wanted.keySet().forEach(partition -> ends.put(partition, UNKNOWN));
        return ends;
    }

    @PreDestroy
    void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
