package io.clientele.reporting.fact;

import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ResponseKind;
import io.clientele.reporting.live.LiveChanges;
import io.clientele.reporting.live.LiveService;
import io.clientele.reporting.position.Position;
import io.clientele.reporting.position.PositionRepository;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes facts and how far they were read, in one transaction. For one writer at a time. */
@ApplicationScoped
class FactService {
    private static final Logger LOG = Logger.getLogger(FactService.class);

    /** After so many records, then whenever they have doubled, then every so many. */
    private static final long FIRST_ANALYSIS = 20_000;

    private static final long ANALYSIS_INTERVAL = 500_000;

    private final FactRepository facts;
    private final MembershipService memberships;
    private final PositionRepository positionRepository;
    private final ProgramTransactions transactions;
    private final DeadLetterPublisher deadLetters;
    private final LiveService live;
    private final FactMetrics metrics;
    private final Map<TopicPartition, Position> positions = new ConcurrentHashMap<>();
    private long written;
    private long nextAnalysis = FIRST_ANALYSIS;

    @Inject
    FactService(
            FactRepository facts,
            MembershipService memberships,
            PositionRepository positionRepository,
            ProgramTransactions transactions,
            DeadLetterPublisher deadLetters,
            LiveService live,
            FactMetrics metrics) {
        this.facts = facts;
        this.memberships = memberships;
        this.positionRepository = positionRepository;
        this.transactions = transactions;
        this.deadLetters = deadLetters;
        this.live = live;
        this.metrics = metrics;
    }

    /** Where to read on with partitions that are ours from now on. */
    Map<TopicPartition, Long> assigned(Collection<TopicPartition> partitions) {
        var read =
                QuarkusTransaction.requiringNew().call(() -> positionRepository.read(partitions));
        positions.putAll(read);
        var next = new HashMap<TopicPartition, Long>();
        read.forEach((partition, position) -> next.put(partition, position.next()));
        return next;
    }

    /** These are another's now. */
    void revoked(Collection<TopicPartition> partitions) {
        partitions.forEach(positions::remove);
    }

    /** Records set aside since this process started. */
    long refused() {
        return metrics.refused();
    }

    /**
     * Writes what was read and that it was read.
     *
     * @param records in the order of their partitions
     * @param next the offset that follows in each of those partitions
     */
    void write(List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Long> next) {
        long began = System.nanoTime();
        var batch = FactBatch.of(records);
        if (!batch.unreadable().isEmpty()) {
            deadLetters.publish(batch.unreadable());
            metrics.refused(batch.unreadable().size());
            LOG.warnf("records set aside as unreadable count=%d", batch.unreadable().size());
        }
        var from = Map.copyOf(positions);
        var to = new HashMap<TopicPartition, Position>();
        next.forEach((partition, offset) ->
                to.put(partition, new Position(offset, through(batch, from, partition))));
        live.commit(() ->
                QuarkusTransaction.requiringNew()
                        .call(() -> {
                            positionRepository.advance(from, to);
                            var changes = new HashMap<ProgramId, LiveChanges>();
                            batch.programs()
                                    .forEach((program, of) ->
                                            changes.put(program, write(program, of)));
                            return new LiveService.Committed(
                                    changes, positionRepository.asOf().orElse(null));
                        }));
        positions.putAll(to);
        metrics.written(records.size(), Duration.ofNanos(System.nanoTime() - began));
        written += records.size();
        if (written >= nextAnalysis) {
            nextAnalysis = written + Math.min(written, ANALYSIS_INTERVAL);
            QuarkusTransaction.requiringNew().run(facts::analyze);
        }
    }

    private LiveChanges write(ProgramId program, FactBatch.OfProgram batch) {
        transactions.enter(program.value());
        if (!batch.eventCounts.isEmpty()) {
            facts.countEvents(program, batch.eventCounts);
        }
        var takenBack =
                batch.takenBack.isEmpty()
                        ? FactRepository.TakenBack.NOTHING
                        : facts.takeBack(program, batch.takenBack);
        if (!batch.events.isEmpty()) {
            facts.addEvents(program, batch.events);
        }
        if (!takenBack.members().isEmpty()) {
            facts.restart(program, takenBack.members());
        }
        var moved = memberships.apply(program, batch.memberships);
        var contacts =
                batch.contacts.isEmpty()
                        ? Map.<String, Long>of()
                        : facts.addContacts(program, batch.contacts);
        var responses = new HashMap<String, Map<ResponseKind, Long>>();
        count(responses, takenBack.answers(), -1);
        if (!batch.responses.isEmpty()) {
            count(responses, facts.addResponses(program, batch.responses), 1);
        }
        return new LiveChanges(
                batch.eventCount(), moved.sizes(), moved.changes(), contacts, responses);
    }

    private static void count(
            Map<String, Map<ResponseKind, Long>> responses,
            Set<FactRepository.Answer> answers,
            long each) {
        for (var answer : answers) {
            responses
                    .computeIfAbsent(answer.campaign(), unused -> new EnumMap<>(ResponseKind.class))
                    .merge(answer.kind(), each, Long::sum);
        }
    }

    private static @Nullable Instant through(
            FactBatch batch, Map<TopicPartition, Position> from, TopicPartition partition) {
        var told = batch.through().get(partition);
        var held = from.get(partition);
        var before = held == null ? null : held.through();
        return told == null || (before != null && before.isAfter(told)) ? before : told;
    }
}
