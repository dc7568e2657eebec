package io.clientele.segmentation.override;

import io.clientele.common.json.Json;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentOverride;
import io.clientele.segmentation.Statements;
import io.clientele.segmentation.program.OverrideConditions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Overrides in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
public class OverrideRepository {
    private static final String COLUMNS = "member, included, since, created_at, created_by";

    private final Statements statements;

    @Inject
    OverrideRepository(Statements statements) {
        this.statements = statements;
    }

    Optional<MemberOverride> find(ProgramId program, SegmentKey segment, MemberId member) {
        return statements
                .query(
                        "select "
                                + COLUMNS
                                + " from segment_override where program = ? and segment = ? and"
                                + " member = ?",
                        OverrideRepository::override,
                        program.value(),
                        segment.value(),
                        member.value())
                .stream()
                .findFirst();
    }

    /** In the order of members. */
    List<MemberOverride> list(
            ProgramId program, SegmentKey segment, @Nullable String after, int limit) {
        return statements.query(
                "select "
                        + COLUMNS
                        + " from segment_override where program = ? and segment = ? and member"
                        + " collate \"C\" > ? order by member collate \"C\" limit ?",
                OverrideRepository::override,
                program.value(),
                segment.value(),
                after == null ? "" : after,
                limit);
    }

    /** What was set by hand of a member. */
    public record OfMember(MemberId member, String attribute, boolean isIncluded, Instant since) {}

    /** Everything that was set by hand of some members, in all segments. */
    public List<OfMember> of(ProgramId program, List<MemberId> members) {
        return statements.query(
                "select member, segment, included, since from segment_override where program = ?"
                        + " and member = any(?::text[])",
                row ->
                        new OfMember(
                                new MemberId(row.getString(1)),
                                OverrideConditions.attribute(new SegmentKey(row.getString(2))),
                                row.getBoolean(3),
                                Statements.instant(row, 4)),
                program.value(),
                texts(members));
    }

    /** Who is included. */
    TreeSet<MemberId> included(ProgramId program, SegmentKey segment) {
        return new TreeSet<>(
                statements.query(
                        "select member from segment_override where program = ? and segment = ? and"
                                + " included",
                        row -> new MemberId(row.getString(1)),
                        program.value(),
                        segment.value()));
    }

    void save(
            ProgramId program,
            SegmentKey segment,
            Collection<MemberId> members,
            boolean isIncluded,
            Instant since,
            Instant now,
            String actor) {
        statements.update(
                "insert into segment_override (program, segment, member, included, since,"
                        + " created_at, created_by) select ?, ?, unnest(?::text[]), ?, ?, ?, ? on"
                        + " conflict (program, segment, member) do update set included ="
                        + " excluded.included, since = excluded.since, created_at ="
                        + " excluded.created_at, created_by = excluded.created_by",
                program.value(),
                segment.value(),
                texts(members),
                isIncluded,
                since,
                now,
                actor);
    }

    void remove(ProgramId program, SegmentKey segment, Collection<MemberId> members) {
        statements.update(
                "delete from segment_override where program = ? and segment = ? and member ="
                        + " any(?::text[])",
                program.value(),
                segment.value(),
                texts(members));
    }

    /** The id of a further change; those of one instant are in the order of their ids. */
    String nextChange() {
        return statements
                .query(
                        "select to_char(nextval('override_change'), 'FM0000000000000000000')",
                        row -> row.getString(1))
                .getFirst();
    }

    /** Puts changes into the outbox, in their order. */
    void announce(List<SegmentOverride> overrides) {
        statements.update(
                "insert into definition_outbox (program, key, body, member) select program, key,"
                        + " convert_to(body, 'UTF8'), member from unnest(?::text[], ?::text[],"
                        + " ?::text[], ?::text[]) as r (program, key, body, member)",
                overrides.stream().map(it -> it.program().value()).toArray(String[]::new),
                overrides.stream()
                        .map(it -> it.program() + ":" + it.segment() + ":" + it.member())
                        .toArray(String[]::new),
                overrides.stream()
                        .map(it -> new String(Json.bytes(it), StandardCharsets.UTF_8))
                        .toArray(String[]::new),
                overrides.stream().map(it -> it.member().value()).toArray(String[]::new));
    }

    private static String[] texts(Collection<MemberId> members) {
        return members.stream().map(MemberId::value).toArray(String[]::new);
    }

    private static MemberOverride override(ResultSet row) throws SQLException {
        return new MemberOverride(
                new MemberId(row.getString(1)),
                row.getBoolean(2)
                        ? MemberOverride.Direction.INCLUDE
                        : MemberOverride.Direction.EXCLUDE,
                Statements.instant(row, 3),
                Statements.instant(row, 4),
                row.getString(5));
    }
}
