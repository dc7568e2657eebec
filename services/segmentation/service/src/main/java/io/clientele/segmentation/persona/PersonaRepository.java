package io.clientele.segmentation.persona;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * What marketers wrote over personas, in PostgreSQL. Every call belongs in a transaction of the
 * program.
 */
@ApplicationScoped
class PersonaRepository {
    private final Statements statements;

    @Inject
    PersonaRepository(Statements statements) {
        this.statements = statements;
    }

    Optional<Persona.Edited> find(ProgramId program, SegmentKey key) {
        return statements
                .query(
                        "select body, updated_at, updated_by from segment_persona where program = ?"
                                + " and key = ?",
                        row ->
                                new Persona.Edited(
                                        Statements.object(row.getString(1)),
                                        Statements.instant(row, 2),
                                        row.getString(3)),
                        program.value(),
                        key.value())
                .stream()
                .findFirst();
    }

    void save(ProgramId program, SegmentKey key, Persona.Edited edited) {
        statements.update(
                "insert into segment_persona (program, key, body, updated_at, updated_by) values"
                        + " (?, ?, ?::json, ?, ?) on conflict (program, key) do update set"
                        + " body = excluded.body, updated_at = excluded.updated_at,"
                        + " updated_by = excluded.updated_by",
                program.value(),
                key.value(),
                Statements.json(edited.persona()),
                edited.updatedAt(),
                edited.updatedBy());
    }
}
