package io.clientele.profile.member;

import com.mongodb.MongoException;
import io.clientele.common.http.EntityTags;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.Identity;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.profile.ProfileError;
import io.clientele.profile.identity.IdentityHash;
import io.clientele.profile.identity.IdentityRepository;
import io.clientele.profile.registry.AttributeRules;
import io.clientele.profile.registry.Registry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What callers may do with members. A write is an event that apply takes like any other; the answer
 * waits for it, for a bounded time.
 */
@ApplicationScoped
class MemberService {
    /** The source of the events that edits through the API are. */
    static final String API_SOURCE = "api";

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(15);

    private final MemberRepository members;
    private final EventRepository events;
    private final Outcomes outcomes;
    private final ImportCounts imports;
    private final IdentityHash hash;
    private final IdentityRepository identities;
    private final Registry registry;
    private final Declarations declarations;
    private final EditPublisher publisher;
    private final Clock clock;
    private final int partitions;

    @Inject
    MemberService(
            MemberRepository members,
            EventRepository events,
            Outcomes outcomes,
            ImportCounts imports,
            IdentityHash hash,
            IdentityRepository identities,
            Registry registry,
            EditPublisher publisher,
            KafkaSettings kafka,
            Clock clock) {
        this.members = members;
        this.events = events;
        this.outcomes = outcomes;
        this.imports = imports;
        this.hash = hash;
        this.identities = identities;
        this.registry = registry;
        this.declarations = new Declarations(registry);
        this.publisher = publisher;
        this.clock = clock;
        this.partitions = kafka.partitions();
    }

    /**
     * What an edit led to.
     *
     * @param member as it is now; absent if the edit is accepted but not applied yet
     * @param created true if there was none before
     */
    record Edited(@Nullable Member member, boolean created) {}

    /**
     * A member.
     *
     * @throws RequestException 404 if the program has none of this id
     */
    Member require(ProgramId program, String id) {
        return find(program, id).orElseThrow(() -> absent(id));
    }

    private Optional<Member> find(ProgramId program, String id) {
        MemberId member;
        try {
            member = new MemberId(id);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return reading(() -> members.find(program, member).map(Member::new));
    }

    /** A member in figures. */
    MemberSummary summary(ProgramId program, String id) {
        var currency = registry.program(program).map(RegistryRecord.Program::currency).orElse(null);
        var asOf = clock.instant();
        return MemberSummary.of(require(program, id), currency, asOf);
    }

    /**
     * A member's events, the latest first.
     *
     * @param type only of this type, or null
     */
    Page<TimelineEntry> timeline(
            ProgramId program,
            String id,
            @Nullable String type,
            PageRequest page,
            boolean personal) {
        var member = require(program, id);
        var asOf = clock.instant();
        var before = page.position().map(MemberService::moment).orElse(null);
        var found =
                reading(() ->
                        events.timeline(program, member.id(), type, before, page.limit() + 1));
        return page(
                found,
                page,
                event -> TimelineEntry.of(event, personal),
                event ->
                        event.occurredAt().toEpochMilli()
                                + " "
                                + event.source().length()
                                + " "
                                + event.source()
                                + event.id(),
                asOf);
    }

    private static Moment moment(String cursor) {
        try {
            var parts = cursor.split(" ", 3);
            int length = Integer.parseInt(parts[1]);
            return new Moment(
                    Instant.ofEpochMilli(Long.parseLong(parts[0])),
                    parts[2].substring(0, length),
                    parts[2].substring(length));
        } catch (RuntimeException e) {
            throw new RequestException(
                    CommonError.CURSOR_INVALID,
                    "cursor is what the page before gave as \"next\"; this is none.");
        }
    }

    /** Members that have all that is looked for, in the order of their ids. */
    Page<MemberView> search(ProgramId program, MemberSearch search, PageRequest page) {
        var attributes = canonical(program, search.attributes());
        var asOf = clock.instant();
        var identity = search.identity();
        if (identity == null) {
            var found =
                    reading(() ->
                            members.list(
                                    program,
                                    attributes,
                                    page.position().orElse(null),
                                    page.limit() + 1));
            return page(
                    found,
                    page,
                    state -> MemberView.of(new Member(state), true),
                    state -> state.id().value(),
                    asOf);
        }
        var key = hash.keyOf(program, identity);
        var owner = reading(() -> identities.find(List.of(key))).get(key);
        var found =
                owner == null
                        ? Optional.<Member>empty()
                        : find(program, owner.value()).filter(it -> has(it, attributes));
        return new Page<>(found.map(it -> MemberView.of(it, true)).stream().toList(), null, asOf);
    }

    private static boolean has(Member member, Map<String, String> attributes) {
        return attributes.entrySet().stream()
                .allMatch(wanted -> {
                    var version = member.attributes().get(wanted.getKey());
                    return version != null && wanted.getValue().equals(version.declared().json());
                });
    }

    private Map<String, String> canonical(
            ProgramId program, @Nullable Map<String, Object> attributes) {
        var canonical = new LinkedHashMap<String, String>();
        var errors = new ArrayList<FieldError>();
        if (attributes != null) {
            attributes.forEach((name, value) -> {
                var attribute = registry.attribute(program, name);
                if (value == null) {
                    errors.add(new FieldError("/attributes/" + name, "expected a value"));
                    return;
                }
                try {
                    canonical.put(
                            name,
                            Declarations.json(
                                    attribute.isPresent()
                                            ? AttributeRules.check(attribute.get(), value)
                                            : value));
                } catch (IllegalArgumentException e) {
                    errors.add(
                            new FieldError("/attributes/" + name, String.valueOf(e.getMessage())));
                }
            });
        }
        if (!errors.isEmpty()) {
            throw new RequestException(
                    ProfileError.MEMBER_INVALID, "No member can have such values.", errors);
        }
        return canonical;
    }

    /**
     * Makes a member what {@code wanted} says, or creates it.
     *
     * @param ifMatch the request's {@code If-Match}, or null
     */
    Edited put(ProgramId program, String id, Map<String, Object> wanted, @Nullable String ifMatch) {
        var present = find(program, id).orElse(null);
        if (present == null) {
            MemberId member;
            try {
                member = new MemberId(id);
            } catch (IllegalArgumentException e) {
                throw new RequestException(
                        ProfileError.MEMBER_INVALID, String.valueOf(e.getMessage()));
            }
            if (ifMatch != null) {
                throw new RequestException(
                        CommonError.IF_MATCH_STALE,
                        "There is no member " + id + " yet; create it without If-Match.");
            }
            return edit(
                    program,
                    member,
                    MemberEdit.between(null, wanted),
                    new ExpectedRevision(0),
                    true);
        }
        EntityTags.check(ifMatch, present.revision());
        var edit = MemberEdit.between(present, wanted);
        return edit.isEmpty()
                ? new Edited(present, false)
                : edit(program, present.id(), edit, expected(ifMatch, present), false);
    }

    /**
     * Changes a member by a JSON Merge Patch.
     *
     * @param ifMatch the request's {@code If-Match}, or null
     */
    Edited patch(
            ProgramId program, String id, Map<String, Object> patch, @Nullable String ifMatch) {
        var present = require(program, id);
        EntityTags.check(ifMatch, present.revision());
        var edit = MemberEdit.of(present, patch);
        return edit.isEmpty()
                ? new Edited(present, false)
                : edit(program, present.id(), edit, expected(ifMatch, present), false);
    }

    private static @Nullable ExpectedRevision expected(@Nullable String ifMatch, Member present) {
        return ifMatch != null && ifMatch.strip().equals("*")
                ? null
                : new ExpectedRevision(present.revision());
    }

    private Edited edit(
            ProgramId program,
            MemberId member,
            MemberEdit edit,
            @Nullable ExpectedRevision expected,
            boolean creates) {
        checkIdentities(program, member, edit.identities());
        var first = event(program, member, edit.properties(), null);
        check(first);
        publisher.publish(first, expected);
        if (!awaitApplied(first)) {
            return new Edited(null, creates);
        }
        for (var identity : edit.identities()) {
            var key = hash.keyOf(program, identity);
            var owner = reading(() -> identities.claim(Map.of(key, member))).get(key);
            if (!member.equals(owner)) {
                throw taken(identity);
            }
            var link = event(program, member, Map.of(), identity);
            publisher.publish(link, null);
            if (!awaitApplied(link)) {
                return new Edited(null, creates);
            }
        }
        return new Edited(require(program, member.value()), creates);
    }

    private void checkIdentities(ProgramId program, MemberId member, List<Identity> wanted) {
        for (var identity : wanted) {
            var key = hash.keyOf(program, identity);
            var owner = reading(() -> identities.find(List.of(key))).get(key);
            if (owner != null && !owner.equals(member)) {
                throw taken(identity);
            }
        }
    }

    private static RequestException taken(Identity identity) {
        return new RequestException(
                ProfileError.IDENTITY_TAKEN,
                "The identity of type " + identity.type() + " belongs to another member.");
    }

    private ReceivedEvent event(
            ProgramId program,
            MemberId member,
            Map<String, Object> properties,
            @Nullable Identity identity) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new ReceivedEvent(
                program,
                API_SOURCE,
                now.toEpochMilli() + "-" + UUID.randomUUID(),
                EventTypes.PROFILE_UPDATED,
                member,
                identity,
                now,
                now,
                properties,
                null,
                null);
    }

    /** Refuses here, with places, what apply would refuse. */
    private void check(ReceivedEvent event) {
        try {
            Declarations.Declaration unused;
            try {
                unused = declarations.of(event);
            } catch (RefusedException e) {
                registry.refresh();
                unused = declarations.of(event);
            }
        } catch (RefusedException e) {
            throw new RequestException(
                    ProfileError.MEMBER_INVALID,
                    e.refusal().detail(),
                    List.of(new FieldError("/attributes", e.refusal().detail())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException(
                    ProfileError.PROFILE_UNAVAILABLE, "Interrupted; try again.", e);
        }
    }

    /**
     * Waits until apply has taken an edit.
     *
     * @return false if it takes too long
     * @throws RequestException if apply refused it
     */
    private boolean awaitApplied(ReceivedEvent event) {
        var key = EventKey.of(event.program(), event.reference());
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (System.nanoTime() < deadline) {
            var outcome = reading(() -> outcomes.find(key));
            var refusal = outcome.map(Outcomes.Outcome::refusal).orElse(null);
            if (refusal != null) {
                throw refusal.reason() == Refusal.Reason.EDIT_STALE
                        ? new RequestException(
                                CommonError.IF_MATCH_STALE,
                                "The member has changed since it was read; read it again.")
                        : new RequestException(ProfileError.MEMBER_INVALID, refusal.detail());
            }
            var applied =
                    reading(() -> events.find(key))
                            .map(stored ->
                                    find(event.program(), stored.member().value())
                                            .filter(it -> it.hasApplied(stored.position()))
                                            .isPresent())
                            .orElse(false);
            if (applied) {
                return true;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return false;
    }

    /** What became of an event. */
    EventStatus event(ProgramId program, String source, String id) {
        var key = EventKey.of(program, new EventReference(source, id));
        var stored = reading(() -> events.find(key)).orElse(null);
        var outcome = reading(() -> outcomes.find(key)).orElse(null);
        var refusal = outcome == null ? null : outcome.refusal();
        var refusedAt = outcome == null ? null : outcome.refusedAt();
        if (stored == null && refusal == null) {
            throw new RequestException(
                    ProfileError.EVENT_NOT_FOUND,
                    "There is no event "
                            + source
                            + "/"
                            + id
                            + " in this program, or it is on its"
                            + " way.");
        }
        var retraction = stored == null ? null : stored.retraction();
        return new EventStatus(
                source,
                id,
                stored == null
                        ? EventStatus.Status.REFUSED
                        : retraction == null
                                ? EventStatus.Status.APPLIED
                                : EventStatus.Status.RETRACTED,
                stored == null ? null : stored.member(),
                stored == null ? null : stored.type(),
                stored == null ? null : stored.occurredAt(),
                stored == null ? null : stored.receivedAt(),
                stored == null ? null : stored.importId(),
                retraction == null ? null : retraction.by(),
                outcome == null ? null : outcome.duplicateAt(),
                refusal == null || refusedAt == null
                        ? null
                        : new EventStatus.RefusalView(
                                refusal.reason().code(), refusal.detail(), refusedAt));
    }

    /** What became of an import's events so far. */
    ImportOutcome importOutcome(ProgramId program, String importId) {
        var counts = reading(() -> imports.of(program, importId, partitions));
        return new ImportOutcome(importId, counts.accepted(), counts.duplicate(), counts.refused());
    }

    private static <S, T> Page<T> page(
            List<S> found,
            PageRequest page,
            Function<S, T> view,
            Function<S, String> key,
            Instant asOf) {
        boolean more = found.size() > page.limit();
        var shown = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                shown.stream().map(view).toList(),
                more ? PageRequest.cursorAfter(key.apply(shown.getLast())) : null,
                asOf);
    }

    private static RequestException absent(String id) {
        return new RequestException(
                ProfileError.MEMBER_NOT_FOUND, "There is no member " + id + " in this program.");
    }

    private static <T> T reading(Supplier<T> work) {
        try {
            return work.get();
        } catch (MongoException e) {
            throw new TransientException(
                    ProfileError.PROFILE_UNAVAILABLE, "The store of members does not answer.", e);
        }
    }
}
