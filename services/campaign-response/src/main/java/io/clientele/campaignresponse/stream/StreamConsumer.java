package io.clientele.campaignresponse.stream;

import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.kafka.PositionedLoop;
import io.clientele.contracts.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads profiles, membership changes and events. The offsets are kept with what was written, so
 * that a crash neither loses nor doubles anything. What fails is tried again without end.
 *
 * <p>The three topics have the same keys and as many partitions, and are assigned alike: who reads
 * a member's memberships reads the member's profile. A profile stands on its topic before the
 * membership that follows from the same event; before memberships are applied, profiles are
 * therefore read to where they stood then. So consent that came with an enrollment is known when
 * the enrollment is an occasion to write.
 */
@ApplicationScoped
public class StreamConsumer {
    /** Everything this service reads. */
    public static final List<String> TOPICS =
            List.of(Topics.MEMBER_PROFILES, Topics.SEGMENT_MEMBERSHIPS, Topics.MEMBER_EVENTS);

    private static final String GROUP = "campaign-response";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final PositionedLoop.Batches BATCHES =
            new PositionedLoop.Batches(4_000, Duration.ofMillis(200));
    private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(60);

    private final StreamService service;
    private final KafkaSettings settings;
    private final Clock clock;
    private final PositionedLoop loop;
    private volatile @Nullable Admin connected;

    @Inject
    StreamConsumer(StreamService service, KafkaSettings settings, Clock clock) {
        this.service = service;
        this.clock = clock;
        this.settings = settings;
        this.loop =
                new PositionedLoop(
                        GROUP,
                        TOPICS,
                        settings,
                        POLL,
                        BATCHES,
                        Map.of(
                                // Gives partitions of one number to one reader, whatever their
                                // topic.
                                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                                RangeAssignor.class.getName()),
                        new Streams());
    }

    /** Starts; the topics must exist. */
    public void start() {
        loop.start();
    }

    /** False until partitions are assigned, and while the last attempt has failed. */
    public boolean isHealthy() {
        return loop.isHealthy();
    }

    @PreDestroy
    void close() {
        loop.close();
        var admin = connected;
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }

    /** In the loop's thread, where a Kafka that is away is tried again. */
    private Admin admin() {
        var admin = connected;
        if (admin == null) {
            admin = settings.admin();
            connected = admin;
        }
        return admin;
    }

    private static boolean hasReached(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static Map<TopicPartition, Long> ends(Admin admin, Collection<Integer> partitions) {
        var wanted = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition ->
                wanted.put(
                        new TopicPartition(Topics.MEMBER_PROFILES, partition),
                        OffsetSpec.latest()));
        try {
            var ends = new HashMap<TopicPartition, Long>();
            admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the ends of profiles are not known", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private final class Streams implements PositionedLoop.Reader {
        private final Map<TopicPartition, PositionRepository.Position> written = new HashMap<>();
        private long assignments;

        @Override
        public void revoked(Collection<TopicPartition> partitions) {
            assignments++;
            partitions.forEach(written::remove);
        }

        @Override
        public Map<TopicPartition, Long> assigned(Collection<TopicPartition> partitions) {
            assignments++;
            var known = service.positions();
            var next = new HashMap<TopicPartition, Long>();
            // What stands there may be of a consumer that has failed.
            partitions.forEach(written::remove);
            partitions.forEach(partition -> {
                var position = known.get(partition);
                next.put(partition, position == null ? 0 : position.next());
                if (position != null) {
                    written.put(partition, position);
                }
            });
            return next;
        }

        @Override
        public void read(
                ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
            var moved = moved(consumer, records, consumer.assignment());
            if (moved.isEmpty()) {
                return;
            }
            var profiles = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            var rest = new ArrayList<ConsumerRecord<byte[], byte[]>>(records.count());
            var memberships = new HashSet<Integer>();
            for (var record : records) {
                (record.topic().equals(Topics.MEMBER_PROFILES) ? profiles : rest).add(record);
                if (record.topic().equals(Topics.SEGMENT_MEMBERSHIPS)) {
                    memberships.add(record.partition());
                }
            }
            if (!memberships.isEmpty()) {
                var ends = ends(admin(), memberships);
                if (!hasReached(consumer, ends)) {
                    // In their order; read again after a crash, they change nothing.
                    service.write(profiles, Map.of());
                    profiles.clear();
                    catchUp(consumer, ends, moved);
                }
            }
            rest.addAll(profiles);
            service.write(rest, moved);
            written.putAll(moved);
        }

        /**
         * Reads on profiles, and applies them, until everything that stood on their topic is
         * applied, uncommitted transactions included: the one whose memberships were read may just
         * be committing.
         */
        private void catchUp(
                Consumer<byte[], byte[]> consumer,
                Map<TopicPartition, Long> ends,
                Map<TopicPartition, PositionRepository.Position> moved) {
            var others = new HashSet<>(consumer.assignment());
            others.removeAll(ends.keySet());
            long before = assignments;
            long deadline = System.nanoTime() + LONGEST_STANDSTILL.toNanos();
            consumer.pause(others);
            try {
                while (!hasReached(consumer, ends)) {
                    var more = consumer.poll(Duration.ofMillis(100));
                    if (assignments != before || System.nanoTime() > deadline) {
                        throw new IllegalStateException("profiles could not be caught up with");
                    }
                    // With their positions, so that an attempt that fails is not for nothing.
                    var at = moved(consumer, more, ends.keySet());
                    service.write(PositionedLoop.list(more), at);
                    written.putAll(at);
                    moved.putAll(at);
                    if (!at.isEmpty()) {
                        deadline = System.nanoTime() + LONGEST_STANDSTILL.toNanos();
                    }
                }
            } finally {
                consumer.resume(consumer.assignment());
            }
        }

        /** Positions that are not those written last; ends of transactions move them too. */
        private Map<TopicPartition, PositionRepository.Position> moved(
                Consumer<byte[], byte[]> consumer,
                ConsumerRecords<byte[], byte[]> records,
                Collection<TopicPartition> partitions) {
            var moved = new HashMap<TopicPartition, PositionRepository.Position>();
            for (var partition : partitions) {
                long next = consumer.position(partition);
                var last = written.get(partition);
                if (last == null || last.next() != next) {
                    var of = records.records(partition);
                    var asOf =
                            of.isEmpty()
                                    ? last == null ? clock.instant() : last.asOf()
                                    : Instant.ofEpochMilli(of.getLast().timestamp());
                    moved.put(partition, new PositionRepository.Position(next, asOf));
                }
            }
            return moved;
        }
    }
}
