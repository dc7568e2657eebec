package io.clientele.segmentation.segment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.agroal.api.AgroalDataSource;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Segments in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
class SegmentRepository {
    private static final String COLUMNS =
            "program, key, name, description, condition, strategy, owner, status, version,"
                    + " revision, created_at, created_by, updated_at, updated_by";

    private final AgroalDataSource dataSource;

    @Inject
    SegmentRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A definition that waits to be told to the shards. */
    record Waiting(long id, String key, byte[] body) {}

    Optional<Segment> find(ProgramId program, SegmentKey key, boolean forUpdate) {
        return query(
                        "select "
                                + COLUMNS
                                + " from segment where program = ? and key = ?"
                                + (forUpdate ? " for update" : ""),
                        SegmentRepository::segment,
                        program.value(),
                        key.value())
                .stream()
                .findFirst();
    }

    /** In the order of keys, archived ones left out. */
    List<Segment> list(ProgramId program, @Nullable String after, int limit) {
        return query(
                "select "
                        + COLUMNS
                        + " from segment where program = ? and status <> 'archived' and key collate"
                        + " \"C\" > ? order by key collate \"C\" limit ?",
                SegmentRepository::segment,
                program.value(),
                after == null ? "" : after,
                limit);
    }

    /** Every segment, archived ones too. */
    List<Segment> all(ProgramId program) {
        return query(
                "select " + COLUMNS + " from segment where program = ?",
                SegmentRepository::segment,
                program.value());
    }

    /** Makes changes of a program's segments happen one after the other. */
    void lock(ProgramId program) {
        query(
                "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                row -> true,
                "segments of " + program);
    }

    void save(Segment segment) {
        update(
                "insert into segment ("
                        + COLUMNS
                        + ") values (?, ?, ?, ?, ?::json, ?::json, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict (program, key) do update set name = excluded.name,"
                        + " description = excluded.description, condition = excluded.condition,"
                        + " strategy = excluded.strategy, owner = excluded.owner, status ="
                        + " excluded.status, version = excluded.version, revision ="
                        + " excluded.revision, updated_at = excluded.updated_at, updated_by ="
                        + " excluded.updated_by",
                segment.program().value(),
                segment.key().value(),
                segment.name(),
                segment.description(),
                text(segment.condition()),
                text(segment.strategy()),
                segment.owner(),
                segment.status().key(),
                segment.version(),
                segment.revision(),
                segment.createdAt(),
                segment.createdBy(),
                segment.updatedAt(),
                segment.updatedBy());
    }

    void addVersion(ProgramId program, SegmentKey key, SegmentVersion version) {
        update(
                "insert into segment_version (program, key, version, condition, effective_at,"
                        + " created_at, created_by) values (?, ?, ?, ?::json, ?, ?, ?)",
                program.value(),
                key.value(),
                version.version(),
                text(version.condition()),
                version.effectiveAt(),
                version.createdAt(),
                version.createdBy());
    }

    /** The latest first. */
    List<SegmentVersion> versions(ProgramId program, SegmentKey key) {
        return query(
                "select version, condition, effective_at, created_at, created_by from"
                        + " segment_version where program = ? and key = ? order by version desc",
                row ->
                        new SegmentVersion(
                                row.getInt(1),
                                map(row.getString(2)),
                                instant(row, 3),
                                instant(row, 4),
                                row.getString(5)),
                program.value(),
                key.value());
    }

    void announce(SegmentDefinition definition) {
        update(
                "insert into definition_outbox (program, key, body) values (?, ?, ?)",
                definition.program().value(),
                definition.program() + ":" + definition.segment(),
                Json.bytes(definition));
    }

    /** The oldest first; held until the transaction ends, so that one relay sends each. */
    List<Waiting> waiting(ProgramId program, int limit) {
        return query(
                "select id, key, body from definition_outbox where program = ? order by id limit ?"
                        + " for update",
                row -> new Waiting(row.getLong(1), row.getString(2), row.getBytes(3)),
                program.value(),
                limit);
    }

    void sent(ProgramId program, long through) {
        update(
                "delete from definition_outbox where program = ? and id <= ?",
                program.value(),
                through);
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Row<T> reader, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            var found = new ArrayList<T>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }

    private void update(String sql, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a change", e);
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... parameters)
            throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            statement.setObject(
                    i + 1,
                    value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
        }
    }

    private static Segment segment(ResultSet row) throws SQLException {
        return new Segment(
                new ProgramId(row.getString(1)),
                new SegmentKey(row.getString(2)),
                row.getString(3),
                row.getString(4),
                map(row.getString(5)),
                map(row.getString(6)),
                row.getString(7),
                SegmentStatus.valueOf(row.getString(8).toUpperCase(Locale.ROOT)),
                row.getInt(9),
                row.getLong(10),
                instant(row, 11),
                row.getString(12),
                instant(row, 13),
                row.getString(14));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static String text(Map<String, Object> json) {
        try {
            return Json.mapper().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> map(String json) {
        try {
            return Json.mapper().readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
