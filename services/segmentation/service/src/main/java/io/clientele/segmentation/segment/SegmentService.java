package io.clientele.segmentation.segment;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.http.EntityTags;
import io.clientele.common.json.Json;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.InvalidConditionException;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.program.SegmentConditions;
import io.clientele.segmentation.shard.ShardReader;
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
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is done with segments. Thread-safe. */
@ApplicationScoped
public class SegmentService {
    /** An edit is answered when every partition has it, or after this. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Set<String> RESERVED = Set.of("preview", "overlap");

    private final SegmentRepository repository;
    private final ProgramTransactions transactions;
    private final Programs programs;
    private final DefinitionPublisher publisher;
    private final AuditRepository audit;
    private final ShardReader shards;
    private final Clock clock;

    @Inject
    SegmentService(
            SegmentRepository repository,
            ProgramTransactions transactions,
            Programs programs,
            DefinitionPublisher publisher,
            AuditRepository audit,
            ShardReader shards,
            Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.programs = programs;
        this.publisher = publisher;
        this.audit = audit;
        this.shards = shards;
        this.clock = clock;
    }

    /**
     * What became of an edit.
     *
     * @param segment as it is now
     * @param created whether there was none before
     * @param applied how many partitions have it
     * @param partitions how many there are
     */
    public record Outcome(Segment segment, boolean created, int applied, int partitions) {
        /** Whether every partition has it. */
        public boolean isApplied() {
            return applied == partitions;
        }
    }

    private static void refuseReserved(SegmentKey key) {
        if (RESERVED.contains(key.value())) {
            throw new RequestException(
                    SegmentationError.SEGMENT_KEY_RESERVED,
                    "\"" + key + "\" is reserved; choose another key.");
        }
    }

    private record Edit(Segment segment, boolean created, boolean changed) {}

    /**
     * Makes a segment, or puts another in its place. The same again changes nothing.
     *
     * @param ifMatch needed to change one that exists
     */
    public Outcome put(
            ProgramId program,
            SegmentKey key,
            JsonNode body,
            @Nullable String ifMatch,
            String actor) {
        refuseReserved(key);
        var draft = SegmentBodies.read(body, key.value());
        var by = by(program, actor, "put");
        return edit(
                transactions.call(
                        program.value(),
                        () -> {
                            repository.lock(program);
                            var present = repository.find(program, key, true).orElse(null);
                            if (present == null) {
                                return write(program, key, null, draft, ifMatch, by);
                            }
                            if (present.kind() == SegmentKind.LIST) {
                                throw new RequestException(
                                        SegmentationError.SEGMENT_IS_LIST,
                                        "Segment "
                                                + key
                                                + " is a list: PUT /v1/lists/"
                                                + key
                                                + " says who is in it, PATCH changes the rest.");
                            }
                            var same = draft.with(SegmentDraft.Nature.of(present));
                            refuseClass(present, same);
                            return write(program, key, present, same, ifMatch, by);
                        }));
    }

    private static void refuseClass(Segment present, SegmentDraft draft) {
        boolean keepsPlace =
                draft.condition().equals(present.condition())
                        && (draft.status() == null || draft.status() == present.status());
        if (present.set() != null && !keepsPlace) {
            throw new RequestException(
                    SegmentationError.SEGMENT_IN_SET,
                    "Segment "
                            + present.key()
                            + " is a class of the segment set "
                            + present.set()
                            + ": change it there, by PUT /v1/segment-sets/"
                            + present.set()
                            + ".");
        }
    }

    /**
     * From now on members can be set in or out by hand.
     *
     * @throws RequestException 404 if there is no such segment, 409 if it is archived or a class of
     *     a set
     */
    public Outcome allowOverrides(ProgramId program, SegmentKey key, String actor) {
        var by = by(program, actor, "overrides");
        return edit(
                transactions.call(
                        program.value(),
                        () -> {
                            repository.lock(program);
                            var present =
                                    repository
                                            .find(program, key, true)
                                            .orElseThrow(() -> absent(key));
                            if (present.status() == SegmentStatus.ARCHIVED) {
                                throw new RequestException(
                                        SegmentationError.SEGMENT_ARCHIVED,
                                        "Segment " + key + " is archived: make it active first.");
                            }
                            if (present.set() != null) {
                                throw new RequestException(
                                        SegmentationError.SEGMENT_IN_SET,
                                        "Segment "
                                                + key
                                                + " is a class of the segment set "
                                                + present.set()
                                                + ", where everybody is in exactly one.");
                            }
                            var nature = new SegmentDraft.Nature(present.kind(), true, null);
                            return write(
                                    program,
                                    key,
                                    present,
                                    SegmentDraft.of(present).with(nature),
                                    "*",
                                    by);
                        }));
    }

    /**
     * Makes a list, with nobody in it yet, or gives one another name.
     *
     * @param name null: as it is, or the key
     * @throws RequestException 409 if the key is that of a rule
     */
    public Outcome putList(
            ProgramId program,
            SegmentKey key,
            @Nullable String name,
            @Nullable String description,
            String actor) {
        refuseReserved(key);
        var by = by(program, actor, "list");
        return edit(
                transactions.call(
                        program.value(),
                        () -> {
                            repository.lock(program);
                            var present = repository.find(program, key, true).orElse(null);
                            if (present != null && present.kind() != SegmentKind.LIST) {
                                throw new RequestException(
                                        SegmentationError.SEGMENT_IS_RULE,
                                        "Segment "
                                                + key
                                                + " has a condition; choose another key for the"
                                                + " list.");
                            }
                            var draft =
                                    new SegmentDraft(
                                            name != null
                                                    ? name
                                                    : present != null
                                                            ? present.name()
                                                            : key.value(),
                                            description != null || present == null
                                                    ? description
                                                    : present.description(),
                                            Map.of("any", List.of()),
                                            present == null ? Map.of() : present.strategy(),
                                            present == null ? null : present.owner(),
                                            present == null
                                                            || present.status()
                                                                    == SegmentStatus.ARCHIVED
                                                    ? SegmentStatus.ACTIVE
                                                    : present.status(),
                                            new SegmentDraft.Nature(SegmentKind.LIST, true, null));
                            return write(program, key, present, draft, "*", by);
                        }));
    }

    /**
     * A class of a segment set, as its segment is to be.
     *
     * @param condition with the classes before it taken out
     */
    public record ClassDraft(
            SegmentKey key,
            String name,
            Map<String, Object> condition,
            Map<String, Object> strategy) {}

    /**
     * Makes the segments of a set what they are to be, all at one instant; those of its segments
     * that are not among them are archived.
     *
     * @param alongside runs in the same transaction, before
     * @throws RequestException 409 if a segment that is not of this set has one of the keys, or
     *     others refer to one that is to be archived
     */
    public List<Outcome> putClasses(
            ProgramId program,
            String set,
            List<ClassDraft> classes,
            String actor,
            Runnable alongside) {
        classes.forEach(each -> refuseReserved(each.key()));
        var by = by(program, actor, "set");
        var edits =
                transactions.call(
                        program.value(),
                        () -> {
                            repository.lock(program);
                            alongside.run();
                            var done = new ArrayList<Edit>();
                            for (var each : classes) {
                                done.add(writeClass(program, set, each, by));
                            }
                            var kept = classes.stream().map(ClassDraft::key).toList();
                            for (var segment : repository.all(program)) {
                                if (set.equals(segment.set()) && !kept.contains(segment.key())) {
                                    var gone =
                                            SegmentDraft.of(segment)
                                                    .with(SegmentStatus.ARCHIVED)
                                                    .with(SegmentDraft.Nature.PLAIN);
                                    done.add(write(program, segment.key(), segment, gone, "*", by));
                                }
                            }
                            return done;
                        });
        publisher.call();
        return edits.stream().map(this::edit).toList();
    }

    private Edit writeClass(ProgramId program, String set, ClassDraft wanted, By by) {
        var present = repository.find(program, wanted.key(), true).orElse(null);
        if (present != null && !set.equals(present.set())) {
            throw new RequestException(
                    SegmentationError.SEGMENT_EXISTS,
                    "There is a segment \""
                            + wanted.key()
                            + "\" already, which is not of this set; choose another key.");
        }
        var draft =
                new SegmentDraft(
                        wanted.name(),
                        present == null ? null : present.description(),
                        wanted.condition(),
                        wanted.strategy(),
                        present == null ? null : present.owner(),
                        SegmentStatus.ACTIVE,
                        new SegmentDraft.Nature(SegmentKind.RULE, false, set));
        return write(program, wanted.key(), present, draft, "*", by);
    }

    /** Changes what is not the condition. */
    public Outcome patch(
            ProgramId program,
            SegmentKey key,
            JsonNode patch,
            @Nullable String ifMatch,
            String actor) {
        return change(
                program,
                key,
                ifMatch,
                actor,
                "patch",
                segment -> SegmentBodies.patch(segment, patch));
    }

    /** Archives a segment. */
    public Outcome archive(
            ProgramId program, SegmentKey key, @Nullable String ifMatch, String actor) {
        return change(
                program,
                key,
                ifMatch,
                actor,
                "archive",
                segment -> SegmentDraft.of(segment).with(SegmentStatus.ARCHIVED));
    }

    /** Makes the condition of an earlier version the present one, as a new version. */
    public Outcome rollback(
            ProgramId program,
            SegmentKey key,
            int version,
            @Nullable String ifMatch,
            String actor) {
        return change(
                program,
                key,
                ifMatch,
                actor,
                "rollback",
                segment ->
                        SegmentDraft.of(segment)
                                .withCondition(conditionOf(program, segment, version)));
    }

    private Map<String, Object> conditionOf(ProgramId program, Segment segment, int version) {
        return repository.versions(program, segment.key()).stream()
                .filter(candidate -> candidate.version() == version)
                .findFirst()
                .orElseThrow(() ->
                        new RequestException(
                                SegmentationError.SEGMENT_INVALID,
                                "The segment has no such version.",
                                List.of(
                                        new FieldError(
                                                "/version", "expected 1 to " + segment.version()))))
                .condition();
    }

    private Outcome change(
            ProgramId program,
            SegmentKey key,
            @Nullable String ifMatch,
            String actor,
            String action,
            Function<Segment, SegmentDraft> change) {
        var by = by(program, actor, action);
        return edit(
                transactions.call(
                        program.value(),
                        () -> {
                            repository.lock(program);
                            var present =
                                    repository
                                            .find(program, key, true)
                                            .orElseThrow(() -> absent(key));
                            EntityTags.check(ifMatch, present.revision());
                            var draft = change.apply(present).with(SegmentDraft.Nature.of(present));
                            refuseClass(present, draft);
                            return write(program, key, present, draft, "*", by);
                        }));
    }

    /** One segment, archived or not. */
    public Segment find(ProgramId program, SegmentKey key) {
        return transactions.call(
                program.value(),
                () -> repository.find(program, key, false).orElseThrow(() -> absent(key)));
    }

    /** Segments in the order of their keys, archived ones left out. */
    public List<Segment> list(ProgramId program, PageRequest page, int more) {
        return transactions.call(
                program.value(),
                () -> repository.list(program, page.position().orElse(null), page.limit() + more));
    }

    /** The versions of a segment, the latest first. */
    public List<SegmentVersion> versions(ProgramId program, SegmentKey key) {
        return transactions.call(
                program.value(),
                () -> {
                    var unused =
                            repository.find(program, key, false).orElseThrow(() -> absent(key));
                    return repository.versions(program, key);
                });
    }

    /** Who changed what of a segment, the latest first. */
    Page<AuditEntry> audit(ProgramId program, SegmentKey key, PageRequest page) {
        long before = page.position().map(SegmentService::entry).orElse(Long.MAX_VALUE);
        var found =
                transactions.call(
                        program.value(),
                        () -> {
                            var unused =
                                    repository
                                            .find(program, key, false)
                                            .orElseThrow(() -> absent(key));
                            return audit.list(program, key, before, page.limit() + 1);
                        });
        boolean more = found.size() > page.limit();
        var shown = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                shown,
                more ? PageRequest.cursorAfter(Long.toString(shown.getLast().id())) : null,
                clock.instant());
    }

    private static long entry(String position) {
        try {
            return Long.parseLong(position);
        } catch (NumberFormatException e) {
            throw new RequestException(
                    CommonError.CURSOR_INVALID,
                    "cursor is what the page before gave as \"next\"; this is none.");
        }
    }

    private Edit write(
            ProgramId program,
            SegmentKey key,
            @Nullable Segment present,
            SegmentDraft draft,
            @Nullable String ifMatch,
            By by) {
        var live = new LinkedHashMap<String, JsonNode>();
        for (var segment : repository.all(program)) {
            if (segment.status() != SegmentStatus.ARCHIVED) {
                live.put(segment.key().value(), Json.mapper().valueToTree(segment.condition()));
            }
        }
        var status =
                draft.status() != null
                        ? draft.status()
                        : present == null ? SegmentStatus.ACTIVE : present.status();
        boolean sameCondition;
        if (status == SegmentStatus.ARCHIVED && present != null) {
            refuseUsed(key, live);
            sameCondition = true;
        } else {
            var model = model(program);
            var known = model.withSegments(SegmentConditions.read(model, live));
            var condition = read(draft.condition(), known, key);
            // An archived segment is not among those known: it is compared as it was written.
            sameCondition =
                    present != null
                            && (condition.equals(known.segments().get(key.value()))
                                    || draft.condition().equals(present.condition()));
        }
        var next =
                new Segment(
                        program,
                        key,
                        draft.name(),
                        draft.description(),
                        sameCondition && present != null ? present.condition() : draft.condition(),
                        draft.strategy(),
                        draft.owner(),
                        status,
                        present == null ? 1 : present.version() + (sameCondition ? 0 : 1),
                        present == null ? 1 : present.revision() + 1,
                        present == null ? by.at() : present.createdAt(),
                        present == null ? by.actor() : present.createdBy(),
                        by.at(),
                        by.actor(),
                        draft.nature().kind(),
                        draft.nature().isOverridden(),
                        draft.nature().set());
        if (present != null) {
            if (sameCondition && isEqual(present, next)) {
                return new Edit(present, false, false);
            }
            EntityTags.check(ifMatch, present.revision());
        }
        repository.save(next);
        audit.note(program, key, by.action(), by.at(), by.actor(), SegmentChange.of(present, next));
        boolean shardsCare =
                !sameCondition
                        || present == null
                        || present.status() != next.status()
                        || present.isOverridden() != next.isOverridden();
        if (shardsCare) {
            if (!sameCondition) {
                repository.addVersion(
                        program,
                        key,
                        new SegmentVersion(
                                next.version(),
                                next.condition(),
                                by.effectiveAt(),
                                by.at(),
                                by.actor()));
            }
            repository.announce(
                    new SegmentDefinition(
                            program,
                            key,
                            next.version(),
                            next.revision(),
                            status == SegmentStatus.ACTIVE,
                            next.effectiveCondition(),
                            by.effectiveAt()));
        }
        return new Edit(next, present == null, shardsCare);
    }

    private static boolean isEqual(Segment present, Segment next) {
        return present.name().equals(next.name())
                && Objects.equals(present.description(), next.description())
                && Json.mapper()
                        .valueToTree(present.strategy())
                        .equals(Json.mapper().valueToTree(next.strategy()))
                && Objects.equals(present.owner(), next.owner())
                && present.status() == next.status()
                && present.isOverridden() == next.isOverridden()
                && Objects.equals(present.set(), next.set());
    }

    /**
     * Who changes what, when, and from when on it counts: the shards' present, the least of their
     * clocks, so that every shard has come to it already. A shard that has seen nothing has nobody
     * to evaluate; while partitions move, it is the wall clock.
     */
    private record By(String actor, String action, Instant at, Instant effectiveAt) {}

    private By by(ProgramId program, String actor, String action) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try {
            return new By(actor, action, now, shards.leastClock(program).orElse(now));
        } catch (TransientException moving) {
            return new By(actor, action, now, now);
        }
    }

    private Outcome edit(Edit edit) {
        int partitions = shards.partitions();
        if (!edit.changed()) {
            return new Outcome(edit.segment(), edit.created(), partitions, partitions);
        }
        publisher.call();
        var segment = edit.segment();
        return new Outcome(
                segment,
                edit.created(),
                shards.awaitDefinition(
                        segment.program(), segment.key(), segment.revision(), PATIENCE),
                partitions);
    }

    private ProgramModel model(ProgramId program) {
        return programs.get(program).model();
    }

    private static Condition read(
            Map<String, Object> condition, ProgramModel known, SegmentKey key) {
        try {
            return Conditions.read(Json.mapper().valueToTree(condition), known, key.value());
        } catch (InvalidConditionException e) {
            throw SegmentConditionProblems.of(e, "/condition");
        }
    }

    private static void refuseUsed(SegmentKey key, Map<String, JsonNode> others) {
        var users =
                others.entrySet().stream()
                        .filter(other ->
                                !other.getKey().equals(key.value())
                                        && other.getValue()
                                                .findValuesAsText("segment")
                                                .contains(key.value()))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
        if (!users.isEmpty()) {
            throw new RequestException(
                    SegmentationError.SEGMENT_IN_USE,
                    "Segment "
                            + key
                            + " is referred to by "
                            + String.join(", ", users)
                            + ": change or archive those first.");
        }
    }

    /**
     * Reads a key from a path; one that cannot be is as absent as any other.
     *
     * @throws RequestException 404 if it cannot be
     */
    public static SegmentKey key(String key) {
        try {
            return new SegmentKey(key);
        } catch (IllegalArgumentException e) {
            throw new RequestException(
                    SegmentationError.SEGMENT_NOT_FOUND, "There is no segment \"" + key + "\".");
        }
    }

    /**
     * Reads the key of a segment to be made.
     *
     * @throws RequestException 422 if it cannot be one
     */
    public static SegmentKey writableKey(String key) {
        try {
            return new SegmentKey(key);
        } catch (IllegalArgumentException e) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID, "A key: " + e.getMessage() + ".");
        }
    }

    /**
     * Nothing happens if the key is free.
     *
     * @throws RequestException 409 if a segment has it, archived or not
     */
    public void refuseTaken(ProgramId program, SegmentKey key) {
        boolean isTaken =
                transactions
                        .call(program.value(), () -> repository.find(program, key, false))
                        .isPresent();
        if (isTaken) {
            throw new RequestException(
                    SegmentationError.SEGMENT_EXISTS,
                    "There is a segment \"" + key + "\" already; choose another key.");
        }
    }

    /** 404: there is none, or it is another program's. */
    public static RequestException absent(SegmentKey key) {
        return new RequestException(
                SegmentationError.SEGMENT_NOT_FOUND, "There is no segment \"" + key + "\".");
    }
}
