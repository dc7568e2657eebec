package io.clientele.segmentation.membership;

import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.ShardReader;
import io.clientele.segmentation.shard.StoredHistory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads memberships. Thread-safe. */
@ApplicationScoped
public class MembershipService {
    private static final Comparator<MembershipViews.Inside> BY_ID =
            Comparator.comparing(
                    inside -> inside.member().value().getBytes(StandardCharsets.UTF_8),
                    Arrays::compareUnsigned);

    private final ShardReader shards;
    private final SegmentService segments;
    private final MembershipHistoryService history;
    private final Clock clock;

    @Inject
    MembershipService(
            ShardReader shards,
            SegmentService segments,
            MembershipHistoryService history,
            Clock clock) {
        this.shards = shards;
        this.segments = segments;
        this.history = history;
        this.clock = clock;
    }

    /** Who is in a segment, now or at a past instant, a page of it. */
    Page<MembershipViews.Inside> members(
            ProgramId program, SegmentKey key, PageRequest page, @Nullable Instant at) {
        var unused = segments.find(program, key);
        var asOf = at == null ? shards.asOf() : at;
        var found = members(program, key, page.position().orElse(null), page.limit() + 1, at);
        boolean more = found.size() > page.limit();
        var shown = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                shown,
                more ? PageRequest.cursorAfter(shown.getLast().member().value()) : null,
                asOf);
    }

    /**
     * Everybody in a segment, in order, some at a time: the reader is not bound to hold them all.
     * With {@code at} all of it is true of that instant. Without, each part is true of the instant
     * it is read: who enters or leaves meanwhile may be in it or not.
     */
    void stream(
            ProgramId program,
            SegmentKey key,
            @Nullable Instant at,
            Consumer<List<MembershipViews.Inside>> reader) {
        if (at != null) {
            reader.accept(members(program, key, null, Integer.MAX_VALUE, at));
            return;
        }
        String after = null;
        while (true) {
            var part = members(program, key, after, PageRequest.MAXIMUM_LIMIT, null);
            reader.accept(part);
            if (part.size() < PageRequest.MAXIMUM_LIMIT) {
                return;
            }
            after = part.getLast().member().value();
        }
    }

    /** The segment must exist for this program. */
    void check(ProgramId program, SegmentKey key) {
        var unused = segments.find(program, key);
        var ready = shards.ready();
        if (ready.isEmpty()) {
            throw new IllegalStateException("no partitions");
        }
    }

    private List<MembershipViews.Inside> members(
            ProgramId program,
            SegmentKey key,
            @Nullable String after,
            int limit,
            @Nullable Instant at) {
        if (at == null) {
            return shards.inside(program, key, after, limit).stream()
                    .map(inside ->
                            new MembershipViews.Inside(
                                    inside.member(), inside.since(), inside.version()))
                    .toList();
        }
        var plan = shards.plan(program).flatMap(it -> it.segment(key));
        if (plan.isEmpty()) {
            return List.of();
        }
        long instant = at.toEpochMilli();
        var all = new ArrayList<MembershipViews.Inside>();
        var parts =
                shards.visit(
                        program,
                        () ->
                                new ShardReader.Visitor<List<MembershipViews.Inside>>() {
                                    private final List<MembershipViews.Inside> found =
                                            new ArrayList<>();

                                    @Override
                                    public void visit(MemberId member, StoredHistory stored) {
                                        plan.get()
                                                .stayAt(stored, instant)
                                                .ifPresent(stay ->
                                                        found.add(
                                                                new MembershipViews.Inside(
                                                                        member,
                                                                        stay.since(),
                                                                        stay.version())));
                                    }

                                    @Override
                                    public List<MembershipViews.Inside> result() {
                                        return found;
                                    }
                                });
        parts.forEach(all::addAll);
        all.sort(BY_ID);
        if (after != null) {
            byte[] last = after.getBytes(StandardCharsets.UTF_8);
            all.removeIf(inside ->
                    Arrays.compareUnsigned(
                                    inside.member().value().getBytes(StandardCharsets.UTF_8), last)
                            <= 0);
        }
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    /** The segments that a member is in. */
    MembershipViews.Segments current(ProgramId program, MemberId member) {
        var reading = reading(program, member);
        return new MembershipViews.Segments(
                member,
                reading.standings().stream()
                        .map(standing ->
                                new MembershipViews.Current(
                                        standing.segment().key(),
                                        standing.since(),
                                        standing.version(),
                                        standing.nextChange().orElse(null)))
                        .toList(),
                reading.asOf());
    }

    /** The segments that a member was in, the latest stay first. */
    Page<MembershipStay> history(ProgramId program, MemberId member, PageRequest page) {
        var reading = reading(program, member);
        int skip = skip(page);
        var found = history.of(program, member, page.limit() + 1, skip);
        boolean more = found.size() > page.limit();
        return new Page<>(
                more ? found.subList(0, page.limit()) : found,
                more ? PageRequest.cursorAfter(Integer.toString(skip + page.limit())) : null,
                reading.asOf());
    }

    private static int skip(PageRequest page) {
        try {
            return page.position().map(Integer::parseUnsignedInt).orElse(0);
        } catch (NumberFormatException e) {
            throw new RequestException(
                    CommonError.CURSOR_INVALID,
                    "cursor is what the page before gave as \"next\"; this is none.");
        }
    }

    /** Why a member is in a segment or is not, by the segment's present condition. */
    MembershipViews.Explained explain(
            ProgramId program, MemberId member, SegmentKey key, @Nullable Instant at) {
        var reading = reading(program, member);
        var segment =
                reading.plan()
                        .segment(key)
                        .orElseThrow(() ->
                                new RequestException(
                                        SegmentationError.SEGMENT_NOT_FOUND,
                                        "There is no segment \"" + key + "\"."));
        var instant = at == null ? reading.asOf() : at;
        var explanation =
                reading.plan()
                        .evaluator()
                        .explain(segment.condition(), reading.stored().history(), instant);
        var stay = segment.stayAt(reading.stored(), instant.toEpochMilli());
        return new MembershipViews.Explained(
                member,
                key,
                segment.version(),
                stay.isPresent(),
                stay.map(it -> it.since()).orElse(null),
                explanation.matches(),
                explanation.text(),
                explanation.nextFlip(),
                explanation.root(),
                instant,
                instant);
    }

    /**
     * Reads {@code ?at=}.
     *
     * @throws RequestException 400 if it is no instant, or not yet
     */
    @Nullable Instant instant(@Nullable String at) {
        if (at == null || at.isBlank()) {
            return null;
        }
        try {
            var instant = OffsetDateTime.parse(at).toInstant().truncatedTo(ChronoUnit.MILLIS);
            if (!instant.isAfter(clock.instant())) {
                return instant;
            }
        } catch (DateTimeParseException e) {
            throw refusedInstant(at, e);
        }
        throw refusedInstant(at, null);
    }

    private static RequestException refusedInstant(
            String at, @Nullable DateTimeParseException cause) {
        var refused =
                new RequestException(
                        SegmentationError.INSTANT_INVALID,
                        "at is an RFC 3339 instant not later than now, was \"" + at + "\".",
                        List.of(
                                new FieldError(
                                        "at", "expected an instant such as 2026-01-31T00:00:00Z")));
        if (cause != null) {
            refused.addSuppressed(cause);
        }
        return refused;
    }

    /** Reads a member's id from a path; one that cannot be is as absent as any other. */
    static MemberId member(String id) {
        try {
            return new MemberId(id);
        } catch (IllegalArgumentException e) {
            throw absent(id);
        }
    }

    private ShardReader.Reading reading(ProgramId program, MemberId member) {
        return shards.member(program, member).orElseThrow(() -> absent(member.value()));
    }

    private static RequestException absent(String member) {
        return new RequestException(
                SegmentationError.MEMBER_NOT_FOUND, "There is no member \"" + member + "\".");
    }
}
