package io.clientele.segmentation.segment;

import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Segments in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
class SegmentRepository {
    private static final String COLUMNS =
            "program, key, name, description, condition, strategy, owner, status, version,"
                    + " revision, created_at, created_by, updated_at, updated_by, kind, overridden,"
                    + " set_key";

    private final Statements statements;

    @Inject
    SegmentRepository(Statements statements) {
        this.statements = statements;
    }

    /**
     * What waits to be told to the shards.
     *
     * @param member of an override; null: a definition, for every partition
     */
    record Waiting(long id, String key, byte[] body, @Nullable String member) {}

    Optional<Segment> find(ProgramId program, SegmentKey key, boolean forUpdate) {
        return statements
                .query(
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
        return statements.query(
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
        return statements.query(
                "select " + COLUMNS + " from segment where program = ?",
                SegmentRepository::segment,
                program.value());
    }

    /** Makes changes of a program's segments happen one after the other. */
    void lock(ProgramId program) {
        statements.query(
                "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                row -> true,
                "segments of " + program);
    }

    void save(Segment segment) {
        statements.update(
                "insert into segment ("
                        + COLUMNS
                        + ") values (?, ?, ?, ?, ?::json, ?::json, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict (program, key) do update set name = excluded.name,"
                        + " description = excluded.description, condition = excluded.condition,"
                        + " strategy = excluded.strategy, owner = excluded.owner, status ="
                        + " excluded.status, version = excluded.version, revision ="
                        + " excluded.revision, updated_at = excluded.updated_at, updated_by ="
                        + " excluded.updated_by, kind = excluded.kind, overridden ="
                        + " excluded.overridden, set_key = excluded.set_key",
                segment.program().value(),
                segment.key().value(),
                segment.name(),
                segment.description(),
                Statements.json(segment.condition()),
                Statements.json(segment.strategy()),
                segment.owner(),
                segment.status().key(),
                segment.version(),
                segment.revision(),
                segment.createdAt(),
                segment.createdBy(),
                segment.updatedAt(),
                segment.updatedBy(),
                segment.kind().key(),
                segment.isOverridden(),
                segment.set());
    }

    void addVersion(ProgramId program, SegmentKey key, SegmentVersion version) {
        statements.update(
                "insert into segment_version (program, key, version, condition, effective_at,"
                        + " created_at, created_by) values (?, ?, ?, ?::json, ?, ?, ?)",
                program.value(),
                key.value(),
                version.version(),
                Statements.json(version.condition()),
                version.effectiveAt(),
                version.createdAt(),
                version.createdBy());
    }

    /** The latest first. */
    List<SegmentVersion> versions(ProgramId program, SegmentKey key) {
        return statements.query(
                "select version, condition, effective_at, created_at, created_by from"
                        + " segment_version where program = ? and key = ? order by version desc",
                row ->
                        new SegmentVersion(
                                row.getInt(1),
                                Statements.object(row.getString(2)),
                                Statements.instant(row, 3),
                                Statements.instant(row, 4),
                                row.getString(5)),
                program.value(),
                key.value());
    }

    void announce(SegmentDefinition definition) {
        statements.update(
                "insert into definition_outbox (program, key, body) values (?, ?, ?)",
                definition.program().value(),
                definition.program() + ":" + definition.segment(),
                Json.bytes(definition));
    }

    /** The oldest first; held until the transaction ends, so that one relay sends each. */
    List<Waiting> waiting(ProgramId program, int limit) {
        return statements.query(
                "select id, key, body, member from definition_outbox where program = ? order by id"
                        + " limit ? for update",
                row ->
                        new Waiting(
                                row.getLong(1),
                                row.getString(2),
                                row.getBytes(3),
                                row.getString(4)),
                program.value(),
                limit);
    }

    void sent(ProgramId program, long through) {
        statements.update(
                "delete from definition_outbox where program = ? and id <= ?",
                program.value(),
                through);
    }

    private static Segment segment(ResultSet row) throws SQLException {
        return new Segment(
                new ProgramId(row.getString(1)),
                new SegmentKey(row.getString(2)),
                row.getString(3),
                row.getString(4),
                Statements.object(row.getString(5)),
                Statements.object(row.getString(6)),
                row.getString(7),
                SegmentStatus.valueOf(row.getString(8).toUpperCase(Locale.ROOT)),
                row.getInt(9),
                row.getLong(10),
                Statements.instant(row, 11),
                row.getString(12),
                Statements.instant(row, 13),
                row.getString(14),
                SegmentKind.valueOf(row.getString(15).toUpperCase(Locale.ROOT)),
                row.getBoolean(16),
                row.getString(17));
    }
}
