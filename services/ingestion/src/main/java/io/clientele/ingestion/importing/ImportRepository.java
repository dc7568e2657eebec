package io.clientele.ingestion.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.agroal.api.AgroalDataSource;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of the transaction's program; every method needs a transaction of it. */
@ApplicationScoped
class ImportRepository {
    private final AgroalDataSource dataSource;

    @Inject
    ImportRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A line of the error file. */
    record ErrorLine(long number, long line, String reason, String remedy) {}

    @FunctionalInterface
    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private <T> T with(String sql, Work<T> work) {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            return work.on(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("imports: the database did not do as asked", e);
        }
    }

    /** Keeps a new job, unless there is one of {@code key} already; says whether it did. */
    boolean insert(ImportJob job, String actor, @Nullable String key) {
        return with(
                        "insert into import_job (program, id, source, mapping, shift_to_now, state,"
                                + " created_at, created_by, idempotency_key)"
                                + " values (?, ?, ?, ?::json, ?, ?, ?, ?, ?)"
                                + " on conflict (program, idempotency_key) do nothing",
                        statement -> {
                            statement.setString(1, job.program().value());
                            statement.setString(2, job.id());
                            statement.setString(3, job.source());
                            statement.setString(4, job.mapping());
                            statement.setBoolean(5, job.shiftToNow());
                            statement.setString(6, job.state().stored());
                            statement.setTimestamp(7, Timestamp.from(job.createdAt()));
                            statement.setString(8, actor);
                            statement.setString(9, key);
                            return statement.executeUpdate();
                        })
                > 0;
    }

    /** The job that was made with an {@code Idempotency-Key}. */
    Optional<ImportJob> findByKey(String key) {
        return with(
                "select * from import_job where idempotency_key = ?",
                statement -> {
                    statement.setString(1, key);
                    try (var rows = statement.executeQuery()) {
                        return rows.next() ? Optional.of(read(rows)) : Optional.empty();
                    }
                });
    }

    Optional<ImportJob> find(String id, boolean locked) {
        return with(
                "select * from import_job where id = ?" + (locked ? " for update" : ""),
                statement -> {
                    statement.setString(1, id);
                    try (var rows = statement.executeQuery()) {
                        return rows.next() ? Optional.of(read(rows)) : Optional.empty();
                    }
                });
    }

    /** The newest first; ids grow with time. */
    List<ImportJob> list(@Nullable String before, int limit) {
        return with(
                "select * from import_job where ?::text is null or id < ? order by id desc limit ?",
                statement -> {
                    statement.setString(1, before);
                    statement.setString(2, before);
                    statement.setInt(3, limit);
                    try (var rows = statement.executeQuery()) {
                        var found = new ArrayList<ImportJob>();
                        while (rows.next()) {
                            found.add(read(rows));
                        }
                        return found;
                    }
                });
    }

    /**
     * Takes the oldest running job that nobody works on: free, its lease over, or this process's
     * own from before it was killed.
     */
    Optional<ImportJob> claim(String owner, Instant now, Instant until) {
        return with(
                "update import_job set lease_owner = ?, lease_until = ?, attempts = attempts + 1"
                    + " where id = (select id from import_job where state = 'running' and complete"
                    + " and (lease_owner is null or lease_owner = ? or lease_until < ?) order by id"
                    + " limit 1 for update skip locked) returning *",
                statement -> {
                    statement.setString(1, owner);
                    statement.setTimestamp(2, Timestamp.from(until));
                    statement.setString(3, owner);
                    statement.setTimestamp(4, Timestamp.from(now));
                    try (var rows = statement.executeQuery()) {
                        return rows.next() ? Optional.of(read(rows)) : Optional.empty();
                    }
                });
    }

    /** Changes the state. Whoever works on the job finds out with its next step. */
    void move(String id, ImportState state, @Nullable String failure, @Nullable Instant finished) {
        with(
                "update import_job set state = ?, failure = ?, finished_at = ? where id = ?",
                statement -> {
                    statement.setString(1, state.stored());
                    statement.setString(2, failure);
                    statement.setTimestamp(3, finished == null ? null : Timestamp.from(finished));
                    statement.setString(4, id);
                    return statement.executeUpdate();
                });
    }

    /**
     * Ends a running job and gives the lease up; one that somebody paused or cancelled meanwhile
     * stays so.
     */
    void finish(String id, ImportState state, @Nullable String failure, Instant finished) {
        with(
                "update import_job set state = ?, failure = ?, finished_at = ?, lease_owner = null,"
                        + " lease_until = null where id = ? and state = 'running'",
                statement -> {
                    statement.setString(1, state.stored());
                    statement.setString(2, failure);
                    statement.setTimestamp(3, Timestamp.from(finished));
                    statement.setString(4, id);
                    return statement.executeUpdate();
                });
    }

    /** Gives the lease up. */
    void release(String id, String owner) {
        with(
                "update import_job set lease_owner = null, lease_until = null"
                        + " where id = ? and lease_owner = ?",
                statement -> {
                    statement.setString(1, id);
                    statement.setString(2, owner);
                    return statement.executeUpdate();
                });
    }

    /** Keeps what the first pass found out. */
    void surveyed(String id, Instant startedAt, long totalRows, long shiftMillis) {
        with(
                "update import_job set started_at = coalesce(started_at, ?), total_rows = ?,"
                        + " shift_millis = ? where id = ?",
                statement -> {
                    statement.setTimestamp(1, Timestamp.from(startedAt));
                    statement.setLong(2, totalRows);
                    statement.setLong(3, shiftMillis);
                    statement.setString(4, id);
                    return statement.executeUpdate();
                });
    }

    /** The move of a file's times: the first that was ever made of it, else {@code millis}. */
    long shift(ProgramId program, String source, String digest, long millis) {
        with(
                "insert into import_shift (program, source, digest, millis) values (?, ?, ?, ?)"
                        + " on conflict do nothing",
                statement -> {
                    statement.setString(1, program.value());
                    statement.setString(2, source);
                    statement.setString(3, digest);
                    statement.setLong(4, millis);
                    return statement.executeUpdate();
                });
        return with(
                "select millis from import_shift where source = ? and digest = ?",
                statement -> {
                    statement.setString(1, source);
                    statement.setString(2, digest);
                    try (var rows = statement.executeQuery()) {
                        rows.next();
                        return rows.getLong(1);
                    }
                });
    }

    /**
     * Commits a step: it holds with the transaction.
     *
     * @return the job's state now, which somebody may have changed; or nothing if the lease was
     *     lost
     */
    Optional<ImportState> advance(
            String id, String owner, Instant leaseUntil, ImportJob.Progress progress) {
        return with(
                "update import_job set units = ?, rows_done = ?, rows_rejected = ?, rejected = ?,"
                        + " events = ?, declarations = ?, events_by_type = ?::json, errors = ?,"
                        + " lease_until = ? where id = ? and lease_owner = ? returning state",
                statement -> {
                    statement.setLong(1, progress.units());
                    statement.setLong(2, progress.rows());
                    statement.setLong(3, progress.rowsRejected());
                    statement.setLong(4, progress.rejected());
                    statement.setLong(5, progress.events());
                    statement.setLong(6, progress.declarations());
                    statement.setString(
                            7,
                            new String(
                                    Json.bytes(progress.eventsByType()), StandardCharsets.UTF_8));
                    statement.setLong(8, progress.errors());
                    statement.setTimestamp(9, Timestamp.from(leaseUntil));
                    statement.setString(10, id);
                    statement.setString(11, owner);
                    try (var rows = statement.executeQuery()) {
                        return rows.next()
                                ? Optional.of(ImportState.of(rows.getString(1)))
                                : Optional.empty();
                    }
                });
    }

    /** Keeps the lease, while there is nothing to commit. */
    void renew(String id, String owner, Instant leaseUntil) {
        with(
                "update import_job set lease_until = ? where id = ? and lease_owner = ?",
                statement -> {
                    statement.setTimestamp(1, Timestamp.from(leaseUntil));
                    statement.setString(2, id);
                    statement.setString(3, owner);
                    return statement.executeUpdate();
                });
    }

    /** Gives the lease up, but lets nobody take it before {@code until}. */
    void postpone(String id, String owner, Instant until) {
        with(
                "update import_job set lease_owner = 'nobody', lease_until = ?"
                        + " where id = ? and lease_owner = ?",
                statement -> {
                    statement.setTimestamp(1, Timestamp.from(until));
                    statement.setString(2, id);
                    statement.setString(3, owner);
                    return statement.executeUpdate();
                });
    }

    void settle(String id, ImportJob.Outcome outcome) {
        with(
                "update import_job set accepted = ?, duplicate = ?, refused = ? where id = ?",
                statement -> {
                    statement.setLong(1, outcome.accepted());
                    statement.setLong(2, outcome.duplicate());
                    statement.setLong(3, outcome.refused());
                    statement.setString(4, id);
                    return statement.executeUpdate();
                });
    }

    void insertErrors(ProgramId program, String id, List<ErrorLine> errors) {
        with(
                "insert into import_error (program, import_id, number, line, reason, remedy)"
                        + " values (?, ?, ?, ?, ?, ?)",
                statement -> {
                    for (var error : errors) {
                        statement.setString(1, program.value());
                        statement.setString(2, id);
                        statement.setLong(3, error.number());
                        statement.setLong(4, error.line());
                        statement.setString(5, error.reason().replace("\0", "\uFFFD"));
                        statement.setString(6, error.remedy());
                        statement.addBatch();
                    }
                    return statement.executeBatch();
                });
    }

    List<ErrorLine> errors(String id, long after, int limit) {
        return with(
                "select number, line, reason, remedy from import_error"
                        + " where import_id = ? and number > ? order by number limit ?",
                statement -> {
                    statement.setString(1, id);
                    statement.setLong(2, after);
                    statement.setInt(3, limit);
                    try (var rows = statement.executeQuery()) {
                        var found = new ArrayList<ErrorLine>();
                        while (rows.next()) {
                            found.add(
                                    new ErrorLine(
                                            rows.getLong(1),
                                            rows.getLong(2),
                                            rows.getString(3),
                                            rows.getString(4)));
                        }
                        return found;
                    }
                });
    }

    /**
     * Appends content, if the job waits for content and {@code position} is where it ends; says
     * whether it was so.
     */
    boolean append(ProgramId program, String id, long position, byte[] bytes) {
        int moved =
                with(
                        "update import_job set received = received + ?"
                                + " where id = ? and received = ? and state = 'created' and not"
                                + " complete",
                        statement -> {
                            statement.setLong(1, bytes.length);
                            statement.setString(2, id);
                            statement.setLong(3, position);
                            return statement.executeUpdate();
                        });
        if (moved == 0) {
            return false;
        }
        with(
                "insert into import_content (program, import_id, position, bytes)"
                        + " values (?, ?, ?, ?)",
                statement -> {
                    statement.setString(1, program.value());
                    statement.setString(2, id);
                    statement.setLong(3, position);
                    statement.setBytes(4, bytes);
                    return statement.executeUpdate();
                });
        return true;
    }

    /** Forgets the content of a job that has ended. */
    void dropContent(String id) {
        with(
                "delete from import_content where import_id = ?",
                statement -> {
                    statement.setString(1, id);
                    return statement.executeUpdate();
                });
    }

    /** Forgets the content of a job that waits for content; says whether it does. */
    boolean restart(String id) {
        int restarted =
                with(
                        "update import_job set received = 0"
                                + " where id = ? and state = 'created' and not complete",
                        statement -> {
                            statement.setString(1, id);
                            return statement.executeUpdate();
                        });
        if (restarted > 0) {
            dropContent(id);
        }
        return restarted > 0;
    }

    /**
     * All of the content is there, if the job waits for content and has {@code received} bytes of
     * it; says whether it was so.
     */
    boolean complete(String id, long received) {
        return with(
                        "update import_job set complete = true, state = 'running'"
                                + " where id = ? and received = ? and state = 'created'",
                        statement -> {
                            statement.setString(1, id);
                            statement.setLong(2, received);
                            return statement.executeUpdate();
                        })
                > 0;
    }

    /** The part of the content that begins at {@code position}. */
    Optional<byte[]> content(String id, long position) {
        return with(
                "select bytes from import_content where import_id = ? and position = ?",
                statement -> {
                    statement.setString(1, id);
                    statement.setLong(2, position);
                    try (var rows = statement.executeQuery()) {
                        return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
                    }
                });
    }

    private static ImportJob read(ResultSet row) throws SQLException {
        return new ImportJob(
                new ProgramId(row.getString("program")),
                row.getString("id"),
                row.getString("source"),
                row.getString("mapping"),
                row.getBoolean("shift_to_now"),
                ImportState.of(row.getString("state")),
                row.getString("failure"),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getLong("received"),
                row.getBoolean("complete"),
                number(row, "shift_millis"),
                number(row, "total_rows"),
                row.getInt("attempts"),
                new ImportJob.Progress(
                        row.getLong("units"),
                        row.getLong("rows_done"),
                        row.getLong("rows_rejected"),
                        row.getLong("rejected"),
                        row.getLong("events"),
                        row.getLong("declarations"),
                        counts(row.getString("events_by_type")),
                        row.getLong("errors")),
                row.getObject("accepted") == null
                        ? null
                        : new ImportJob.Outcome(
                                row.getLong("accepted"),
                                row.getLong("duplicate"),
                                row.getLong("refused")));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        return row.getObject(column) == null ? null : row.getLong(column);
    }

    private static Map<String, Long> counts(String json) {
        try {
            return Json.mapper().readValue(json, new TypeReference<Map<String, Long>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("import_job.events_by_type", e);
        }
    }
}
