package io.clientele.segmentation.shard;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.engine.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * One partition that is active in this process, read beside its writer. Methods throw {@link
 * InvalidStateStoreException} once it has moved away. Thread-safe.
 */
public final class LocalShard {
    private final ShardView view;
    private final ShardStreams streams;

    LocalShard(ShardView view, ShardStreams streams) {
        this.view = view;
        this.streams = streams;
    }

    /**
     * A present membership.
     *
     * @param nextChange when the clock may end it at the earliest, if it may at all
     */
    public record Standing(
            SegmentPlan segment, Instant since, int version, Optional<Instant> nextChange) {}

    /** What is known of a member. */
    public record Reading(
            ProgramPlan plan, Instant asOf, StoredHistory stored, List<Standing> standings) {}

    /** The shard's clock, in epoch milliseconds; 0 before its first record. */
    public long clock() {
        return view.clock();
    }

    /** The instant that present memberships are true of here. */
    public Instant asOf() {
        return Instant.ofEpochMilli(view.asOf());
    }

    /** A program's segments here; empty if the partition has seen nothing of the program. */
    public Optional<ProgramPlan> plan(ProgramId program) {
        return view.plan(program);
    }

    /** A program's members here as columns; empty if there are none. */
    public Optional<Snapshot> snapshot(ProgramId program) {
        return view.snapshot(program);
    }

    /** Whether the program has the member here. */
    public boolean isKnown(ProgramId program, MemberId member) {
        return streams.store(ShardTopology.HISTORIES, view.partition())
                        .get(Timers.member(program.value(), member.value()))
                != null;
    }

    /** One member, or empty if the program does not have it here. */
    public Optional<Reading> member(ProgramId program, MemberId member) {
        var key = Timers.member(program.value(), member.value());
        byte[] history = streams.store(ShardTopology.HISTORIES, view.partition()).get(key);
        byte[] state = streams.store(ShardTopology.MEMBERS, view.partition()).get(key);
        var plan = view.plan(program);
        if (history == null || state == null || plan.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Reading(
                        plan.get(),
                        asOf(),
                        StoredHistory.decode(member.value(), history),
                        standings(plan.get(), MemberState.decode(state))));
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
     * Shows members inside a segment now, in the order of their ids (as UTF-8).
     *
     * @param after the last id not to be shown, or null
     * @param reader says whether it wants more
     */
    public void inside(
            ProgramId program,
            SegmentKey segment,
            @Nullable String after,
            BiPredicate<MemberId, SegmentPlan.Present> reader) {
        var plan = view.plan(program).flatMap(it -> it.segment(segment));
        if (plan.isEmpty()) {
            return;
        }
        String prefix = program + ":";
        // The character after ":" ends the program's keys; a 0 byte is the next key after one.
        var from = bytes(after == null ? prefix : prefix + after + "\0");
        var to = bytes(program + ";");
        try (var range = streams.store(ShardTopology.MEMBERS, view.partition()).range(from, to)) {
            boolean more = true;
            while (more && range.hasNext()) {
                var next = range.next();
                var standing = MemberState.decode(next.value).standing(plan.get().number());
                if (standing.inside()) {
                    more =
                            reader.test(
                                    new MemberId(id(next.key, prefix)),
                                    new SegmentPlan.Present(
                                            Instant.ofEpochMilli(standing.since()),
                                            standing.version()));
                }
            }
        }
    }

    /** Shows every member of a program here, in the order of their ids (as UTF-8). */
    public void forEach(ProgramId program, BiConsumer<MemberId, StoredHistory> reader) {
        String prefix = program + ":";
        try (var all =
                streams.store(ShardTopology.HISTORIES, view.partition())
                        .range(bytes(prefix), bytes(program + ";"))) {
            while (all.hasNext()) {
                var next = all.next();
                String id = id(next.key, prefix);
                reader.accept(new MemberId(id), StoredHistory.decode(id, next.value));
            }
        }
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String id(Bytes key, String prefix) {
        return new String(key.get(), StandardCharsets.UTF_8).substring(prefix.length());
    }
}
