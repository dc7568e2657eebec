package io.clientele.segmentation.shard;

import io.clientele.common.kafka.Backoff;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.contracts.Topics;
import io.clientele.segmentation.program.ProgramTopics;
import io.clientele.segmentation.program.Programs;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Kafka Streams in this process, exactly once: a record's state, output and offset are one
 * transaction. A thread that fails is replaced after a growing pause, without end.
 */
@ApplicationScoped
public class ShardStreams {
    private static final Logger LOG = Logger.getLogger(ShardStreams.class);

    /** Consumer group, prefix of transactional ids and of internal topics. */
    public static final String APPLICATION = "segmentation";

    private final KafkaSettings settings;
    private final Programs programs;
    private final ProgramTopics topics;
    private final Clock clock;
    private final Shards shards;
    private final Path folder;
    private final int threads;
    private final String address;
    private final int standbys;
    private volatile @Nullable KafkaStreams streams;
    private volatile boolean closed;

    @Inject
    ShardStreams(
            KafkaSettings settings,
            Programs programs,
            ProgramTopics topics,
            Clock clock,
            Shards shards,
            @ConfigProperty(name = "CLIENTELE_DATA", defaultValue = ".clientele/segmentation")
                    Path folder,
            @ConfigProperty(name = "CLIENTELE_SEGMENTATION_THREADS", defaultValue = "2")
                    int threads,
            @ConfigProperty(name = "clientele.segmentation.address") String address,
            @ConfigProperty(name = "CLIENTELE_SEGMENTATION_STANDBYS", defaultValue = "0")
                    int standbys) {
        this.settings = settings;
        this.programs = programs;
        this.topics = topics;
        this.clock = clock;
        this.shards = shards;
        this.folder = folder;
        this.threads = threads;
        this.address = address;
        this.standbys = standbys;
    }

    /** Starts; the topics must exist and the registry be read. */
    public void start() {
        var pause = Backoff.standard();
        var started =
                new KafkaStreams(
                        ShardTopology.build(programs, topics::ensure, clock, shards), properties());
        started.setUncaughtExceptionHandler(failure -> {
            LOG.warnf(failure, "stream thread failed, another takes its place");
            return pause.sleep(() -> closed)
                    ? StreamThreadExceptionResponse.REPLACE_THREAD
                    : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        started.setStateListener((now, before) -> {
            LOG.infof("streams state=%s before=%s", now, before);
            if (now == KafkaStreams.State.RUNNING) {
                pause.reset();
            }
        });
        streams = started;
        started.start();
    }

    @PreDestroy
    void close() {
        closed = true;
        var running = streams;
        if (running != null) {
            running.close(Duration.ofSeconds(8));
        }
    }

    /** Whether what is here can be read. */
    boolean isRunning() {
        var running = streams;
        return running != null && running.state() == KafkaStreams.State.RUNNING;
    }

    /** Whether every partition's members can be read, here or at an instance that is known. */
    public boolean isReady() {
        if (!isRunning()) {
            return false;
        }
        var known = new HashSet<>(elsewhere().keySet());
        shards.running().forEach(view -> known.add(view.partition()));
        return known.size() == settings.partitions();
    }

    /** Who has the partitions that are active in other instances, as host:port, by partition. */
    Map<Integer, String> elsewhere() {
        var found = new HashMap<Integer, String>();
        var running = streams;
        if (running == null || !isRunning()) {
            return found;
        }
        for (var instance : running.metadataForAllStreamsClients()) {
            var host = instance.hostInfo();
            var address = host.host() + ":" + host.port();
            if (!address.equals(this.address)) {
                for (var partition : instance.topicPartitions()) {
                    if (partition.topic().equals(Topics.MEMBER_EVENTS)) {
                        found.put(partition.partition(), address);
                    }
                }
            }
        }
        return found;
    }

    /** What the streams are doing, for people. */
    public String state() {
        var running = streams;
        return running == null ? "NOT_STARTED" : running.state().name();
    }

    /** The consumers' own measurements and everything else that Streams measures. */
    public Optional<KafkaStreams> running() {
        return Optional.ofNullable(streams);
    }

    /**
     * A store of one partition, for reading beside the writer.
     *
     * @throws InvalidStateStoreException if the partition is not active here
     */
    ReadOnlyKeyValueStore<Bytes, byte[]> store(String name, int partition) {
        var running = streams;
        if (running == null) {
            throw new InvalidStateStoreException("not started");
        }
        return running.store(
                StoreQueryParameters.fromNameAndType(
                                name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                        .withPartition(partition));
    }

    private Properties properties() {
        var all = new Properties();
        all.putAll(settings.connection());
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        all.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address);
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
        // What is restored in about a second moves at once, with that pause. More than that is
        // taken over once the new instance has caught up; looked at this often.
        all.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 100_000L);
        all.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
        // All of its share catches up at once, or the last of it would move minutes later.
        all.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, settings.partitions());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.replication());
        all.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("streams").toString());
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        all.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                APPLICATION + "-" + settings.instance());
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 3_000);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 2_000);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        // A definition is one record, whose transaction evaluates every member of the program.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 120_000);
        return all;
    }
}
