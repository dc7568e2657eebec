package io.clientele.segmentation.verification;

import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.shard.ShardReader;
import io.clientele.segmentation.shard.ShardView;
import io.clientele.segmentation.shard.Shards;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Arc;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Verifies every active segment by a sample of its members when the last verification is older than
 * the interval, the longest unverified one first and one after the other, so that the work is
 * spread. One instance does it: the one that runs partition 0. A program without a client in the
 * environment is left out. Thread-safe.
 */
@ApplicationScoped
public class VerificationSchedule {
    private static final Logger LOG = Logger.getLogger(VerificationSchedule.class);
    private static final Duration TURN = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ACTOR = "schedule";

    private final VerificationService verifications;
    private final VerificationRepository repository;
    private final VerificationClients clients;
    private final ProgramTransactions transactions;
    private final Programs programs;
    private final Shards shards;
    private final ShardReader reader;
    private final TenantIdentityProvider identities;
    private final CurrentIdentityAssociation current;
    private final MeterRegistry registry;
    private final Clock clock;
    private final Duration every;
    private final int members;
    private final Map<ProgramId, Map<SegmentKey, Integer>> differences = new ConcurrentHashMap<>();
    private final ScheduledExecutorService turns =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("verification-schedule").daemon().factory());

    @Inject
    VerificationSchedule(
            VerificationService verifications,
            VerificationRepository repository,
            VerificationClients clients,
            ProgramTransactions transactions,
            Programs programs,
            Shards shards,
            ShardReader reader,
            TenantIdentityProvider identities,
            CurrentIdentityAssociation current,
            MeterRegistry registry,
            Clock clock,
            @ConfigProperty(name = "clientele.verification.every") Duration every,
            @ConfigProperty(name = "clientele.verification.members") int members) {
        this.verifications = verifications;
        this.repository = repository;
        this.clients = clients;
        this.transactions = transactions;
        this.programs = programs;
        this.shards = shards;
        this.reader = reader;
        this.identities = identities;
        this.current = current;
        this.registry = registry;
        this.clock = clock;
        this.every = every;
        this.members = members;
    }

    void start(@Observes StartupEvent event) {
        Gauge.builder("segmentation.verification.differences", this, it -> it.differing())
                .description("Members that differed in the last scheduled verifications")
                .register(registry);
        if (every.isPositive()) {
            var unused =
                    turns.scheduleWithFixedDelay(
                            this::turn, TURN.toMillis(), TURN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @PreDestroy
    void close() {
        turns.shutdownNow();
    }

    private void turn() {
        for (var program : programs.all()) {
            try {
                int unused = isOurs() ? run(program, clock.instant()) : 0;
            } catch (RuntimeException e) {
                LOG.warnf(e, "Program %s could not be verified now; tried again soon", program);
            }
        }
    }

    private boolean isOurs() {
        return shards.running().stream().mapToInt(ShardView::partition).anyMatch(it -> it == 0);
    }

    /**
     * Verifies what is due.
     *
     * @param now what was verified the interval before this or earlier is due
     * @return how many segments were verified; 0 if the program has no client here
     * @throws RuntimeException if Keycloak, profile or another instance does not answer; what was
     *     verified until then is kept
     */
    public int run(ProgramId program, Instant now) {
        if (!clients.has(program)) {
            return 0;
        }
        var known = differences.computeIfAbsent(program, unused -> new ConcurrentHashMap<>());
        // What is active no more differs no more.
        known.keySet().retainAll(reader.segmentsHere().getOrDefault(program, Set.of()));
        var due =
                transactions.call(program.value(), () -> repository.due(program, now.minus(every)));
        int verified = 0;
        for (var segment : due) {
            try {
                var result = verify(program, segment);
                known.put(segment, result.differences());
                tell(program, segment, result);
                verified++;
            } catch (RequestException e) {
                // Archived or put into quarantine just now; the next one may be verified.
                LOG.debugf(e, "Segment %s of program %s was not verified", segment, program);
            }
        }
        return verified;
    }

    private static void tell(ProgramId program, SegmentKey segment, Verification result) {
        if (result.differences() > 0) {
            LOG.errorf(
                    "Segment %s of program %s: %d of %d verified members differ; GET"
                            + " /v1/segments/%s/verifications names some",
                    segment, program, result.differences(), result.members(), segment);
        }
    }

    private Verification verify(ProgramId program, SegmentKey segment) {
        var token = clients.token(program);
        var context = Arc.container().requestContext();
        context.activate();
        try {
            current.setIdentity(
                    identities
                            .authenticate(new AccessTokenCredential(token))
                            .await()
                            .atMost(PATIENCE));
            return verifications.verify(program, segment, members, "Bearer " + token, ACTOR);
        } finally {
            context.terminate();
        }
    }

    private long differing() {
        return differences.values().stream()
                .flatMap(it -> it.values().stream())
                .mapToLong(Integer::longValue)
                .sum();
    }
}
