package io.clientele.segmentation.set;

import io.clientele.common.http.EntityTags;
import io.clientele.common.json.Json;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.preview.PresentModels;
import io.clientele.segmentation.segment.SegmentConditionProblems;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.segment.SegmentService.ClassDraft;
import io.clientele.segmentation.set.SegmentSetBody.ClassBody;
import io.clientele.segmentation.set.SegmentSetView.ClassView;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps segment sets: each class is a segment whose condition has those before it taken out, so
 * that every member is in exactly one at every instant. Thread-safe.
 */
@ApplicationScoped
class SegmentSetService {
    private static final int MOST_CLASSES = 20;
    private static final int LONGEST_NAME = 200;

    private final SegmentSetRepository repository;
    private final SegmentService segments;
    private final PresentModels models;
    private final ProgramTransactions transactions;
    private final ShardReader shards;
    private final Clock clock;

    @Inject
    SegmentSetService(
            SegmentSetRepository repository,
            SegmentService segments,
            PresentModels models,
            ProgramTransactions transactions,
            ShardReader shards,
            Clock clock) {
        this.repository = repository;
        this.segments = segments;
        this.models = models;
        this.transactions = transactions;
        this.shards = shards;
        this.clock = clock;
    }

    /** What became of an edit. */
    record Outcome(SegmentSetView view, long revision, boolean isCreated) {
        boolean isApplied() {
            return view.applied() == null;
        }
    }

    /**
     * A set.
     *
     * @throws RequestException 404 if there is none
     */
    Outcome find(ProgramId program, String key) {
        var set = stored(program, key).orElseThrow(() -> absent(key));
        return new Outcome(view(program, set, null), set.revision(), false);
    }

    /** In the order of keys. */
    Page<SegmentSetView> list(ProgramId program, PageRequest page) {
        var found =
                transactions.call(
                        program.value(),
                        () ->
                                repository.list(
                                        program, page.position().orElse(null), page.limit() + 1));
        boolean more = found.size() > page.limit();
        var shown = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                shown.stream().map(set -> view(program, set, null)).toList(),
                more ? PageRequest.cursorAfter(shown.getLast().key()) : null,
                shards.asOf(program));
    }

    /**
     * Makes a set, or puts another in its place, all classes at one instant. The same again changes
     * nothing.
     *
     * @param ifMatch needed to change one that exists
     * @throws RequestException 422 with every place that does not fit, 409 if a key is in use
     */
    Outcome put(
            ProgramId program,
            String key,
            @Nullable SegmentSetBody wanted,
            @Nullable String ifMatch,
            String actor) {
        var body = checked(SegmentService.writableKey(key), wanted, models.of(program));
        var present = stored(program, key);
        if (present.isPresent()) {
            if (Json.mapper()
                    .valueToTree(present.get().body())
                    .equals(Json.mapper().valueToTree(body))) {
                return new Outcome(
                        view(program, present.get(), null), present.get().revision(), false);
            }
            EntityTags.check(ifMatch, present.get().revision());
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var next =
                new SegmentSet(
                        key,
                        body,
                        present.map(SegmentSet::revision).orElse(0L) + 1,
                        present.map(SegmentSet::createdAt).orElse(now),
                        present.map(SegmentSet::createdBy).orElse(actor),
                        now,
                        actor);
        var outcomes =
                segments.putClasses(
                        program, key, drafts(body), actor, () -> save(program, present, next));
        int applied = outcomes.stream().mapToInt(SegmentService.Outcome::applied).min().orElse(0);
        var first = outcomes.getFirst();
        return new Outcome(
                view(program, next, applied == first.partitions() ? null : applied),
                next.revision(),
                present.isEmpty());
    }

    /** Within the transaction of the segments, whose lock makes changes happen one by one. */
    private void save(ProgramId program, Optional<SegmentSet> seen, SegmentSet next) {
        var present = repository.find(program, next.key());
        if (!present.map(SegmentSet::revision).equals(seen.map(SegmentSet::revision))) {
            EntityTags.check(
                    EntityTags.of(next.revision() - 1),
                    present.map(SegmentSet::revision).orElse(0L));
        }
        repository.save(program, next);
    }

    private Optional<SegmentSet> stored(ProgramId program, String key) {
        return transactions.call(program.value(), () -> repository.find(program, key));
    }

    /** The segments that a set is made of. Package-private for its test. */
    static List<ClassDraft> drafts(SegmentSetBody body) {
        var drafts = new ArrayList<ClassDraft>();
        var before = new ArrayList<Map<String, Object>>();
        for (var each : Objects.requireNonNull(body.classes())) {
            var one = Objects.requireNonNull(each);
            var condition = Objects.requireNonNull(one.condition());
            var all = new ArrayList<Map<String, Object>>();
            all.add(condition);
            all.addAll(before);
            drafts.add(draft(one, all.size() == 1 ? condition : Map.of("all", all)));
            before.add(Map.of("not", condition));
        }
        drafts.add(draft(Objects.requireNonNull(body.otherwise()), Map.of("all", before)));
        return drafts;
    }

    private static ClassDraft draft(ClassBody one, Map<String, Object> condition) {
        var key = Objects.requireNonNull(one.segment());
        return new ClassDraft(
                new SegmentKey(key),
                one.name() == null ? key : one.name(),
                condition,
                one.strategy() == null ? Map.of() : one.strategy());
    }

    private static SegmentSetBody checked(
            SegmentKey key, @Nullable SegmentSetBody body, ProgramModel model) {
        var errors = new ArrayList<FieldError>();
        if (body == null) {
            throw refused(List.of(new FieldError("", "expected an object")));
        }
        var classes = body.classes();
        if (classes == null || classes.isEmpty() || classes.size() > MOST_CLASSES) {
            errors.add(new FieldError("/classes", "expected 1 to " + MOST_CLASSES + " classes"));
        } else {
            var seen = new HashSet<String>();
            for (int i = 0; i < classes.size(); i++) {
                var place = "/classes/" + i;
                var each = classes.get(i);
                check(each, place, seen, errors);
                if (each != null && each.condition() == null) {
                    errors.add(new FieldError(place + "/condition", "expected a condition"));
                }
            }
            check(body.otherwise(), "/otherwise", seen, errors);
            if (body.otherwise() != null && body.otherwise().condition() != null) {
                errors.add(
                        new FieldError(
                                "/otherwise/condition",
                                "otherwise is for those who satisfy no condition; it has none"));
            }
        }
        if (!errors.isEmpty()) {
            throw refused(errors);
        }
        for (int i = 0; i < Objects.requireNonNull(classes).size(); i++) {
            var unused =
                    SegmentConditionProblems.check(
                            Objects.requireNonNull(
                                    Objects.requireNonNull(classes.get(i)).condition()),
                            model,
                            "/classes/" + i + "/condition");
        }
        return new SegmentSetBody(
                body.name() == null ? key.value() : body.name(),
                body.description(),
                classes,
                body.otherwise());
    }

    private static void check(
            @Nullable ClassBody one, String place, HashSet<String> seen, List<FieldError> errors) {
        if (one == null) {
            errors.add(new FieldError(place, "expected a class: {\"segment\":key, …}"));
            return;
        }
        try {
            var unused = new SegmentKey(String.valueOf(one.segment()));
        } catch (IllegalArgumentException e) {
            errors.add(new FieldError(place + "/segment", String.valueOf(e.getMessage())));
        }
        if (!seen.add(String.valueOf(one.segment()))) {
            errors.add(new FieldError(place + "/segment", "expected another key than before"));
        }
        var name = one.name();
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
            errors.add(new FieldError(place + "/name", "expected a text of 1 to " + LONGEST_NAME));
        }
    }

    private static RequestException refused(List<FieldError> errors) {
        return new RequestException(
                SegmentationError.SEGMENT_INVALID,
                "The segment set does not have the form that is expected.",
                errors);
    }

    private SegmentSetView view(ProgramId program, SegmentSet set, @Nullable Integer applied) {
        var drafts = drafts(set.body());
        var sizes = shards.sizes(program, drafts.stream().map(ClassDraft::key).toList());
        var classes = new ArrayList<ClassView>();
        for (int i = 0; i < drafts.size(); i++) {
            var bodies = Objects.requireNonNull(set.body().classes());
            classes.add(
                    new ClassView(
                            drafts.get(i).key(),
                            drafts.get(i).name(),
                            i < bodies.size()
                                    ? Objects.requireNonNull(bodies.get(i)).condition()
                                    : null,
                            drafts.get(i).strategy(),
                            sizes.getOrDefault(drafts.get(i).key(), 0L)));
        }
        Instant asOf = shards.asOf(program);
        return new SegmentSetView(
                set.key(),
                String.valueOf(set.body().name()),
                set.body().description(),
                List.copyOf(classes.subList(0, classes.size() - 1)),
                classes.getLast(),
                classes.stream().mapToLong(ClassView::size).sum(),
                asOf,
                set.createdAt(),
                set.createdBy(),
                set.updatedAt(),
                set.updatedBy(),
                applied,
                applied == null ? null : shards.partitions());
    }

    private static RequestException absent(String key) {
        return new RequestException(
                SegmentationError.SEGMENT_SET_NOT_FOUND,
                "There is no segment set \"" + key + "\".");
    }
}
