package io.clientele.ingestion.importing;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.ingestion.IngestionError;
import io.clientele.ingestion.registry.Registry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What users do with imports. */
@ApplicationScoped
class ImportService {
    private static final Logger LOG = Logger.getLogger(ImportService.class);
    private static final Duration STILL = Duration.ofSeconds(5);
    private static final int PART = 1_048_576;
    private static final int ERROR_PAGE = 2_000;

    private final ProgramTransactions transactions;
    private final ImportRepository repository;
    private final ImportRunner runner;
    private final Registry registry;
    private final OutcomeClient outcomes;
    private final Clock clock;
    private final Map<String, Seen> lastSeen = new ConcurrentHashMap<>();

    @Inject
    ImportService(
            ProgramTransactions transactions,
            ImportRepository repository,
            ImportRunner runner,
            Registry registry,
            @RestClient OutcomeClient outcomes,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.runner = runner;
        this.registry = registry;
        this.outcomes = outcomes;
        this.clock = clock;
    }

    /**
     * What a request to make a job led to.
     *
     * @param view the job
     * @param isNew false: the same request had made it before
     */
    record Created(ImportView view, boolean isNew) {}

    /**
     * Makes a job, or finds the one that was made with the same key.
     *
     * @param mapping what rows mean; null if the file's lines are events
     * @param key the caller's name for this request, if any
     * @throws RequestException 422 naming everything that is not valid; 409 if another request was
     *     sent with this key
     */
    Created create(
            ProgramId program,
            @Nullable String source,
            @Nullable JsonNode mapping,
            boolean shiftToNow,
            String actor,
            @Nullable String key) {
        if (key != null
                && (key.isBlank()
                        || key.length() > 128
                        || key.chars().anyMatch(Character::isISOControl))) {
            throw new RequestException(
                    CommonError.REQUEST_INVALID,
                    "Idempotency-Key has 1 to 128 characters and no control character.");
        }
        if (source == null
                || source.isBlank()
                || source.length() > 128
                || source.chars().anyMatch(Character::isISOControl)) {
            throw new RequestException(
                    CommonError.BODY_INVALID,
                    "The import is not valid.",
                    List.of(
                            new FieldError(
                                    "/source",
                                    "expected 1 to 128 characters and no control character")));
        }
        if (mapping != null) {
            var unused = MappingReader.read(registry, program, mapping);
        }
        var now = clock.instant();
        var id =
                "imp-"
                        + String.format(Locale.ROOT, "%011x", now.toEpochMilli())
                        + UUID.randomUUID().toString().substring(0, 8);
        var job =
                new ImportJob(
                        program,
                        id,
                        source,
                        mapping == null ? null : mapping.toString(),
                        shiftToNow,
                        ImportState.CREATED,
                        null,
                        now,
                        null,
                        null,
                        0,
                        false,
                        null,
                        null,
                        0,
                        new ImportJob.Progress(0, 0, 0, 0, 0, 0, Map.of(), 0),
                        null);
        var stored =
                transactions.call(
                        program.value(),
                        () ->
                                repository.insert(job, actor, key) || key == null
                                        ? job
                                        : repository.findByKey(key).orElseThrow());
        if (!stored.source().equals(source)
                || !Objects.equals(stored.mapping(), job.mapping())
                || stored.shiftToNow() != shiftToNow) {
            throw new RequestException(
                    IngestionError.IDEMPOTENCY_KEY_REUSED,
                    "Import "
                            + stored.id()
                            + " was made with this Idempotency-Key, but another source, mapping or"
                            + " shiftToNow. Use another key for another import.");
        }
        return new Created(
                ImportView.of(stored, stored.state(), stored.outcome()), stored.id().equals(id));
    }

    /**
     * Takes content in, part by part, each kept as soon as it is here.
     *
     * @param from where the body begins in the content; 0 begins anew
     * @param until where it ends and the content with it; null: the body's end is the content's
     * @param total of the content's bytes, if known
     */
    ImportView receive(
            ProgramId program,
            String id,
            long from,
            @Nullable Long until,
            @Nullable Long total,
            InputStream body)
            throws IOException {
        var job = require(program, id);
        if (!waitsForContent(job)) {
            throw noMoreContent();
        }
        if (from == 0 && job.received() > 0) {
            if (!transactions.call(program.value(), () -> repository.restart(id))) {
                throw noMoreContent();
            }
        } else if (from != job.received()) {
            throw new RequestException(
                    IngestionError.IMPORT_OFFSET,
                    "The part begins at byte "
                            + from
                            + ", but "
                            + job.received()
                            + " bytes are here: go on at "
                            + job.received()
                            + ", or begin anew at 0.");
        }
        long position = from;
        try {
            for (byte[] part = body.readNBytes(PART);
                    part.length > 0;
                    part = body.readNBytes(PART)) {
                position = append(program, id, position, part);
            }
        } catch (IOException e) {
            LOG.infof("import content broke off importId=%s received=%d", id, position);
            throw new RequestException(
                    IngestionError.STREAM_BROKEN,
                    "The content broke off; "
                            + position
                            + " bytes are here. Go on with Content-Range: bytes "
                            + position
                            + "-…");
        }
        if (until != null && position != until) {
            throw new RequestException(
                    IngestionError.STREAM_BROKEN,
                    "Content-Range promised the bytes up to "
                            + until
                            + ", but "
                            + position
                            + " are here. Go on at "
                            + position
                            + ".");
        }
        if (total == null ? until == null : position == total) {
            if (position == 0) {
                throw new RequestException(
                        CommonError.REQUEST_INVALID, "The content is empty: send the file.");
            }
            long whole = position;
            if (!transactions.call(program.value(), () -> repository.complete(id, whole))) {
                throw overtaken(program, id);
            }
            runner.wake();
        }
        return view(require(program, id), null);
    }

    private long append(ProgramId program, String id, long position, byte[] part) {
        boolean appended =
                transactions.call(
                        program.value(), () -> repository.append(program, id, position, part));
        if (!appended) {
            throw overtaken(program, id);
        }
        return position + part.length;
    }

    /** Why content cannot be added that could be when the request began. */
    private RequestException overtaken(ProgramId program, String id) {
        return waitsForContent(require(program, id))
                ? new RequestException(
                        IngestionError.IMPORT_OFFSET,
                        "Somebody else sends content of this import at the same time.")
                : noMoreContent();
    }

    private static boolean waitsForContent(ImportJob job) {
        return job.state() == ImportState.CREATED && !job.complete();
    }

    private static RequestException noMoreContent() {
        return new RequestException(
                IngestionError.IMPORT_STATE,
                "The content of this import is complete, or the import has ended; make another.");
    }

    ImportView read(ProgramId program, String id, @Nullable String authorization) {
        return view(require(program, id), authorization);
    }

    Page<ImportView> list(ProgramId program, PageRequest page) {
        var found =
                transactions.call(
                        program.value(),
                        () -> repository.list(page.position().orElse(null), page.limit() + 1));
        boolean more = found.size() > page.limit();
        var items = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                items.stream().map(it -> ImportView.of(it, it.state(), it.outcome())).toList(),
                more ? PageRequest.cursorAfter(items.getLast().id()) : null,
                clock.instant());
    }

    ImportView pause(ProgramId program, String id) {
        return move(program, id, ImportState.PAUSED, ImportState.RUNNING);
    }

    ImportView resume(ProgramId program, String id) {
        return move(program, id, ImportState.RUNNING, ImportState.PAUSED);
    }

    ImportView cancel(ProgramId program, String id) {
        return move(
                program,
                id,
                ImportState.CANCELLED,
                ImportState.CREATED,
                ImportState.RUNNING,
                ImportState.PAUSED);
    }

    private ImportView move(ProgramId program, String id, ImportState to, ImportState... from) {
        var moved =
                transactions.call(
                        program.value(),
                        () -> {
                            var job = repository.find(id, true);
                            if (job.isEmpty()) {
                                throw unknown(id);
                            }
                            if (job.get().state() == to) {
                                return job.get();
                            }
                            if (!List.of(from).contains(job.get().state())) {
                                throw new RequestException(
                                        IngestionError.IMPORT_STATE,
                                        "The import is "
                                                + job.get().state().stored()
                                                + "; it cannot become "
                                                + to.stored()
                                                + ".");
                            }
                            boolean ends = to == ImportState.CANCELLED;
                            repository.move(id, to, null, ends ? clock.instant() : null);
                            if (ends) {
                                repository.dropContent(id);
                            }
                            return repository.find(id, false).orElseThrow(() -> unknown(id));
                        });
        runner.wake();
        return ImportView.of(moved, moved.state(), moved.outcome());
    }

    /** Writes the error file: one line for each rejected row, in the order of the job. */
    void writeErrors(ProgramId program, String id, OutputStream out) throws IOException {
        var writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        long after = 0;
        List<ImportRepository.ErrorLine> page;
        do {
            long from = after;
            page =
                    transactions.call(
                            program.value(), () -> repository.errors(id, from, ERROR_PAGE));
            for (var error : page) {
                writer.write(
                        Json.mapper()
                                .createObjectNode()
                                .put("line", error.line())
                                .put("reason", error.reason())
                                .put("remedy", error.remedy())
                                .toString());
                writer.write('\n');
                after = error.number();
            }
            writer.flush();
        } while (page.size() == ERROR_PAGE);
    }

    /** The job, of this program. */
    ImportJob require(ProgramId program, String id) {
        return transactions
                .call(program.value(), () -> repository.find(id, false))
                .orElseThrow(() -> unknown(id));
    }

    private static RequestException unknown(String id) {
        return new RequestException(
                IngestionError.IMPORT_UNKNOWN, "There is no import \"" + id + "\".");
    }

    /**
     * With what profile says. Once everything that was sent is accounted for, the counts are kept
     * and profile is not asked again.
     */
    private ImportView view(ImportJob job, @Nullable String authorization) {
        if (job.outcome() != null || authorization == null || job.progress().units() == 0) {
            return ImportView.of(job, job.state(), job.outcome());
        }
        var events = ask(job.id(), authorization);
        if (events.isEmpty()) {
            var state = job.state() == ImportState.COMPLETED ? ImportState.APPLYING : job.state();
            return ImportView.of(job, state, null);
        }
        // A step that was sent twice after a crash counts twice there, as duplicates.
        var outcome = atMost(events.get(), job.progress().events());
        if (job.state() != ImportState.COMPLETED) {
            return ImportView.of(job, job.state(), outcome);
        }
        boolean settled =
                outcome.total() >= job.progress().events()
                        && (job.progress().declarations() == 0
                                || ask(job.id() + "-attributes", authorization)
                                                .map(ImportJob.Outcome::total)
                                                .orElse(0L)
                                        >= job.progress().declarations());
        if (settled && !isStill(job, events.get())) {
            settled = false;
        }
        if (settled) {
            transactions.run(job.program().value(), () -> repository.settle(job.id(), outcome));
        }
        return ImportView.of(job, settled ? ImportState.COMPLETED : ImportState.APPLYING, outcome);
    }

    /**
     * True if nothing can follow. Of a job that was begun more than once some events were sent
     * twice, so that its count is full before the last of them are counted: it has to stand still
     * for a while, too.
     */
    private boolean isStill(ImportJob job, ImportJob.Outcome counted) {
        if (job.attempts() <= 1) {
            return true;
        }
        var now = clock.instant();
        var seen =
                lastSeen.compute(
                        job.id(),
                        (id, before) ->
                                before != null && before.outcome().equals(counted)
                                        ? before
                                        : new Seen(counted, now));
        boolean still = !now.isBefore(seen.since().plus(STILL));
        if (still) {
            lastSeen.remove(job.id());
        }
        return still;
    }

    /**
     * What profile counted.
     *
     * @param outcome the counts
     * @param since when they were first seen
     */
    private record Seen(ImportJob.Outcome outcome, Instant since) {}

    private static ImportJob.Outcome atMost(ImportJob.Outcome counted, long events) {
        long duplicate =
                Math.max(
                        0,
                        Math.min(
                                counted.duplicate(),
                                events - counted.accepted() - counted.refused()));
        return new ImportJob.Outcome(counted.accepted(), duplicate, counted.refused());
    }

    private Optional<ImportJob.Outcome> ask(String importId, String authorization) {
        try {
            return Optional.of(outcomes.outcome(authorization, importId));
        } catch (WebApplicationException | ProcessingException e) {
            LOG.warnf("profile does not say what became of importId=%s reason=%s", importId, e);
            return Optional.empty();
        }
    }
}
