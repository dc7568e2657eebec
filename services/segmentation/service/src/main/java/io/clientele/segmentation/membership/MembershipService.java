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
    private final InsideQuestion inside;
    private final StandingQuestion standing;
    private final ExplainQuestion explain;
    private final SegmentService segments;
    private final MembershipHistoryService history;
    private final Clock clock;

    @Inject
    MembershipService(
            ShardReader shards,
            InsideQuestion inside,
            StandingQuestion standing,
            ExplainQuestion explain,
            SegmentService segments,
            MembershipHistoryService history,
            Clock clock) {
        this.shards = shards;
        this.inside = inside;
        this.standing = standing;
        this.explain = explain;
        this.segments = segments;
        this.history = history;
        this.clock = clock;
    }

    /** Who is in a segment, now or at a past instant, a page of it. */
    Page<MembershipViews.Inside> members(
            ProgramId program, SegmentKey key, PageRequest page, @Nullable Instant at) {
        var unused = segments.find(program, key);
        var asOf = at == null ? shards.asOf(program) : at;
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
    public void stream(
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
        shards.check(program);
    }

    private List<MembershipViews.Inside> members(
            ProgramId program,
            SegmentKey key,
            @Nullable String after,
            int limit,
            @Nullable Instant at) {
        var all = new ArrayList<MembershipViews.Inside>();
        for (var part :
                shards.ask(inside, program, new InsideQuestion.Asked(key, at, after, limit))) {
            all.addAll(part.members());
        }
        all.sort(BY_ID);
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    /** The segments that a member is in. */
    MembershipViews.Segments current(ProgramId program, MemberId member) {
        var found = shards.ask(standing, program, member, new StandingQuestion.Asked(member));
        if (found.segments() == null) {
            throw absent(member.value());
        }
        return found.segments();
    }

    /** The segments that a member was in, the latest stay first. */
    Page<MembershipStay> history(ProgramId program, MemberId member, PageRequest page) {
        var asOf = current(program, member).asOf();
        int skip = skip(page);
        var found = history.of(program, member, page.limit() + 1, skip);
        boolean more = found.size() > page.limit();
        return new Page<>(
                more ? found.subList(0, page.limit()) : found,
                more ? PageRequest.cursorAfter(Integer.toString(skip + page.limit())) : null,
                asOf);
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

    /** Why a member is in a segment or is not, by the version in force at the instant. */
    MembershipViews.Explained explain(
            ProgramId program, MemberId member, SegmentKey key, @Nullable Instant at) {
        var found =
                shards.ask(explain, program, member, new ExplainQuestion.Asked(member, key, at));
        if (!found.isKnown()) {
            throw absent(member.value());
        }
        if (found.explained() == null) {
            throw SegmentService.absent(key);
        }
        return found.explained();
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
    public static MemberId member(String id) {
        try {
            return new MemberId(id);
        } catch (IllegalArgumentException e) {
            throw absent(id);
        }
    }

    private static RequestException absent(String member) {
        return new RequestException(
                SegmentationError.MEMBER_NOT_FOUND, "There is no member \"" + member + "\".");
    }
}
