package io.clientele.segmentation.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Results in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
class VerificationRepository {
    private final Statements statements;

    @Inject
    VerificationRepository(Statements statements) {
        this.statements = statements;
    }

    void add(ProgramId program, SegmentKey segment, Verification result) {
        statements.update(
                "insert into segment_verification (program, segment, as_of, body) values (?, ?, ?,"
                        + " ?::json)",
                program.value(),
                segment.value(),
                result.asOf(),
                new String(Json.bytes(result), StandardCharsets.UTF_8));
    }

    /** The latest first. */
    List<Verification> list(ProgramId program, SegmentKey segment, int limit) {
        return statements.query(
                "select body from segment_verification where program = ? and segment = ? order by"
                        + " id desc limit ?",
                row -> read(row.getString(1)),
                program.value(),
                segment.value(),
                limit);
    }

    /** The active segments last verified, or made, before an instant; the longest ago first. */
    List<SegmentKey> due(ProgramId program, Instant before) {
        return statements.query(
                "select key from (select s.key, greatest(s.created_at, (select max(v.as_of) from"
                        + " segment_verification v where v.program = s.program and v.segment ="
                        + " s.key)) as last from segment s where s.program = ? and s.status ="
                        + " 'active') as s where last < ? order by last, key",
                row -> new SegmentKey(row.getString(1)),
                program.value(),
                before);
    }

    private static Verification read(String json) {
        try {
            return Json.mapper().readValue(json, Verification.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
