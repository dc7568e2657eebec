package io.clientele.segmentation.segment;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Who changed what of segments, in PostgreSQL; entries are added in the transaction of the change
 * and never altered. Every call belongs in a transaction of the program.
 */
@ApplicationScoped
public class AuditRepository {
    private final Statements statements;

    @Inject
    AuditRepository(Statements statements) {
        this.statements = statements;
    }

    /** Adds an entry. */
    public void note(
            ProgramId program,
            SegmentKey segment,
            String action,
            Instant at,
            String actor,
            Map<String, Object> change) {
        statements.update(
                "insert into audit_entry (program, segment, action, at, actor, change) values"
                        + " (?, ?, ?, ?, ?, ?::json)",
                program.value(),
                segment.value(),
                action,
                at,
                actor,
                Statements.json(change));
    }

    /**
     * The latest first.
     *
     * @param before only entries with a smaller id
     */
    List<AuditEntry> list(ProgramId program, SegmentKey segment, long before, int limit) {
        return statements.query(
                "select id, action, at, actor, change from audit_entry where program = ? and"
                        + " segment = ? and id < ? order by id desc limit ?",
                row ->
                        new AuditEntry(
                                row.getLong(1),
                                row.getString(2),
                                Statements.instant(row, 3),
                                row.getString(4),
                                Statements.object(row.getString(5))),
                program.value(),
                segment.value(),
                before,
                limit);
    }
}
