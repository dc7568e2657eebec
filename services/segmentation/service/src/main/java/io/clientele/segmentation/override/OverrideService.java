package io.clientele.segmentation.override;

import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentOverride;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.override.MemberOverride.Direction;
import io.clientele.segmentation.segment.AuditRepository;
import io.clientele.segmentation.segment.DefinitionPublisher;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts members into segments and out of them by hand. An answer comes when it is kept and on its
 * way; the shard publishes it, within about a second, with cause {@code override}. Thread-safe.
 */
@ApplicationScoped
class OverrideService {
    private final SegmentService segments;
    private final OverrideRepository repository;
    private final AuditRepository audit;
    private final ProgramTransactions transactions;
    private final DefinitionPublisher publisher;
    private final ShardReader shards;
    private final KnownQuestion known;
    private final Clock clock;

    @Inject
    OverrideService(
            SegmentService segments,
            OverrideRepository repository,
            AuditRepository audit,
            ProgramTransactions transactions,
            DefinitionPublisher publisher,
            ShardReader shards,
            KnownQuestion known,
            Clock clock) {
        this.segments = segments;
        this.repository = repository;
        this.audit = audit;
        this.transactions = transactions;
        this.publisher = publisher;
        this.shards = shards;
        this.known = known;
        this.clock = clock;
    }

    /**
     * The override of a member.
     *
     * @throws RequestException 404 if there is none
     */
    MemberOverride find(ProgramId program, SegmentKey segment, MemberId member) {
        var unused = segments.find(program, segment);
        return transactions
                .call(program.value(), () -> repository.find(program, segment, member))
                .orElseThrow(() -> absent(member));
    }

    /** All of a segment, in the order of members. */
    Page<MemberOverride> list(ProgramId program, SegmentKey segment, PageRequest page) {
        var unused = segments.find(program, segment);
        var found =
                transactions.call(
                        program.value(),
                        () ->
                                repository.list(
                                        program,
                                        segment,
                                        page.position().orElse(null),
                                        page.limit() + 1));
        boolean more = found.size() > page.limit();
        var shown = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                shown,
                more ? PageRequest.cursorAfter(shown.getLast().member().value()) : null,
                clock.instant());
    }

    /**
     * Sets an override; the same again changes nothing.
     *
     * @throws RequestException 404 if there is no such segment or member
     */
    MemberOverride put(
            ProgramId program,
            SegmentKey segment,
            MemberId member,
            Direction direction,
            String actor) {
        var unused = segments.find(program, segment);
        if (known(program, List.of(member)).isEmpty()) {
            throw new RequestException(
                    SegmentationError.MEMBER_NOT_FOUND, "There is no member \"" + member + "\".");
        }
        var unusedOutcome = segments.allowOverrides(program, segment, actor);
        var present =
                transactions.call(program.value(), () -> repository.find(program, segment, member));
        if (present.isPresent() && present.get().direction() == direction) {
            return present.get();
        }
        var change = new Change(List.of(member), List.of(), MembershipCause.OVERRIDE);
        if (direction == Direction.EXCLUDE) {
            change = new Change(List.of(), List.of(member), MembershipCause.OVERRIDE);
        }
        apply(program, segment, change, List.of(), actor);
        return find(program, segment, member);
    }

    /**
     * Lets the condition decide again.
     *
     * @throws RequestException 404 if there is no override
     */
    void remove(ProgramId program, SegmentKey segment, MemberId member, String actor) {
        var unused = find(program, segment, member);
        apply(
                program,
                segment,
                new Change(List.of(), List.of(), MembershipCause.OVERRIDE),
                List.of(member),
                actor);
    }

    /** Who is included, by name. */
    TreeSet<MemberId> included(ProgramId program, SegmentKey segment) {
        return transactions.call(program.value(), () -> repository.included(program, segment));
    }

    /** Those of the members that the program has. */
    TreeSet<MemberId> known(ProgramId program, Collection<MemberId> members) {
        var found = new TreeSet<MemberId>();
        for (var part : shards.ask(known, program, new KnownQuestion.Asked(List.copyOf(members)))) {
            found.addAll(part.members());
        }
        return found;
    }

    /** Who goes in, and who goes out, for what reason. */
    record Change(
            Collection<MemberId> include, Collection<MemberId> exclude, MembershipCause cause) {}

    /**
     * Writes down what is set by hand and tells the shards, in one transaction.
     *
     * @param release whom the condition decides on again
     */
    void apply(
            ProgramId program,
            SegmentKey segment,
            Change change,
            Collection<MemberId> release,
            String actor) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var since = shards.leastClock(program).orElse(now);
        transactions.run(
                program.value(),
                () -> {
                    repository.save(program, segment, change.include(), true, since, now, actor);
                    repository.save(program, segment, change.exclude(), false, since, now, actor);
                    repository.remove(program, segment, release);
                    var id = repository.nextChange();
                    var records = new ArrayList<SegmentOverride>();
                    change.include()
                            .forEach(it ->
                                    records.add(
                                            record(program, segment, it, true, since, id, change)));
                    change.exclude()
                            .forEach(it ->
                                    records.add(
                                            record(
                                                    program, segment, it, false, since, id,
                                                    change)));
                    release.forEach(it ->
                            records.add(record(program, segment, it, null, since, id, change)));
                    repository.announce(records);
                    audit.note(
                            program,
                            segment,
                            "override",
                            now,
                            actor,
                            Map.of(
                                    "id", id,
                                    "included", change.include().size(),
                                    "excluded", change.exclude().size(),
                                    "released", release.size()));
                });
        publisher.call();
    }

    private static SegmentOverride record(
            ProgramId program,
            SegmentKey segment,
            MemberId member,
            @Nullable Boolean included,
            Instant since,
            String id,
            Change change) {
        return new SegmentOverride(program, segment, member, included, since, id, change.cause());
    }

    private static RequestException absent(MemberId member) {
        return new RequestException(
                SegmentationError.MEMBER_NOT_FOUND,
                "Nobody set \"" + member + "\" in this segment by hand.");
    }
}
