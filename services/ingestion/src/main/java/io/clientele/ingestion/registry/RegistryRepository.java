package io.clientele.ingestion.registry;

import io.agroal.api.AgroalDataSource;
import io.clientele.common.json.Json;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.RegistryRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of the transaction's program; every method needs one of {@link
 * io.clientele.common.tenancy.ProgramTransactions}.
 */
@ApplicationScoped
class RegistryRepository {
    private final AgroalDataSource dataSource;

    @Inject
    RegistryRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A record that waits to be published. */
    record Waiting(long id, String key, byte[] body) {}

    List<RegistryRecord> findAll() {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement("select body from registry_entry");
                var rows = query.executeQuery()) {
            var found = new ArrayList<RegistryRecord>();
            while (rows.next()) {
                found.add(read(rows.getString(1)));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("the registry could not be read", e);
        }
    }

    /** The entry, locked until the transaction ends, so that edits of it follow one another. */
    Optional<RegistryRecord> findLocked(String kind, String name) {
        try (var connection = dataSource.getConnection();
                var query =
                        connection.prepareStatement(
                                "select body from registry_entry where kind = ? and name = ?"
                                        + " for update")) {
            query.setString(1, kind);
            query.setString(2, name);
            try (var rows = query.executeQuery()) {
                return rows.next() ? Optional.of(read(rows.getString(1))) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the registry could not be read", e);
        }
    }

    /** Inserts or replaces the entry and puts it into the outbox. */
    void write(RegistryRecord entry, Instant at, String actor) {
        try (var connection = dataSource.getConnection()) {
            int written =
                    upsert(
                            connection,
                            entry,
                            at,
                            actor,
                            "do update set version = excluded.version, body = excluded.body,"
                                    + " updated_at = excluded.updated_at,"
                                    + " updated_by = excluded.updated_by"
                                    + " where registry_entry.version < excluded.version");
            if (written == 0) {
                throw new RequestException(
                        CommonError.IF_MATCH_STALE,
                        entry.key() + " was created by somebody else at this moment; read it.");
            }
            try (var insert =
                    connection.prepareStatement(
                            "insert into registry_outbox (program, key, body) values (?, ?, ?)")) {
                insert.setString(1, entry.program().value());
                insert.setString(2, entry.key());
                insert.setBytes(3, Json.bytes(entry));
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the registry could not be written", e);
        }
    }

    /** Inserts the entry if its name is free. */
    void insertIfAbsent(RegistryRecord entry, Instant at, String actor) {
        try (var connection = dataSource.getConnection()) {
            int unused = upsert(connection, entry, at, actor, "do nothing");
        } catch (SQLException e) {
            throw new IllegalStateException("the registry could not be written", e);
        }
    }

    private static int upsert(
            Connection connection,
            RegistryRecord entry,
            Instant at,
            String actor,
            String onConflict)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into registry_entry"
                                + " (program, kind, name, version, body, updated_at, updated_by)"
                                + " values (?, ?, ?, ?, ?::json, ?, ?)"
                                + " on conflict (program, kind, name) "
                                + onConflict)) {
            insert.setString(1, entry.program().value());
            insert.setString(2, kind(entry));
            insert.setString(3, name(entry));
            insert.setLong(4, entry.version());
            insert.setString(5, new String(Json.bytes(entry), StandardCharsets.UTF_8));
            insert.setTimestamp(6, Timestamp.from(at));
            insert.setString(7, actor);
            return insert.executeUpdate();
        }
    }

    /** The oldest records to be published, locked: nobody else publishes them meanwhile. */
    List<Waiting> waiting(int atMost) {
        try (var connection = dataSource.getConnection();
                var query =
                        connection.prepareStatement(
                                "select id, key, body from registry_outbox order by id limit ?"
                                        + " for update")) {
            query.setInt(1, atMost);
            try (var rows = query.executeQuery()) {
                var found = new ArrayList<Waiting>();
                while (rows.next()) {
                    found.add(new Waiting(rows.getLong(1), rows.getString(2), rows.getBytes(3)));
                }
                return found;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the outbox could not be read", e);
        }
    }

    /** Forgets what has been published. */
    void published(List<Waiting> done) {
        try (var connection = dataSource.getConnection();
                var delete =
                        connection.prepareStatement("delete from registry_outbox where id = ?")) {
            for (var one : done) {
                delete.setLong(1, one.id());
                delete.addBatch();
            }
            delete.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException("the outbox could not be written", e);
        }
    }

    static String kind(RegistryRecord entry) {
        return switch (entry) {
            case RegistryRecord.Program unused -> "program";
            case RegistryRecord.Attribute unused -> "attribute";
            case RegistryRecord.EventType unused -> "event-type";
        };
    }

    static String name(RegistryRecord entry) {
        return switch (entry) {
            case RegistryRecord.Program unused -> "";
            case RegistryRecord.Attribute it -> it.name();
            case RegistryRecord.EventType it -> it.type();
        };
    }

    private static RegistryRecord read(String body) {
        return Json.read(body.getBytes(StandardCharsets.UTF_8), RegistryRecord.class);
    }
}
