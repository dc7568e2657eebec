package io.clientele.ingestion.deadletter;

import io.agroal.api.AgroalDataSource;
import io.clientele.contracts.DeadLetter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the transaction's program, and positions, which belong to none; every method needs a
 * transaction.
 */
@ApplicationScoped
class DeadLetterRepository {
    private final AgroalDataSource dataSource;

    @Inject
    DeadLetterRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Where to read on, locked until the transaction ends; 0 at first. */
    long positionLocked(String topic, int partition) {
        try (var connection = dataSource.getConnection()) {
            try (var insert =
                    connection.prepareStatement(
                            "insert into consumer_position (topic, partition, next)"
                                    + " values (?, ?, 0) on conflict do nothing")) {
                insert.setString(1, topic);
                insert.setInt(2, partition);
                insert.executeUpdate();
            }
            try (var query =
                    connection.prepareStatement(
                            "select next from consumer_position"
                                    + " where topic = ? and partition = ? for update")) {
                query.setString(1, topic);
                query.setInt(2, partition);
                try (var rows = query.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a position could not be read", e);
        }
    }

    void moveTo(String topic, int partition, long next) {
        try (var connection = dataSource.getConnection();
                var update =
                        connection.prepareStatement(
                                "update consumer_position set next = ?"
                                        + " where topic = ? and partition = ?")) {
            update.setLong(1, next);
            update.setString(2, topic);
            update.setInt(3, partition);
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("a position could not be written", e);
        }
    }

    void insert(DeadLetter letter) {
        try (var connection = dataSource.getConnection();
                var insert =
                        connection.prepareStatement(
                                "insert into dead_letter (program, service, reason, detail, topic,"
                                        + " partition, position, at, source, event_id, value)"
                                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, letter.program() == null ? "" : letter.program().value());
            insert.setString(2, letter.service());
            insert.setString(3, letter.reason());
            insert.setString(4, letter.detail());
            insert.setString(5, letter.topic());
            insert.setInt(6, letter.partition());
            insert.setLong(7, letter.offset());
            insert.setTimestamp(8, Timestamp.from(letter.at()));
            insert.setString(9, letter.source());
            insert.setString(10, letter.id());
            // PostgreSQL's text holds every character but this one.
            insert.setString(11, letter.value().replace("\0", "\uFFFD"));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("a dead letter could not be written", e);
        }
    }

    /** The newest first, from {@code before} on downwards, exclusive. */
    List<DeadLetterView> list(@Nullable Long before, @Nullable String reason, int limit) {
        try (var connection = dataSource.getConnection();
                var query =
                        connection.prepareStatement(
                                "select * from dead_letter where id < ?"
                                        + " and (?::text is null or reason = ?)"
                                        + " order by id desc limit ?")) {
            query.setLong(1, before == null ? Long.MAX_VALUE : before);
            query.setString(2, reason);
            query.setString(3, reason);
            query.setInt(4, limit);
            try (var rows = query.executeQuery()) {
                var found = new ArrayList<DeadLetterView>();
                while (rows.next()) {
                    found.add(read(rows));
                }
                return found;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("dead letters could not be read", e);
        }
    }

    Optional<DeadLetterView> find(long id) {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement("select * from dead_letter where id = ?")) {
            query.setLong(1, id);
            try (var rows = query.executeQuery()) {
                return rows.next() ? Optional.of(read(rows)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a dead letter could not be read", e);
        }
    }

    void replayed(long id, Instant at, String actor) {
        try (var connection = dataSource.getConnection();
                var update =
                        connection.prepareStatement(
                                "update dead_letter set replayed_at = ?, replayed_by = ?,"
                                        + " replays = replays + 1 where id = ?")) {
            update.setTimestamp(1, Timestamp.from(at));
            update.setString(2, actor);
            update.setLong(3, id);
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("a dead letter could not be written", e);
        }
    }

    private static DeadLetterView read(ResultSet row) throws SQLException {
        var replayedAt = row.getTimestamp("replayed_at");
        return new DeadLetterView(
                Long.toString(row.getLong("id")),
                row.getTimestamp("at").toInstant(),
                row.getString("service"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("topic"),
                row.getInt("partition"),
                row.getLong("position"),
                row.getString("source"),
                row.getString("event_id"),
                row.getString("value"),
                row.getInt("replays"),
                replayedAt == null ? null : replayedAt.toInstant(),
                row.getString("replayed_by"));
    }
}
