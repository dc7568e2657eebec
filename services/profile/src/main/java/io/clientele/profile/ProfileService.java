package io.clientele.profile;

import com.mongodb.MongoException;
import io.clientele.common.kafka.Backoff;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.kafka.TopicCreator;
import io.clientele.common.kafka.TransactionalLoop;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.Topics;
import io.clientele.profile.identity.IdentityHash;
import io.clientele.profile.identity.IdentityRepository;
import io.clientele.profile.identity.ResolveStep;
import io.clientele.profile.member.MemberStore;
import io.clientele.profile.registry.ProgramRegistry;
import io.clientele.profile.watermark.KafkaOffsets;
import io.clientele.profile.watermark.Offsets;
import io.clientele.profile.watermark.WatermarkSampler;
import io.clientele.profile.watermark.Watermarks;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts resolve, apply and the watermarks once Kafka and the store answer, and stops them. Kafka
 * or the store away at the start: tried again without end, readiness down.
 */
@ApplicationScoped
public class ProfileService {
    /** The consumer group of resolve. */
    public static final String RESOLVE_GROUP = "profile-resolve";

    /** The consumer group of apply. */
    public static final String APPLY_GROUP = "profile-apply";

    private static final Logger LOG = Logger.getLogger(ProfileService.class);
    private static final int BATCH = 500;
    private static final Duration RESOLVE_INTERVAL = Duration.ofMillis(500);
    private static final Duration APPLY_INTERVAL = Duration.ofMillis(250);

    private final KafkaSettings kafka;
    private final TopicCreator topics;
    private final ProgramRegistry registry;
    private final IdentityHash hash;
    private final IdentityRepository identities;
    private final MemberStore members;
    private final Clock clock;
    private final Thread starter;
    private volatile boolean stopped;
    private volatile @Nullable Running running;

    @Inject
    ProfileService(
            KafkaSettings kafka,
            TopicCreator topics,
            ProgramRegistry registry,
            IdentityHash hash,
            IdentityRepository identities,
            MemberStore members,
            Clock clock) {
        this.kafka = kafka;
        this.topics = topics;
        this.registry = registry;
        this.hash = hash;
        this.identities = identities;
        this.members = members;
        this.clock = clock;
        this.starter = Thread.ofPlatform().name("profile-start").daemon().unstarted(this::start);
    }

    /** What runs while the service does. */
    private record Running(
            Admin admin,
            TransactionalLoop resolve,
            TransactionalLoop apply,
            WatermarkSampler sampler,
            Watermarks watermarks,
            Offsets offsets) {
        void close() {
            sampler.close();
            resolve.close();
            apply.close();
            admin.close(Duration.ofSeconds(5));
        }
    }

    void onStart(@Observes StartupEvent event) {
        starter.start();
    }

    void onStop(@Observes ShutdownEvent event) {
        stopped = true;
        starter.interrupt();
        var current = running;
        if (current != null) {
            current.close();
        }
    }

    /** True once everything has started. */
    public boolean isStarted() {
        return running != null;
    }

    /** False while resolve's last batch has failed. */
    public boolean isResolving() {
        var current = running;
        return current != null && current.resolve().isHealthy();
    }

    /** False while apply's last batch has failed. */
    public boolean isApplying() {
        var current = running;
        return current != null && current.apply().isHealthy();
    }

    /** The watermarks, once everything has started. */
    public Optional<Watermarks> watermarks() {
        return Optional.ofNullable(running).map(Running::watermarks);
    }

    /**
     * Records that wait.
     *
     * @param toResolve received, not resolved
     * @param toApply resolved, not applied
     */
    public record Lag(long toResolve, long toApply) {}

    /** What waits now; absent while the broker does not say. Asks the broker. */
    public Optional<Lag> lag() {
        var current = running;
        if (current == null) {
            return Optional.empty();
        }
        try {
            var offsets = current.offsets();
            return Optional.of(
                    new Lag(
                            waiting(offsets.receivedEnds(), offsets.resolveCommitted()),
                            waiting(offsets.resolvedEnds(), current.watermarks().positions())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static long waiting(Map<Integer, Long> ends, Map<Integer, Long> reached) {
        return ends.entrySet().stream()
                .mapToLong(
                        end -> Math.max(0, end.getValue() - reached.getOrDefault(end.getKey(), 0L)))
                .sum();
    }

    private void start() {
        var pause = Backoff.standard();
        boolean registryStarted = false;
        while (!stopped) {
            try {
                topics.create(
                        List.of(
                                topics.compacted(Topics.PROGRAM_REGISTRY, 1),
                                topics.log(Topics.MEMBER_EVENTS_RECEIVED),
                                topics.log(Topics.MEMBER_EVENTS_RESOLVED),
                                topics.log(Topics.MEMBER_EVENTS),
                                topics.compacted(Topics.MEMBER_PROFILES, kafka.partitions()),
                                topics.log(Topics.DEAD_LETTERS)));
                if (!registryStarted) {
                    registry.start();
                    registryStarted = true;
                }
                registry.refresh();
                members.prepare();
                run();
                LOG.infof("profile started partitions=%d", kafka.partitions());
                return;
            } catch (InterruptedException e) {
                return;
            } catch (KafkaException | MongoException | IllegalStateException e) {
                LOG.warnf("profile cannot start yet, trying again reason=%s", e);
                if (!pause.sleep(() -> stopped)) {
                    return;
                }
            }
        }
    }

    private void run() throws InterruptedException {
        var admin = kafka.admin();
        try {
            var topicId = topicId(admin);
            var offsets = new KafkaOffsets(admin, RESOLVE_GROUP, kafka.partitions());
            var watermarks = new Watermarks(offsets, clock);
            Map<String, Object> batches = Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
            var current =
                    new Running(
                            admin,
                            new TransactionalLoop(
                                    RESOLVE_GROUP,
                                    List.of(Topics.MEMBER_EVENTS_RECEIVED),
                                    kafka,
                                    RESOLVE_INTERVAL,
                                    batches,
                                    new ResolveStep(
                                            hash,
                                            identities,
                                            registry,
                                            clock,
                                            () -> new MemberId(UUID.randomUUID().toString()))),
                            new TransactionalLoop(
                                    APPLY_GROUP,
                                    List.of(Topics.MEMBER_EVENTS_RESOLVED),
                                    kafka,
                                    APPLY_INTERVAL,
                                    batches,
                                    members.apply(topicId, watermarks)),
                            new WatermarkSampler(watermarks),
                            watermarks,
                            offsets);
            current.resolve().start();
            current.apply().start();
            current.sampler().start();
            running = current;
            if (stopped) {
                current.close();
            }
        } catch (RuntimeException e) {
            admin.close(Duration.ofSeconds(5));
            throw e;
        }
    }

    private static String topicId(Admin admin) throws InterruptedException {
        try {
            var described =
                    admin.describeTopics(List.of(Topics.MEMBER_EVENTS_RESOLVED))
                            .allTopicNames()
                            .get()
                            .get(Topics.MEMBER_EVENTS_RESOLVED);
            if (described == null) {
                throw new IllegalStateException(Topics.MEMBER_EVENTS_RESOLVED + " is not there");
            }
            return described.topicId().toString();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topic's id is not to be had", e.getCause());
        }
    }
}
