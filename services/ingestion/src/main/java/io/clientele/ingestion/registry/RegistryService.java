package io.clientele.ingestion.registry;

import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.Programs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/** Writes the registry. */
@ApplicationScoped
public class RegistryService {
    private final Programs programs;
    private final ProgramTransactions transactions;
    private final RegistryRepository repository;
    private final Registry registry;
    private final RegistryPublisher publisher;
    private final Clock clock;

    @Inject
    RegistryService(
            Programs programs,
            ProgramTransactions transactions,
            RegistryRepository repository,
            Registry registry,
            RegistryPublisher publisher,
            Clock clock) {
        this.programs = programs;
        this.transactions = transactions;
        this.repository = repository;
        this.registry = registry;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * What became of an edit.
     *
     * @param entry what holds now
     * @param created true if there was none before
     */
    public record Written<T extends RegistryRecord>(T entry, boolean created) {}

    /**
     * Creates or replaces an entry, in one transaction with its announcement.
     *
     * @param program whose
     * @param kind which record
     * @param name its name; empty for the program's settings
     * @param actor who does it
     * @param edit from what is there to what shall be; gives back what it got if nothing changes,
     *     throws to refuse. Other edits of the entry wait meanwhile
     */
    public <T extends RegistryRecord> Written<T> edit(
            ProgramId program,
            Class<T> kind,
            String name,
            String actor,
            Function<Optional<T>, T> edit) {
        var written =
                transactions.call(
                        program.value(),
                        () -> {
                            var before =
                                    repository.findLocked(kindName(kind), name).map(kind::cast);
                            T after = edit.apply(before);
                            if (before.isEmpty() || !before.get().equals(after)) {
                                repository.write(after, clock.instant(), actor);
                            }
                            return new Written<>(after, before.isEmpty());
                        });
        registry.accept(written.entry());
        publisher.wake();
        return written;
    }

    /**
     * Gives every program what it has from its beginning, fills {@link Registry} and publishes all
     * of it again, so that the topic is complete whatever happened to it. Called at start, before
     * requests.
     */
    public void start() {
        for (var program : programs.all()) {
            var stored =
                    transactions.call(
                            program.value(),
                            () -> {
                                var at = clock.instant();
                                repository.insertIfAbsent(BuiltIns.program(program), at, "start");
                                for (var attribute : BuiltIns.attributes(program)) {
                                    repository.insertIfAbsent(attribute, at, "start");
                                }
                                return repository.findAll();
                            });
            stored.forEach(registry::accept);
            BuiltIns.eventTypes(program).forEach(registry::accept);
            publisher.publishAll(stored);
            publisher.publishAll(BuiltIns.eventTypes(program));
        }
        publisher.start();
    }

    private static String kindName(Class<? extends RegistryRecord> kind) {
        if (kind == RegistryRecord.Program.class) {
            return "program";
        }
        return kind == RegistryRecord.Attribute.class ? "attribute" : "event-type";
    }
}
