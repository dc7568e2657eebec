package io.clientele.segmentation.segment;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.http.EntityTags;
import io.clientele.common.json.Json;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.paging.PageRequest;
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
    private final ShardReader shards;
    private final KafkaSettings settings;
    private final Clock clock;

    @Inject
    SegmentService(
            SegmentRepository repository,
            ProgramTransactions transactions,
            Programs programs,
            DefinitionPublisher publisher,
            ShardReader shards,
            KafkaSettings settings,
            Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.programs = programs;
        this.publisher = publisher;
        this.shards = shards;
        this.settings = settings;
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
        if (RESERVED.contains(key.value())) {
            throw new RequestException(
                    SegmentationError.SEGMENT_KEY_RESERVED,
                    "\"" + key + "\" is reserved; choose another key.");
        }
        var draft = SegmentBodies.read(body, key.value());
        return edit(
                transactions.call(
                        program.value(),
                        () -> {
                            repository.lock(program);
                            var present = repository.find(program, key, true).orElse(null);
                            return write(program, key, present, draft, ifMatch, actor);
                        }));
    }

    /** Changes what is not the condition. */
    public Outcome patch(
            ProgramId program,
            SegmentKey key,
            JsonNode patch,
            @Nullable String ifMatch,
            String actor) {
        return change(program, key, ifMatch, actor, segment -> SegmentBodies.patch(segment, patch));
    }

    /** Archives a segment. */
    public Outcome archive(
            ProgramId program, SegmentKey key, @Nullable String ifMatch, String actor) {
        return change(
                program,
                key,
                ifMatch,
                actor,
                segment ->
                        new SegmentDraft(
                                segment.name(),
                                segment.description(),
                                segment.condition(),
                                segment.strategy(),
                                segment.owner(),
                                SegmentStatus.ARCHIVED));
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
                segment ->
                        new SegmentDraft(
                                segment.name(),
                                segment.description(),
                                repository.versions(program, key).stream()
                                        .filter(candidate -> candidate.version() == version)
                                        .findFirst()
                                        .orElseThrow(() ->
                                                new RequestException(
                                                        SegmentationError.SEGMENT_INVALID,
                                                        "The segment has no such version.",
                                                        List.of(
                                                                new FieldError(
                                                                        "/version",
                                                                        "expected 1 to "
                                                                                + segment
                                                                                        .version()))))
                                        .condition(),
                                segment.strategy(),
                                segment.owner(),
                                segment.status()));
    }

    private Outcome change(
            ProgramId program,
            SegmentKey key,
            @Nullable String ifMatch,
            String actor,
            Function<Segment, SegmentDraft> change) {
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
                            return write(program, key, present, change.apply(present), "*", actor);
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

    private Edit write(
            ProgramId program,
            SegmentKey key,
            @Nullable Segment present,
            SegmentDraft draft,
            @Nullable String ifMatch,
            String actor) {
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
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
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
                        present == null ? now : present.createdAt(),
                        present == null ? actor : present.createdBy(),
                        now,
                        actor);
        if (present != null) {
            if (sameCondition && isEqual(present, next)) {
                return new Edit(present, false, false);
            }
            EntityTags.check(ifMatch, present.revision());
        }
        repository.save(next);
        boolean shardsCare = !sameCondition || present == null || present.status() != next.status();
        if (shardsCare) {
            var effectiveAt = effectiveAt(program, now);
            if (!sameCondition) {
                repository.addVersion(
                        program,
                        key,
                        new SegmentVersion(
                                next.version(), next.condition(), effectiveAt, now, actor));
            }
            repository.announce(
                    new SegmentDefinition(
                            program,
                            key,
                            next.version(),
                            next.revision(),
                            status == SegmentStatus.ACTIVE,
                            next.condition(),
                            effectiveAt));
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
                && present.status() == next.status();
    }

    /**
     * The shards' present: the least of their clocks, so that every shard has come to it already. A
     * shard that has seen nothing has nobody to evaluate; while partitions move, the wall clock.
     */
    private Instant effectiveAt(ProgramId program, Instant now) {
        try {
            return shards.leastClock(program).orElse(now);
        } catch (TransientException moving) {
            return now;
        }
    }

    private Outcome edit(Edit edit) {
        int partitions = settings.partitions();
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

    /** 404: there is none, or it is another program's. */
    public static RequestException absent(SegmentKey key) {
        return new RequestException(
                SegmentationError.SEGMENT_NOT_FOUND, "There is no segment \"" + key + "\".");
    }
}
