package io.clientele.campaignresponse.outbox;

import io.clientele.campaignresponse.store.Database;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outbox in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
public class OutboxRepository {
    private final Database database;

    @Inject
    OutboxRepository(Database database) {
        this.database = database;
    }

    /** One that waits, at its place. */
    record Waiting(long position, OutboxRecord record) {}

    /**
     * Makes decisions of a program follow one another: held until the transaction ends. Makes the
     * order of positions and sequences that of commits.
     *
     * @return the sequence of the latest contact
     */
    public long lock(ProgramId program) {
        int unused =
                database.update(
                        "insert into counter (program, outbox, contacts) values (?, 0, 0) on"
                                + " conflict do nothing",
                        program.value());
        return database.query(
                        "select contacts from counter where program = ? for update",
                        row -> row.getLong(1),
                        program.value())
                .getFirst();
    }

    /** Remembers the sequence of the latest contact. */
    public void lastSequence(ProgramId program, long sequence) {
        int unused =
                database.update(
                        "update counter set contacts = ? where program = ?",
                        sequence,
                        program.value());
    }

    /** Adds records of one program, in their order. */
    public void append(ProgramId program, List<OutboxRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        long last =
                database.query(
                                "insert into counter (program, outbox, contacts) values (?, ?, 0)"
                                        + " on conflict (program) do update set outbox ="
                                        + " counter.outbox + excluded.outbox returning outbox",
                                row -> row.getLong(1),
                                program.value(),
                                (long) records.size())
                        .getFirst();
        long position = last - records.size();
        var rows = new ArrayList<@Nullable Object[]>();
        for (var record : records) {
            rows.add(
                    new @Nullable Object[] {
                        program.value(),
                        ++position,
                        record.topic(),
                        record.key(),
                        record.id(),
                        record.type(),
                        record.body(),
                        record.contact()
                    });
        }
        int[] unused =
                database.batch(
                        "insert into outbox (program, position, topic, key, id, type, body,"
                                + " contact) values (?, ?, ?, ?, ?, ?, ?, ?)",
                        rows);
    }

    /**
     * Whether this transaction may publish what the program has: one does at a time, whichever
     * instance it belongs to.
     */
    boolean tryLock(ProgramId program) {
        return database.query(
                        "select pg_try_advisory_xact_lock(hashtextextended(?, 0))",
                        row -> row.getBoolean(1),
                        "outbox of " + program)
                .getFirst();
    }

    /** The first that wait. */
    List<Waiting> waiting(ProgramId program, int limit) {
        return database.query(
                "select position, topic, key, id, type, body, contact from outbox where program = ?"
                        + " order by position limit ?",
                row ->
                        new Waiting(
                                row.getLong("position"),
                                new OutboxRecord(
                                        row.getString("topic"),
                                        program,
                                        row.getString("key"),
                                        row.getString("id"),
                                        row.getString("type"),
                                        row.getString("contact"),
                                        row.getBytes("body"))),
                program.value(),
                limit);
    }

    /** Kafka has all of these. */
    void published(ProgramId program, List<Waiting> records, Instant at) {
        var contacts =
                records.stream()
                        .map(waiting -> waiting.record().contact())
                        .filter(contact -> contact != null)
                        .toList();
        int unusedContacts =
                database.update(
                        "update assignment set published_at = ? where program = ? and contact = any"
                                + " (?)",
                        at,
                        program.value(),
                        Database.texts(contacts));
        int unused =
                database.update(
                        "delete from outbox where program = ? and position <= ?",
                        program.value(),
                        records.getLast().position());
    }

    /** How many wait. */
    public long size(ProgramId program) {
        return database.query(
                        "select count(*) from outbox where program = ?",
                        row -> row.getLong(1),
                        program.value())
                .getFirst();
    }
}
