package io.clientele.segmentation.verification;

import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.engine.MemberHistory;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.override.OverrideRepository;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.SegmentPlan;
import io.clientele.segmentation.shard.ShardReader;
import io.clientele.segmentation.shard.StoredHistory;
import io.clientele.segmentation.verification.Verification.Difference;
import io.clientele.segmentation.verification.Verification.Side;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;

/**
 * Makes memberships again from the events that profile has stored, one member at a time, with
 * nothing that a shard keeps, and compares. Members whose events are still on their way look
 * different for a moment: who differs is read a second time. Thread-safe.
 */
@ApplicationScoped
class VerificationService {
    private static final int USUAL_MEMBERS = 1_000;
    private static final int MOST_MEMBERS = 100_000;
    private static final int BATCH = 200;
    private static final int EXAMPLES = 20;

    /** How long events may be on their way before who lacks them differs. */
    private static final int LOOKS = 4;

    private static final long PAUSE_MILLIS = 1_500;

    private final ShardReader shards;
    private final StatedQuestion stated;
    private final SegmentService segments;
    private final OverrideRepository overrides;
    private final VerificationRepository repository;
    private final ProgramTransactions transactions;
    private final FactsClient profile;

    @Inject
    VerificationService(
            ShardReader shards,
            StatedQuestion stated,
            SegmentService segments,
            OverrideRepository overrides,
            VerificationRepository repository,
            ProgramTransactions transactions,
            @RestClient FactsClient profile) {
        this.shards = shards;
        this.stated = stated;
        this.segments = segments;
        this.overrides = overrides;
        this.repository = repository;
        this.transactions = transactions;
        this.profile = profile;
    }

    /** The results of a segment, the latest first. */
    List<Verification> list(ProgramId program, SegmentKey segment, int limit) {
        var unused = segments.find(program, segment);
        return transactions.call(program.value(), () -> repository.list(program, segment, limit));
    }

    /**
     * Compares and keeps the result.
     *
     * @param members how many, drawn by lot; null: 1,000
     * @param authorization the caller's own, which profile checks again
     * @throws TransientException if profile does not answer
     */
    Verification verify(
            ProgramId program,
            SegmentKey segment,
            @Nullable Integer members,
            String authorization,
            String actor) {
        long started = System.nanoTime();
        int wanted = members == null ? USUAL_MEMBERS : members;
        if (wanted < 1 || wanted > MOST_MEMBERS) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "A verification compares 1 to " + MOST_MEMBERS + " members.",
                    List.of(new FieldError("/members", "expected 1 to " + MOST_MEMBERS)));
        }
        var unused = segments.find(program, segment);
        var plan =
                shards.plan(program)
                        .flatMap(it -> it.segment(segment))
                        .orElseThrow(() -> SegmentService.absent(segment));
        var model = shards.plan(program).orElseThrow().model();
        int draw = (wanted + shards.partitions() - 1) / shards.partitions();
        var compared = new Compared(program, plan, model, authorization);
        compared.look(
                shards.ask(stated, program, new StatedQuestion.Asked(segment, List.of(), draw)));
        for (int look = 1; look < LOOKS && !compared.differences.isEmpty(); look++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            var again = List.copyOf(compared.differences.keySet());
            compared.differences.clear();
            compared.look(shards.ask(stated, program, new StatedQuestion.Asked(segment, again, 0)));
        }
        var result =
                new Verification(
                        compared.asOf,
                        plan.version(),
                        compared.members,
                        compared.differences.size(),
                        compared.differences.values().stream().limit(EXAMPLES).toList(),
                        (System.nanoTime() - started) / 1_000_000,
                        actor);
        transactions.run(program.value(), () -> repository.add(program, segment, result));
        return result;
    }

    /** What was found so far. */
    private final class Compared {
        private final ProgramId program;
        private final SegmentPlan segment;
        private final ProgramModel model;
        private final String authorization;
        private final Map<MemberId, Difference> differences = new TreeMap<>();
        private Instant asOf = Instant.MAX;
        private int members;

        Compared(ProgramId program, SegmentPlan segment, ProgramModel model, String authorization) {
            this.program = program;
            this.segment = segment;
            this.model = model;
            this.authorization = authorization;
        }

        void look(List<StatedQuestion.Answer> partitions) {
            boolean isFirst = members == 0;
            for (var partition : partitions) {
                asOf = partition.asOf().isBefore(asOf) ? partition.asOf() : asOf;
                var all = partition.members();
                for (int from = 0; from < all.size(); from += BATCH) {
                    compare(
                            all.subList(from, Math.min(from + BATCH, all.size())),
                            partition.asOf());
                }
                members += isFirst ? all.size() : 0;
            }
        }

        private void compare(List<StatedQuestion.Stated> batch, Instant at) {
            var ids = batch.stream().map(StatedQuestion.Stated::member).toList();
            var histories = histories(ids);
            for (var one : batch) {
                var stored =
                        histories.getOrDefault(
                                one.member(),
                                new StoredHistory(
                                        Long.MAX_VALUE, new MemberHistory(one.member().value())));
                var verified =
                        new Side(
                                segment.holds(stored, at.toEpochMilli()),
                                stored.history().eventCount(),
                                stored.history().eventSum());
                var said = new Side(one.isInside(), one.events(), one.eventSum());
                if (!said.equals(verified)) {
                    differences.put(one.member(), new Difference(one.member(), said, verified));
                }
            }
        }

        private Map<MemberId, StoredHistory> histories(List<MemberId> ids) {
            var histories = new HashMap<MemberId, StoredHistory>();
            for (var facts : facts(ids)) {
                var history = new MemberHistory(facts.member().value());
                for (var event : facts.events()) {
                    var unused =
                            history.addEvent(
                                    model,
                                    event.source(),
                                    event.id(),
                                    event.type(),
                                    event.occurredAt(),
                                    event.properties());
                }
                for (var change : facts.changes()) {
                    var unused =
                            history.addAttribute(
                                    model,
                                    change.name(),
                                    change.value(),
                                    change.at(),
                                    change.source(),
                                    change.id());
                }
                histories.put(
                        facts.member(), new StoredHistory(facts.since().toEpochMilli(), history));
            }
            for (var change :
                    transactions.call(program.value(), () -> overrides.of(program, ids))) {
                var stored = histories.get(change.member());
                if (stored != null) {
                    var unused =
                            stored.history()
                                    .addAttribute(
                                            model,
                                            change.attribute(),
                                            change.isIncluded(),
                                            change.since(),
                                            "by-hand",
                                            change.attribute());
                }
            }
            return histories;
        }

        private List<FactsClient.Facts> facts(List<MemberId> ids) {
            try {
                return profile.facts(authorization, new FactsClient.Question(ids)).items();
            } catch (WebApplicationException | ProcessingException e) {
                throw new TransientException(
                        SegmentationError.FACTS_NOT_AVAILABLE,
                        "Profile, which has the events, gave no answer.",
                        e);
            }
        }
    }
}
