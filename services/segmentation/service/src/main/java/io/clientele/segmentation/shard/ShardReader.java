package io.clientele.segmentation.shard;

import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.engine.Snapshot;
import io.clientele.segmentation.SegmentationError;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads members beside the shards' threads, without making them wait. An answer is complete or not
 * given: while a partition is restored or moved, every method throws {@link TransientException}.
 * Thread-safe.
 */
@ApplicationScoped
public class ShardReader {
    private final ShardStreams streams;
    private final Shards shards;
    private final KafkaSettings settings;
    private final Clock clock;
    private final ExecutorService workers =
            Executors.newFixedThreadPool(
                    Math.max(2, Runtime.getRuntime().availableProcessors()),
                    Thread.ofPlatform().name("shard-reader-", 0).daemon().factory());

    @Inject
    ShardReader(ShardStreams streams, Shards shards, KafkaSettings settings, Clock clock) {
        this.streams = streams;
        this.shards = shards;
        this.settings = settings;
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        workers.shutdownNow();
    }

    /**
     * A present membership.
     *
     * @param nextChange when the clock may end it at the earliest, if it may at all
     */
    public record Standing(
            SegmentPlan segment, Instant since, int version, Optional<Instant> nextChange) {}

    /** A member inside a segment. */
    public record Inside(MemberId member, Instant since, int version) {}

    /** What is known of a member. */
    public record Reading(
            ProgramPlan plan, Instant asOf, StoredHistory stored, List<Standing> standings) {}

    /** Takes the members of one partition one by one. Used by one thread. */
    public interface Visitor<R> {
        /** Takes a member, in the order of ids. */
        void visit(MemberId member, StoredHistory stored);

        /** What came of it. */
        R result();
    }

    /** Every partition's shard. */
    public List<ShardView> ready() {
        var views = List.copyOf(shards.running());
        if (!streams.isReady() || views.size() != settings.partitions()) {
            throw notReady(null);
        }
        return views;
    }

    /**
     * The instant that present memberships are true of: the least over all partitions; the wall
     * clock while no member is known.
     */
    public Instant asOf() {
        return asOf(ready());
    }

    private Instant asOf(List<ShardView> views) {
        long least = Long.MAX_VALUE;
        for (var view : views) {
            if (view.clock() > 0) {
                least = Math.min(least, view.asOf());
            }
        }
        return least == Long.MAX_VALUE ? clock.instant() : Instant.ofEpochMilli(least);
    }

    /** A program's segments as the shards have them; empty if they have none. */
    public Optional<ProgramPlan> plan(ProgramId program) {
        return ready().stream().flatMap(view -> view.plan(program).stream()).findFirst();
    }

    /** How many members are in a segment now, as published. */
    public long size(ProgramId program, SegmentKey segment) {
        long size = 0;
        for (var view : ready()) {
            size +=
                    view.plan(program)
                            .flatMap(plan -> plan.segment(segment))
                            .map(SegmentPlan::size)
                            .orElse(0);
        }
        return size;
    }

    /** One member, or empty if the program does not have it. */
    public Optional<Reading> member(ProgramId program, MemberId member) {
        var views = ready();
        var key = Timers.member(program.value(), member.value());
        int partition = Utils.toPositive(Utils.murmur2(key.get())) % settings.partitions();
        var view =
                views.stream()
                        .filter(candidate -> candidate.partition() == partition)
                        .findFirst()
                        .orElseThrow(() -> notReady(null));
        return guarded(() -> {
            byte[] history = streams.store(ShardTopology.HISTORIES, partition).get(key);
            byte[] state = streams.store(ShardTopology.MEMBERS, partition).get(key);
            var plan = view.plan(program);
            if (history == null || state == null || plan.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Reading(
                            plan.get(),
                            Instant.ofEpochMilli(view.asOf()),
                            StoredHistory.decode(member.value(), history),
                            standings(plan.get(), MemberState.decode(state))));
        });
    }

    private static List<Standing> standings(ProgramPlan plan, MemberState state) {
        var found = new TreeMap<SegmentKey, Standing>();
        for (var entry : state.standings().entrySet()) {
            var standing = entry.getValue();
            if (standing.inside() && entry.getKey() < plan.segments().size()) {
                var segment = plan.segment(entry.getKey());
                found.put(
                        segment.key(),
                        new Standing(
                                segment,
                                Instant.ofEpochMilli(standing.since()),
                                standing.version(),
                                standing.due() == MemberState.NEVER
                                        ? Optional.empty()
                                        : Optional.of(Instant.ofEpochMilli(standing.due()))));
            }
        }
        return List.copyOf(found.values());
    }

    /**
     * Members inside a segment now, in the order of their ids (as UTF-8).
     *
     * @param after the last id of the page before, or null
     * @param limit at most so many
     */
    public List<Inside> inside(
            ProgramId program, SegmentKey segment, @Nullable String after, int limit) {
        var views = ready();
        var all = new ArrayList<Inside>();
        for (var part : parallel(views, view -> inside(view, program, segment, after, limit))) {
            all.addAll(part);
        }
        all.sort(
                Comparator.comparing(
                        inside -> inside.member().value().getBytes(StandardCharsets.UTF_8),
                        Arrays::compareUnsigned));
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    private List<Inside> inside(
            ShardView view,
            ProgramId program,
            SegmentKey segment,
            @Nullable String after,
            int limit) {
        var found = new ArrayList<Inside>();
        var number =
                view.plan(program).flatMap(plan -> plan.segment(segment)).map(SegmentPlan::number);
        if (number.isEmpty()) {
            return found;
        }
        String prefix = program + ":";
        // The character after ":" ends the program's keys; a 0 byte is the next key after one.
        var from = bytes(after == null ? prefix : prefix + after + "\0");
        var to = bytes(program + ";");
        try (var range = streams.store(ShardTopology.MEMBERS, view.partition()).range(from, to)) {
            while (found.size() < limit && range.hasNext()) {
                var next = range.next();
                var standing = MemberState.decode(next.value).standing(number.get());
                if (standing.inside()) {
                    found.add(
                            new Inside(
                                    new MemberId(id(next.key, prefix)),
                                    Instant.ofEpochMilli(standing.since()),
                                    standing.version()));
                }
            }
        }
        return found;
    }

    /**
     * Shows every member of a program to a visitor for each partition, partitions in parallel.
     *
     * @return the visitors' results
     */
    public <R> List<R> visit(ProgramId program, Callable<? extends Visitor<R>> visitors) {
        String prefix = program + ":";
        return parallel(
                ready(),
                view -> {
                    var visitor = visitors.call();
                    ReadOnlyKeyValueStore<Bytes, byte[]> store =
                            streams.store(ShardTopology.HISTORIES, view.partition());
                    try (var all = store.prefixScan(prefix, new StringSerializer())) {
                        while (all.hasNext()) {
                            var next = all.next();
                            String id = id(next.key, prefix);
                            visitor.visit(new MemberId(id), StoredHistory.decode(id, next.value));
                        }
                    }
                    return visitor.result();
                });
    }

    /**
     * Asks the columns of every partition, partitions in parallel.
     *
     * @param question about members that are not changed meanwhile; called by several threads
     * @return the answers of the partitions that have members of the program
     */
    public <R> List<R> ask(ProgramId program, Function<Snapshot, R> question) {
        return parallel(ready(), view -> view.snapshot(program).map(question)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** What a partition contributes. */
    private interface Share<R> {
        R of(ShardView view) throws Exception;
    }

    private <R> List<R> parallel(List<ShardView> views, Share<R> share) {
        return guarded(() -> {
            var tasks = views.stream().map(view -> workers.submit(() -> share.of(view))).toList();
            var results = new ArrayList<R>();
            for (var task : tasks) {
                results.add(task.get());
            }
            ready();
            return results;
        });
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

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String id(Bytes key, String prefix) {
        return new String(key.get(), StandardCharsets.UTF_8).substring(prefix.length());
    }

    private static TransientException notReady(@Nullable Throwable cause) {
        return new TransientException(
                SegmentationError.SHARDS_NOT_READY,
                "Members are being restored or moved: an answer now would lack some.",
                Duration.ofSeconds(2),
                cause);
    }
}
