package io.clientele.segmentation.set;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Segment sets in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
class SegmentSetRepository {
    private static final String COLUMNS =
            "key, body, revision, created_at, created_by, updated_at, updated_by";

    private final Statements statements;

    @Inject
    SegmentSetRepository(Statements statements) {
        this.statements = statements;
    }

    Optional<SegmentSet> find(ProgramId program, String key) {
        return statements
                .query(
                        "select " + COLUMNS + " from segment_set where program = ? and key = ?",
                        SegmentSetRepository::set,
                        program.value(),
                        key)
                .stream()
                .findFirst();
    }

    /** In the order of keys. */
    List<SegmentSet> list(ProgramId program, @Nullable String after, int limit) {
        return statements.query(
                "select "
                        + COLUMNS
                        + " from segment_set where program = ? and key collate \"C\" > ? order by"
                        + " key collate \"C\" limit ?",
                SegmentSetRepository::set,
                program.value(),
                after == null ? "" : after,
                limit);
    }

    void save(ProgramId program, SegmentSet set) {
        statements.update(
                "insert into segment_set (program, "
                        + COLUMNS
                        + ") values (?, ?, ?::json, ?, ?, ?, ?, ?) on conflict (program, key) do"
                        + " update set body = excluded.body, revision = excluded.revision,"
                        + " updated_at = excluded.updated_at, updated_by = excluded.updated_by",
                program.value(),
                set.key(),
                new String(Json.bytes(set.body()), StandardCharsets.UTF_8),
                set.revision(),
                set.createdAt(),
                set.createdBy(),
                set.updatedAt(),
                set.updatedBy());
    }

    private static SegmentSet set(ResultSet row) throws SQLException {
        try {
            return new SegmentSet(
                    row.getString(1),
                    Json.mapper().readValue(row.getString(2), SegmentSetBody.class),
                    row.getLong(3),
                    Statements.instant(row, 4),
                    row.getString(5),
                    Statements.instant(row, 6),
                    row.getString(7));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
