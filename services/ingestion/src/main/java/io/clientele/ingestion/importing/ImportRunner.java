package io.clientele.ingestion.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.clientele.common.json.Json;
import io.clientele.common.kafka.Backoff;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.ingestion.Programs;
import io.clientele.ingestion.event.EventPublisher;
import io.clientele.ingestion.event.EventValidator;
import io.clientele.ingestion.event.Verdict;
import io.clientele.ingestion.messaging.KafkaWriter;
import io.clientele.ingestion.registry.Registry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Works off imports, one at a time, in its own thread. A step is sent to Kafka, acknowledged, and
 * only then counted in PostgreSQL, in one transaction with its errors: a process that is killed in
 * between sends that step again, which has no effect, as the events have the same ids. Whatever
 * fails for a time is tried again without end.
 */
@ApplicationScoped
public class ImportRunner {
    private static final Logger LOG = Logger.getLogger(ImportRunner.class);
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final int STEP_EVENTS = 500;
    private static final int STEP_UNITS = 2_000;
    private static final int LARGEST_EVENT = 262_144;

    private final Programs programs;
    private final ProgramTransactions transactions;
    private final ImportRepository repository;
    private final Registry registry;
    private final EventValidator validator;
    private final EventPublisher publisher;
    private final Clock clock;
    private final String owner;
    private final Path folder;
    private final int eventsPerSecond;
    private final Semaphore work = new Semaphore(1);
    private final Thread thread;
    private volatile boolean closed;

    @Inject
    ImportRunner(
            Programs programs,
            ProgramTransactions transactions,
            ImportRepository repository,
            Registry registry,
            EventValidator validator,
            EventPublisher publisher,
            KafkaSettings kafka,
            ImportConfig config,
            Clock clock,
            @ConfigProperty(name = "CLIENTELE_DATA") Optional<String> data) {
        this.programs = programs;
        this.transactions = transactions;
        this.repository = repository;
        this.registry = registry;
        this.validator = validator;
        this.publisher = publisher;
        this.clock = clock;
        this.owner = "ingestion-" + kafka.instance();
        this.folder =
                Path.of(data.orElse(System.getProperty("java.io.tmpdir")))
                        .resolve("imports-" + kafka.instance());
        if (config.eventsPerSecond() < 1) {
            throw new IllegalArgumentException(
                    "ingestion.importing.events-per-second is 1 or more, was "
                            + config.eventsPerSecond());
        }
        this.eventsPerSecond = config.eventsPerSecond();
        this.thread = Thread.ofPlatform().name("imports").daemon().unstarted(this::run);
    }

    /** Starts to work, first on what was left over. */
    public void start() {
        try {
            Files.createDirectories(folder);
            try (var left = Files.list(folder)) {
                for (var file : left.toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no place for temporary files: " + folder, e);
        }
        thread.start();
    }

    /** Says that there may be something to do. */
    void wake() {
        work.release();
    }

    private void run() {
        var pause = Backoff.standard();
        try {
            while (!closed) {
                // Others' leases end without anybody saying so.
                boolean woken = work.tryAcquire(15, TimeUnit.SECONDS);
                int more = work.drainPermits();
                LOG.debugf("looking for imports woken=%s calls=%d", woken, more);
                try {
                    workOff();
                    pause.reset();
                } catch (RuntimeException e) {
                    LOG.warnf("imports not looked for, going on soon reason=%s", e);
                    if (!pause.sleep(() -> closed)) {
                        return;
                    }
                    work.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void workOff() throws InterruptedException {
        boolean found = true;
        while (found && !closed) {
            found = false;
            for (var program : programs.all()) {
                var claimed =
                        transactions.call(
                                program.value(),
                                () -> {
                                    var now = clock.instant();
                                    return repository.claim(owner, now, now.plus(LEASE));
                                });
                if (claimed.isPresent() && !closed) {
                    found = true;
                    attempt(claimed.get());
                }
            }
        }
    }

    /** What fails for a time waits, and lets others pass. */
    private void attempt(ImportJob job) throws InterruptedException {
        try {
            run(job);
        } catch (RuntimeException | IOException e) {
            LOG.warnf(
                    "import interrupted, going on soon program=%s importId=%s reason=%s",
                    job.program(), job.id(), e);
            transactions.run(
                    job.program().value(),
                    () -> repository.postpone(job.id(), owner, clock.instant().plus(WAIT)));
        }
    }

    private void run(ImportJob job) throws IOException, InterruptedException {
        LOG.infof(
                "import begins program=%s importId=%s units=%d",
                job.program(), job.id(), job.progress().units());
        var stored = job.mapping();
        Mapping mapping = null;
        try {
            if (stored != null) {
                mapping =
                        MappingReader.read(registry, job.program(), Json.mapper().readTree(stored));
            }
        } catch (RequestException e) {
            fail(job, e.detail() + " " + e.errors());
            return;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored mapping is no JSON", e);
        }
        try (var file =
                ImportFile.survey(
                        () ->
                                new ImportContent(
                                        transactions,
                                        repository,
                                        job.program(),
                                        job.id(),
                                        () ->
                                                repository.renew(
                                                        job.id(),
                                                        owner,
                                                        clock.instant().plus(LEASE))),
                        mapping,
                        registry,
                        job.program(),
                        job.source(),
                        folder)) {
            long shift = shift(job, file);
            transactions.run(
                    job.program().value(),
                    () -> repository.surveyed(job.id(), clock.instant(), file.rows(), shift));
            file.begin(shift);
            for (long done = 0; done < job.progress().units(); done++) {
                file.next();
            }
            send(job, file);
        } catch (RowReader.FileException e) {
            fail(job, String.valueOf(e.getMessage()));
        } catch (ZipException e) {
            fail(job, "The file is gzipped, but damaged: " + e.getMessage());
        } catch (EOFException e) {
            fail(job, "The file is gzipped, but ends too early; send it again.");
        }
    }

    private long shift(ImportJob job, ImportFile file) {
        if (job.shiftMillis() != null) {
            return job.shiftMillis();
        }
        var latest = file.latest();
        if (!job.shiftToNow() || latest == null) {
            return 0;
        }
        long millis = clock.instant().toEpochMilli() - latest.toEpochMilli();
        var digest = new RowReader.Digest();
        digest.add(file.digest());
        digest.add(String.valueOf(job.mapping()));
        var name = digest.finish();
        return transactions.call(
                job.program().value(),
                () -> repository.shift(job.program(), job.source(), name, millis));
    }

    private void fail(ImportJob job, String why) {
        LOG.warnf("import failed program=%s importId=%s", job.program(), job.id());
        transactions.run(
                job.program().value(),
                () -> repository.finish(job.id(), ImportState.FAILED, why, clock.instant()));
    }

    private void send(ImportJob job, ImportFile file) throws IOException, InterruptedException {
        var progress = new Tally(job.progress());
        var step = new Step();
        long begun = System.nanoTime();
        long sent = 0;
        for (var unit = file.next(); unit != null; unit = file.next()) {
            take(job, unit, progress, step);
            if (step.events.size() >= STEP_EVENTS || step.units >= STEP_UNITS) {
                sent += step.events.size();
                if (!commit(job, step, progress)) {
                    return;
                }
                step = new Step();
                pace(work, begun + sent * 1_000_000_000L / eventsPerSecond, () -> closed);
            }
        }
        if (!commit(job, step, progress)) {
            return;
        }
        transactions.run(
                job.program().value(),
                () -> {
                    repository.finish(job.id(), ImportState.COMPLETED, null, clock.instant());
                    if (repository.find(job.id(), false).stream()
                            .anyMatch(it -> it.state() == ImportState.COMPLETED)) {
                        repository.dropContent(job.id());
                    }
                });
        LOG.infof(
                "import sent program=%s importId=%s rows=%d events=%d rejected=%d",
                job.program(), job.id(), progress.rows, progress.events, progress.rejected);
    }

    /**
     * Keeps to the pace, so that live events pass. A permit of {@code work} is kept for after this
     * import: something else is to be done then.
     *
     * @param due when to go on, by {@link System#nanoTime()}
     * @param closed asked after each permit; true ends the wait
     */
    static void pace(Semaphore work, long due, BooleanSupplier closed) throws InterruptedException {
        boolean woken = false;
        long early = due - System.nanoTime();
        while (early > 0 && !closed.getAsBoolean()) {
            woken |= work.tryAcquire(early, TimeUnit.NANOSECONDS);
            early = due - System.nanoTime();
        }
        if (woken) {
            work.release();
        }
    }

    private void take(ImportJob job, Unit unit, Tally progress, Step step) {
        step.units++;
        progress.units++;
        progress.rows += unit.rows();
        var event = unit.event();
        if (event == null) {
            var rejection = unit.rejection();
            if (rejection != null) {
                reject(unit, rejection, progress, step);
            }
            return;
        }
        var importId = unit.isDeclaration() ? job.id() + "-attributes" : job.id();
        switch (validator.validate(job.program(), event, importId)) {
            case Verdict.Valid it -> {
                if (Json.bytes(it.event()).length > LARGEST_EVENT) {
                    reject(
                            unit,
                            new RowMapper.Rejection(
                                    "The event is larger than 256 KiB.",
                                    "Use fewer columns, or more in groupBy."),
                            progress,
                            step);
                    return;
                }
                step.events.add(it.event());
                if (unit.isDeclaration()) {
                    progress.declarations++;
                } else {
                    progress.events++;
                    progress.byType.merge(it.event().type(), 1L, Long::sum);
                }
            }
            case Verdict.Invalid it -> {
                var reason = new StringBuilder();
                for (var error : it.errors()) {
                    reason.append(reason.isEmpty() ? "" : "; ")
                            .append(error.pointer())
                            .append(' ')
                            .append(error.detail());
                }
                reject(
                        unit,
                        new RowMapper.Rejection(
                                reason + ".",
                                "Correct the row or the mapping and import the file again; what"
                                        + " was accepted has no second effect."),
                        progress,
                        step);
            }
        }
    }

    private static void reject(
            Unit unit, RowMapper.Rejection rejection, Tally progress, Step step) {
        progress.rowsRejected += unit.rows();
        progress.rejected += unit.isDeclaration() ? 0 : 1;
        for (long line : unit.lines()) {
            progress.errors++;
            step.errors.add(
                    new ImportRepository.ErrorLine(
                            progress.errors, line, rejection.reason(), rejection.remedy()));
        }
    }

    /** Sends a step, then counts it; says whether to go on. */
    private boolean commit(ImportJob job, Step step, Tally progress) throws InterruptedException {
        var pause = Backoff.standard();
        boolean acknowledged = false;
        while (!acknowledged) {
            if (closed) {
                return false;
            }
            try {
                KafkaWriter.await(step.events.stream().map(publisher::send).toList());
                acknowledged = true;
            } catch (TransientException e) {
                LOG.warnf("import waits for Kafka importId=%s reason=%s", job.id(), e.detail());
                if (!pause.sleep(() -> closed)) {
                    return false;
                }
            }
        }
        var state =
                transactions.call(
                        job.program().value(),
                        () -> {
                            var advanced =
                                    repository.advance(
                                            job.id(),
                                            owner,
                                            clock.instant().plus(LEASE),
                                            progress.progress());
                            if (advanced.isPresent() && !step.errors.isEmpty()) {
                                repository.insertErrors(job.program(), job.id(), step.errors);
                            }
                            return advanced;
                        });
        boolean go = state.isPresent() && state.get() == ImportState.RUNNING && !closed;
        if (!go) {
            LOG.infof(
                    "import stops program=%s importId=%s state=%s",
                    job.program(), job.id(), state.map(ImportState::stored).orElse("taken over"));
            transactions.run(job.program().value(), () -> repository.release(job.id(), owner));
        }
        return go;
    }

    /** Stops after the step under way, and waits for it. */
    @PreDestroy
    void close() {
        closed = true;
        work.release();
        try {
            thread.join(Duration.ofSeconds(8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Step {
        private final List<ReceivedEvent> events = new ArrayList<>();
        private final List<ImportRepository.ErrorLine> errors = new ArrayList<>();
        private int units;
    }

    private static final class Tally {
        private long units;
        private long rows;
        private long rowsRejected;
        private long rejected;
        private long events;
        private long declarations;
        private long errors;
        private final Map<String, Long> byType;

        private Tally(ImportJob.Progress before) {
            units = before.units();
            rows = before.rows();
            rowsRejected = before.rowsRejected();
            rejected = before.rejected();
            events = before.events();
            declarations = before.declarations();
            errors = before.errors();
            byType = new HashMap<>(before.eventsByType());
        }

        private ImportJob.Progress progress() {
            return new ImportJob.Progress(
                    units, rows, rowsRejected, rejected, events, declarations, byType, errors);
        }
    }
}
