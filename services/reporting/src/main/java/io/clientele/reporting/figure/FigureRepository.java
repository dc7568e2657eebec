package io.clientele.reporting.figure;

import io.agroal.api.AgroalDataSource;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ResponseKind;
import io.clientele.reporting.figure.SegmentFigures.Conversion;
import io.clientele.reporting.figure.SegmentFigures.Spending;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Derives figures from facts. A member was inside a segment immediately before an instant t if
 * {@code since < t <= until}. Every call belongs in a transaction of the program; figures of one
 * answer belong in the same one.
 */
@ApplicationScoped
class FigureRepository {
    /** What sorting may take; more goes to disk. */
    private static final String WORK_MEMORY = "32MB";

    /** What one query may take. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    /** PostgreSQL's state of a query that it ended. */
    private static final String CANCELED = "57014";

    /** Of a response r: the event that says so was not taken back. */
    private static final String COUNTS =
            " not exists (select 1 from taken_back t where t.program = r.program and t.source ="
                    + " r.event_source and t.id = r.event_id)";

    private final AgroalDataSource dataSource;

    @Inject
    FigureRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Where counts belong.
     *
     * @param segment which
     * @param part which part of the period, from 0, or {@link #WHOLE}
     */
    record Cell(String segment, int part) {
        static final int WHOLE = -1;
    }

    /** Entries and exits of a segment by day of the period; at 0 everything before it. */
    static final class Movements {
        private final long[] entered;
        private final long[] left;

        Movements(int days) {
            entered = new long[days + 1];
            left = new long[days + 1];
        }

        long[] entered() {
            return entered;
        }

        long[] left() {
            return left;
        }
    }

    /**
     * Lets the transaction under way sort in memory, and ends each of its queries after a while;
     * the call that made it throws a {@link TransientException} then.
     */
    void prepare() {
        query(
                "select set_config('work_mem', ?, true), set_config('statement_timeout', ?, true)",
                statement -> {
                    statement.setString(1, WORK_MEMORY);
                    statement.setString(2, String.valueOf(LONGEST.toMillis()));
                },
                rows -> {});
    }

    /** Whether anybody was ever in the segment, or was contacted for it. */
    boolean isKnown(ProgramId program, String segment) {
        var known = new boolean[1];
        query(
                "select exists (select 1 from membership where program = ? and segment = ?) or"
                        + " exists (select 1 from contact where program = ? and segment = ?)",
                statement -> {
                    statement.setString(1, program.value());
                    statement.setString(2, segment);
                    statement.setString(3, program.value());
                    statement.setString(4, segment);
                },
                rows -> known[0] = rows.getBoolean(1));
        return known[0];
    }

    /**
     * Entries and exits up to the end of the period.
     *
     * @param segment one, or null for all
     * @param days the period's days
     * @param isOpen whether the last day has not ended: then all that is known counts as of it
     */
    Map<String, Movements> movements(
            ProgramId program, @Nullable String segment, List<Period> days, boolean isOpen) {
        var found = new TreeMap<String, Movements>();
        var bounds = bounds(days);
        // The last bound is where days end; what counts as of an open day has no end.
        var starts = Arrays.copyOf(bounds, days.size());
        movements(program, segment, starts, isOpen ? null : bounds[days.size()], "since")
                .forEach((cell, count) ->
                        of(found, cell.segment(), days.size()).entered()[cell.part()] = count);
        movements(program, segment, starts, isOpen ? null : bounds[days.size()], "until")
                .forEach((cell, count) ->
                        of(found, cell.segment(), days.size()).left()[cell.part()] = count);
        return found;
    }

    private static Movements of(Map<String, Movements> found, String segment, int days) {
        return found.computeIfAbsent(segment, unused -> new Movements(days));
    }

    private Map<Cell, Long> movements(
            ProgramId program,
            @Nullable String segment,
            String[] starts,
            @Nullable String end,
            String column) {
        var counts = new HashMap<Cell, Long>();
        query(
                "select segment, width_bucket("
                        + column
                        + ", ?::timestamptz[]) as part, count(*) from membership m where program ="
                        + " ? and "
                        + column
                        + " < coalesce(?::timestamptz, 'infinity')"
                        + only(segment, "m")
                        + " group by 1, 2",
                statement -> {
                    statement.setArray(1, array(statement, starts));
                    statement.setString(2, program.value());
                    statement.setString(3, end);
                    bind(statement, 4, segment);
                },
                rows -> counts.put(new Cell(rows.getString(1), rows.getInt(2)), rows.getLong(3)));
        return counts;
    }

    /** Purchases and returns while inside, in each part and in the whole. */
    Map<Cell, Spending> spending(ProgramId program, @Nullable String segment, List<Period> parts) {
        var found = new HashMap<Cell, Spending>();
        var bounds = bounds(parts);
        query(
                "select segment, part, count(distinct member) filter (where kind = 'purchase'),"
                        + " count(*) filter (where kind = 'purchase'), coalesce(sum(amount) filter"
                        + " (where kind = 'purchase'), 0), count(*) filter (where kind = 'return'),"
                        + " coalesce(sum(amount) filter (where kind = 'return'), 0) from (select"
                        + " m.segment, width_bucket(e.occurred_at, ?::timestamptz[]) as part,"
                        + " e.member, e.kind, e.amount from member_event e join membership m on"
                        + " m.program = e.program and m.member = e.member and m.since <"
                        + " e.occurred_at and (m.until is null or m.until >= e.occurred_at) where"
                        + " e.program = ? and e.occurred_at >= ?::timestamptz and e.occurred_at <"
                        + " ?::timestamptz and e.kind in ('purchase', 'return') and"
                        + " e.counts"
                        + only(segment, "m")
                        + ") as inside group by grouping sets ((segment, part), (segment))",
                statement -> {
                    statement.setArray(1, array(statement, bounds));
                    statement.setString(2, program.value());
                    statement.setString(3, bounds[0]);
                    statement.setString(4, bounds[parts.size()]);
                    bind(statement, 5, segment);
                },
                rows ->
                        found.put(
                                cell(rows),
                                new Spending(
                                        rows.getLong(3),
                                        rows.getLong(4),
                                        rows.getBigDecimal(5),
                                        rows.getLong(6),
                                        rows.getBigDecimal(7))));
        return found;
    }

    /**
     * Members who were prospects when their stay, or the part during it, began, and those of them
     * whose first purchase came during that stay and part.
     */
    Map<Cell, Conversion> prospects(
            ProgramId program, @Nullable String segment, List<Period> parts) {
        var found = new HashMap<Cell, Conversion>();
        var bounds = bounds(parts);
        var opens = new ArrayList<>(List.of(bounds).subList(0, parts.size()));
        opens.add(bounds[0]);
        var closes = new ArrayList<>(List.of(bounds).subList(1, parts.size() + 1));
        closes.add(bounds[parts.size()]);
        query(
                "with stay as materialized (select m.segment, m.member, m.since, m.until,"
                    + " j.joined_at as at, j.bought_at from membership m left join member_start j"
                    + " on j.program = m.program and j.member = m.member where m.program = ? and"
                    + " m.since < ?::timestamptz and (m.until is null or m.until >= ?::timestamptz)"
                    + " and (j.joined_at is null or j.joined_at >= ?::timestamptz)"
                        + only(segment, "m")
                        + ") select s.segment, p.number, count(distinct s.member), count(distinct"
                        + " s.member) filter (where s.bought_at >= p.opens and s.bought_at <"
                        + " p.closes and s.since < s.bought_at and (s.until is null or s.until >="
                        + " s.bought_at)) from stay s join (select opens::timestamptz,"
                        + " closes::timestamptz, number from unnest(?::text[], ?::text[]) with"
                        + " ordinality as b (opens, closes, number)) as p on s.since < p.closes and"
                        + " (s.until is null or s.until >= p.opens) and (s.at is null or case when"
                        + " s.since < p.opens then s.at >= p.opens else s.at > s.since end) group"
                        + " by 1, 2",
                statement -> {
                    statement.setString(1, program.value());
                    statement.setString(2, bounds[parts.size()]);
                    statement.setString(3, bounds[0]);
                    statement.setString(4, bounds[0]);
                    int next = bind(statement, 5, segment);
                    statement.setArray(next, array(statement, opens.toArray(String[]::new)));
                    statement.setArray(next + 1, array(statement, closes.toArray(String[]::new)));
                },
                rows -> {
                    int part = rows.getInt(2) - 1;
                    found.put(
                            new Cell(rows.getString(1), part == parts.size() ? Cell.WHOLE : part),
                            new Conversion(rows.getLong(3), rows.getLong(4)));
                });
        return found;
    }

    /** Contacts decided in each part and in the whole, and those of them that reached the goal. */
    Map<Cell, Conversion> contacts(
            ProgramId program, @Nullable String segment, List<Period> parts) {
        var found = new HashMap<Cell, Conversion>();
        var bounds = bounds(parts);
        query(
                "select segment, part, count(*), count(*) filter (where reached) from (select"
                        + " c.segment, width_bucket(c.decided_at, ?::timestamptz[]) as part, exists"
                        + " (select 1 from response r where r.program = c.program and r.contact ="
                        + " c.contact and r.kind = 'goal' and"
                        + COUNTS
                        + ") as reached from contact c where"
                        + " c.program = ? and c.decided_at >= ?::timestamptz and c.decided_at <"
                        + " ?::timestamptz"
                        + only(segment, "c")
                        + ") as decided group by grouping sets ((segment, part), (segment))",
                statement -> {
                    statement.setArray(1, array(statement, bounds));
                    statement.setString(2, program.value());
                    statement.setString(3, bounds[0]);
                    statement.setString(4, bounds[parts.size()]);
                    bind(statement, 5, segment);
                },
                rows -> found.put(cell(rows), new Conversion(rows.getLong(3), rows.getLong(4))));
        return found;
    }

    /**
     * A segment and channel of a campaign.
     *
     * @param segment the members were contacted for
     * @param channel how they were contacted
     */
    record Way(String segment, String channel) implements Comparable<Way> {
        @Override
        public int compareTo(Way other) {
            int bySegment = segment.compareTo(other.segment);
            return bySegment != 0 ? bySegment : channel.compareTo(other.channel);
        }
    }

    /** A campaign's funnel by segment and channel; empty if nobody was contacted. */
    SortedMap<Way, Funnel> funnels(ProgramId program, String campaign) {
        var contacts = new TreeMap<Way, Long>();
        query(
                "select segment, channel, count(*) from contact where program = ? and campaign = ?"
                        + " group by 1, 2",
                statement -> {
                    statement.setString(1, program.value());
                    statement.setString(2, campaign);
                },
                rows -> contacts.put(way(rows), rows.getLong(3)));
        var responses = new HashMap<Way, Map<ResponseKind, Long>>();
        var values = new HashMap<Way, BigDecimal>();
        query(
                "select segment, channel, kind, count(distinct contact), coalesce(sum(value), 0)"
                        + " from response r where program = ? and campaign = ? and"
                        + COUNTS
                        + " group by 1, 2, 3",
                statement -> {
                    statement.setString(1, program.value());
                    statement.setString(2, campaign);
                },
                rows -> {
                    var way = way(rows);
                    var kind = ResponseKind.valueOf(rows.getString(3).toUpperCase(Locale.ROOT));
                    contacts.putIfAbsent(way, 0L);
                    responses
                            .computeIfAbsent(way, unused -> new EnumMap<>(ResponseKind.class))
                            .put(kind, rows.getLong(4));
                    if (kind == ResponseKind.GOAL) {
                        values.put(way, rows.getBigDecimal(5));
                    }
                });
        var funnels = new TreeMap<Way, Funnel>();
        contacts.forEach((way, count) ->
                funnels.put(
                        way,
                        Funnel.of(
                                count,
                                responses.getOrDefault(way, Map.of()),
                                values.getOrDefault(way, BigDecimal.ZERO))));
        return funnels;
    }

    private static Way way(ResultSet rows) throws SQLException {
        return new Way(rows.getString(1), rows.getString(2));
    }

    /** A row of grouping sets: no part means the whole. */
    private static Cell cell(ResultSet rows) throws SQLException {
        int part = rows.getInt(2);
        return new Cell(rows.getString(1), rows.wasNull() ? Cell.WHOLE : part - 1);
    }

    private static String only(@Nullable String segment, String table) {
        return segment == null ? "" : " and " + table + ".segment = ?";
    }

    private static int bind(PreparedStatement statement, int index, @Nullable String segment)
            throws SQLException {
        if (segment == null) {
            return index;
        }
        statement.setString(index, segment);
        return index + 1;
    }

    /** Where parts begin, and where the last one ends. */
    private static String[] bounds(List<Period> parts) {
        var bounds = new String[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            bounds[i] = text(parts.get(i).start());
        }
        bounds[parts.size()] = text(parts.getLast().end());
        return bounds;
    }

    private static String text(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toString();
    }

    private static Array array(PreparedStatement statement, String[] values) throws SQLException {
        return statement.getConnection().createArrayOf("text", values);
    }

    @FunctionalInterface
    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet rows) throws SQLException;
    }

    private void query(String sql, Binder binder, RowReader reader) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        } catch (SQLException e) {
            if (CANCELED.equals(e.getSQLState())) {
                throw new TransientException(
                        CommonError.UNAVAILABLE,
                        "The report took longer than "
                                + LONGEST.toSeconds()
                                + " s; ask later, or for a shorter period or longer intervals.",
                        RETRY_AFTER,
                        e);
            }
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }
}
