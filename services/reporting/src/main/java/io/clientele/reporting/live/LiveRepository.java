package io.clientele.reporting.live;

import io.agroal.api.AgroalDataSource;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ResponseKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts a program's facts. Every call belongs in a transaction of the program. */
@ApplicationScoped
class LiveRepository {
    private final AgroalDataSource dataSource;

    @Inject
    LiveRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The program as its tables have it. */
    LiveProgram load(ProgramId program) {
        var events = new long[1];
        query(
                "select coalesce(sum(events), 0)::bigint from event_count where program = ?",
                program,
                rows -> events[0] = rows.getLong(1));
        var sizes = new HashMap<String, Long>();
        query(
                "select segment, count(*) from membership where program = ? and until is null group"
                        + " by segment",
                program,
                rows -> sizes.put(rows.getString(1), rows.getLong(2)));
        var campaigns = new HashMap<String, CampaignCounts>();
        query(
                "select campaign, count(*) from contact where program = ? group by campaign",
                program,
                rows ->
                        campaigns.put(
                                rows.getString(1), new CampaignCounts(rows.getLong(2), Map.of())));
        query(
                "select campaign, kind, count(distinct contact) from response r where program = ?"
                        + " and not exists (select 1 from taken_back t where t.program = r.program"
                        + " and t.source = r.event_source and t.id = r.event_id) group by campaign,"
                        + " kind",
                program,
                rows ->
                        campaigns.merge(
                                rows.getString(1),
                                new CampaignCounts(
                                        0,
                                        Map.of(
                                                ResponseKind.valueOf(
                                                        rows.getString(2).toUpperCase(Locale.ROOT)),
                                                rows.getLong(3))),
                                (held, more) -> held.plus(more.contacts(), more.responses())));
        return new LiveProgram(events[0], sizes, campaigns);
    }

    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet rows) throws SQLException;
    }

    private void query(String sql, ProgramId program, RowReader reader) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, program.value());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }
}
