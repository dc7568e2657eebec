package io.clientele.segmentation.shard;

import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.SegmentationError;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the partitions, here and in the other instances, without making their writers wait. An
 * answer is complete or not given: every partition answers once, by the task that is active; while
 * one is restored or moved, or its instance does not answer, every method throws {@link
 * TransientException}. Partitions are asked in parallel; one that is elsewhere costs its instance's
 * round trip. Thread-safe; where partitions are elsewhere, only within a request, whose token goes
 * with the question.
 */
@ApplicationScoped
public class ShardReader {
    /** How often other instances are asked whether they have a definition. */
    private static final Duration POLL = Duration.ofMillis(25);

    private final ShardStreams streams;
    private final Shards shards;
    private final ShardPeers peers;
    private final ClockQuestion clocks;
    private final StandingsQuestion standings;
    private final RevisionQuestion revisions;
    private final KafkaSettings settings;
    private final Clock clock;
    private final ExecutorService workers =
            Executors.newFixedThreadPool(
                    Math.max(2, Runtime.getRuntime().availableProcessors()),
                    Thread.ofPlatform().name("shard-reader-", 0).daemon().factory());

    @Inject
    ShardReader(
            ShardStreams streams,
            Shards shards,
            ShardPeers peers,
            ClockQuestion clocks,
            StandingsQuestion standings,
            RevisionQuestion revisions,
            KafkaSettings settings,
            Clock clock) {
        this.streams = streams;
        this.shards = shards;
        this.peers = peers;
        this.clocks = clocks;
        this.standings = standings;
        this.revisions = revisions;
        this.settings = settings;
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        workers.shutdownNow();
    }

    /**
     * The instant that present memberships are true of: the least over all partitions; the wall
     * clock while no member is known.
     */
    public Instant asOf(ProgramId program) {
        return clocks(program).values().stream()
                .filter(it -> it.clock() > 0)
                .map(it -> Instant.ofEpochMilli(it.asOf()))
                .min(Instant::compareTo)
                .orElseGet(clock::instant);
    }

    /** The clock that is furthest behind of those that have begun. */
    public Optional<Instant> leastClock(ProgramId program) {
        return clocks(program).values().stream()
                .filter(it -> it.clock() > 0)
                .map(it -> Instant.ofEpochMilli(it.clock()))
                .min(Instant::compareTo);
    }

    /** Nothing happens if every partition can be read. */
    public void check(ProgramId program) {
        var unused = clocks(program);
    }

    /** Every partition's clock. */
    public Map<Integer, ClockQuestion.Answer> clocks(ProgramId program) {
        var answers = ask(clocks, program, new ClockQuestion.Asked());
        var clocks = new TreeMap<Integer, ClockQuestion.Answer>();
        for (int partition = 0; partition < answers.size(); partition++) {
            clocks.put(partition, answers.get(partition));
        }
        return clocks;
    }

    /**
     * A program's segments as a partition here has them, which all partitions soon have alike;
     * empty if none has any.
     *
     * @throws TransientException if this instance has no partition
     */
    public Optional<ProgramPlan> plan(ProgramId program) {
        var here = shards.running();
        if (here.isEmpty()) {
            throw notReady(null);
        }
        return here.stream().flatMap(view -> view.plan(program).stream()).findFirst();
    }

    /**
     * A segment as partitions have it.
     *
     * @param size how many members are in it now, as published
     * @param quarantine why it is not evaluated; null: it is
     * @param evaluations how often a member was judged, since the partitions came to where they are
     * @param nanos how long that took, estimated from some, in nanoseconds
     */
    public record Standing(long size, @Nullable String quarantine, long evaluations, long nanos) {
        private static final Standing NONE = new Standing(0, null, 0, 0);

        static Standing of(SegmentPlan segment) {
            return new Standing(
                    segment.size(),
                    segment.quarantine().orElse(null),
                    segment.cost().evaluations(),
                    segment.cost().nanos());
        }

        private Standing plus(Standing other) {
            return new Standing(
                    size + other.size,
                    quarantine == null ? other.quarantine : quarantine,
                    evaluations + other.evaluations,
                    nanos + other.nanos);
        }
    }

    /**
     * How a program's segment stands in the partitions that are here; empty if none of them has it.
     */
    public Optional<Standing> standingHere(ProgramId program, SegmentKey segment) {
        return shards.running().stream()
                .flatMap(view -> view.plan(program).stream())
                .flatMap(plan -> plan.segment(segment).stream())
                .map(Standing::of)
                .reduce(Standing::plus);
    }

    /** The active segments of all programs in the partitions that are here. */
    public Map<ProgramId, Set<SegmentKey>> segmentsHere() {
        var segments = new HashMap<ProgramId, Set<SegmentKey>>();
        for (var view : shards.running()) {
            view.plans()
                    .forEach((program, plan) ->
                            plan.segments().stream()
                                    .filter(SegmentPlan::active)
                                    .forEach(segment ->
                                            segments.computeIfAbsent(
                                                            program, unused -> new HashSet<>())
                                                    .add(segment.key())));
        }
        return segments;
    }

    /** How each of the segments stands now. */
    public Map<SegmentKey, Standing> standings(ProgramId program, Collection<SegmentKey> segments) {
        var sum = new HashMap<SegmentKey, Standing>();
        segments.forEach(segment -> sum.put(segment, Standing.NONE));
        var asked = new StandingsQuestion.Asked(List.copyOf(segments));
        for (var answer : ask(standings, program, asked)) {
            answer.standings()
                    .forEach((segment, standing) -> sum.merge(segment, standing, Standing::plus));
        }
        return sum;
    }

    /** How many members are in each of the segments now, as published. */
    public Map<SegmentKey, Long> sizes(ProgramId program, Collection<SegmentKey> segments) {
        var sizes = new HashMap<SegmentKey, Long>();
        standings(program, segments).forEach((segment, it) -> sizes.put(segment, it.size()));
        return sizes;
    }

    /**
     * Waits until every partition has a definition.
     *
     * @return how many have it
     */
    public int awaitDefinition(
            ProgramId program, SegmentKey segment, long revision, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        var asked = new RevisionQuestion.Asked(segment);
        while (true) {
            int having = 0;
            try {
                for (var answer : ask(revisions, program, asked)) {
                    having += answer.revision() >= revision ? 1 : 0;
                }
            } catch (TransientException moving) {
                // They come back with it.
                having = 0;
            }
            long left = deadline - System.nanoTime();
            if (having == settings.partitions() || left <= 0) {
                return having;
            }
            try {
                shards.awaitChange(Duration.ofNanos(Math.min(left, POLL.toNanos())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return having;
            }
        }
    }

    /** What the partition of a member says. */
    public <Q, A> A ask(ShardQuestion<Q, A> question, ProgramId program, MemberId member, Q asked) {
        return answers(question, program, asked, Set.of(partition(program, member))).getFirst();
    }

    /** How many partitions there are. */
    public int partitions() {
        return settings.partitions();
    }

    /** The partition of a member, in every topic that is keyed by members. */
    public int partition(ProgramId program, MemberId member) {
        var key = Timers.member(program.value(), member.value());
        return Utils.toPositive(Utils.murmur2(key.get())) % settings.partitions();
    }

    /** What every partition says, in their order. */
    public <Q, A> List<A> ask(ShardQuestion<Q, A> question, ProgramId program, Q asked) {
        var all = new TreeSet<Integer>();
        for (int partition = 0; partition < settings.partitions(); partition++) {
            all.add(partition);
        }
        return answers(question, program, asked, all);
    }

    private <Q, A> List<A> answers(
            ShardQuestion<Q, A> question, ProgramId program, Q asked, Set<Integer> partitions) {
        if (!streams.isRunning()) {
            throw notReady(null);
        }
        var here = here(partitions);
        var elsewhere = new TreeSet<>(partitions);
        elsewhere.removeAll(here.keySet());
        return guarded(() -> {
            var remote = peers.ask(question, asked, elsewhere);
            var answers = new TreeMap<>(local(question, program, asked, here));
            for (var answer : remote) {
                answers.putAll(answer.get());
            }
            if (!answers.keySet().equals(partitions) || !streams.isRunning()) {
                throw notReady(null);
            }
            return List.copyOf(answers.values());
        });
    }

    /**
     * What partitions here say, by partition; another instance asked.
     *
     * @throws TransientException if one of them is not here
     */
    <Q, A> Map<Integer, A> local(
            ShardQuestion<Q, A> question, ProgramId program, Q asked, Set<Integer> partitions) {
        var here = here(partitions);
        if (!streams.isRunning() || here.size() != partitions.size()) {
            throw notReady(null);
        }
        var answers = guarded(() -> local(question, program, asked, here));
        if (!here(partitions).equals(here)) {
            throw notReady(null);
        }
        return answers;
    }

    private Map<Integer, ShardView> here(Set<Integer> partitions) {
        var here = new TreeMap<Integer, ShardView>();
        for (var view : shards.running()) {
            if (partitions.contains(view.partition())) {
                here.put(view.partition(), view);
            }
        }
        return here;
    }

    private <Q, A> Map<Integer, A> local(
            ShardQuestion<Q, A> question, ProgramId program, Q asked, Map<Integer, ShardView> here)
            throws ExecutionException, InterruptedException {
        var tasks = new TreeMap<Integer, Future<A>>();
        here.forEach((partition, view) ->
                tasks.put(
                        partition,
                        workers.submit(() ->
                                question.answer(new LocalShard(view, streams), program, asked))));
        var answers = new TreeMap<Integer, A>();
        for (var task : tasks.entrySet()) {
            answers.put(task.getKey(), task.getValue().get());
        }
        return answers;
    }

    private static <R> R guarded(Callable<R> read) {
        try {
            return read.call();
        } catch (InvalidStateStoreException e) {
            throw notReady(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidStateStoreException moved) {
                throw notReady(moved);
            }
            if (e.getCause() instanceof RuntimeException other) {
                throw other;
            }
            throw new IllegalStateException("a partition could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a partition could not be read", e);
        }
    }

    static TransientException notReady(@Nullable Throwable cause) {
        return new TransientException(
                SegmentationError.SHARDS_NOT_READY,
                "Members are being restored or moved: an answer now would lack some.",
                Duration.ofSeconds(2),
                cause);
    }
}
