package io.clientele.segmentation.membership;

import io.agroal.api.AgroalDataSource;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.membership.RecordedStays.Place;
import io.clientele.segmentation.membership.RecordedStays.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The history of memberships in PostgreSQL: valid time and recorded time. What was recorded is
 * never lost: a stay that turns out to have been otherwise is marked as superseded and written
 * anew. Every call belongs in a transaction of the program.
 */
@ApplicationScoped
class MembershipRepository {
    private static final String COLUMNS =
            "program, segment, member, since, until, version, cause, cause_id, recorded_at,"
                    + " until_recorded_at, superseded_at";
    private static final String VALUES =
            "?, segment, member, since::timestamptz, until::timestamptz, version, cause, cause_id,"
                    + " recorded_at::timestamptz, until_recorded_at::timestamptz,"
                    + " superseded_at::timestamptz";
    private static final String FROM_ROWS =
            " from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[],"
                    + " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as r (id, segment,"
                    + " member, since, until, version, cause, cause_id, recorded_at,"
                    + " until_recorded_at, superseded_at)";

    private final AgroalDataSource dataSource;

    @Inject
    MembershipRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * What stands recorded of places and lasts or ends at or after an instant each, in the order in
     * which it was recorded.
     */
    List<Row> standing(ProgramId program, Map<Place, Instant> from) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                // One look into the index of the member for each place,
                                // whatever the planner thinks of the table: one that it has no
                                // statistics of yet it would go through by segment, which takes
                                // the longer the more members there are. Hence no plain column.
                                "select m.* from unnest(?::text[], ?::text[], ?::text[]) as p"
                                        + " (member, segment, at) cross join lateral (select id,"
                                        + " member, segment, since, until, version, cause,"
                                        + " cause_id, recorded_at, until_recorded_at from"
                                        + " membership where program = ? and member = p.member and"
                                        + " segment || '' = p.segment and superseded_at is null and"
                                        + " (until is null or until >= p.at::timestamptz) offset 0)"
                                        + " as m order by m.id")) {
            var places = List.copyOf(from.keySet());
            texts(connection, statement, 1, places, Place::member);
            texts(connection, statement, 2, places, Place::segment);
            texts(connection, statement, 3, places, from::get);
            statement.setString(4, program.value());
            var found = new ArrayList<Row>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(
                            new Row(
                                    rows.getLong(1),
                                    new Place(
                                            new MemberId(rows.getString(2)),
                                            new SegmentKey(rows.getString(3))),
                                    rows.getObject(4, OffsetDateTime.class).toInstant(),
                                    instant(rows.getObject(5, OffsetDateTime.class)),
                                    rows.getInt(6),
                                    rows.getString(7),
                                    rows.getString(8),
                                    rows.getObject(9, OffsetDateTime.class).toInstant(),
                                    instant(rows.getObject(10, OffsetDateTime.class))));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }

    /** Writes new rows in their order, in one statement. */
    void add(ProgramId program, List<Row> rows) {
        write(
                "insert into membership (" + COLUMNS + ") select " + VALUES + FROM_ROWS,
                program,
                rows);
    }

    /**
     * Makes rows of the table what they are here, in one statement. An insert that finds each row
     * there by its key, because that leaves nothing to a planner that knows little of the table: a
     * join was planned as a pass over all of it.
     */
    void change(ProgramId program, List<Row> rows) {
        write(
                "insert into membership (id, "
                        + COLUMNS
                        + ") overriding system value select id, "
                        + VALUES
                        + FROM_ROWS
                        + " on conflict (id, since) do update set until = excluded.until,"
                        + " until_recorded_at = excluded.until_recorded_at, superseded_at ="
                        + " excluded.superseded_at, version = excluded.version",
                program,
                rows);
    }

    private void write(String sql, ProgramId program, List<Row> rows) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, program.value());
            array(connection, statement, 2, "bigint", rows, row -> row.id);
            texts(connection, statement, 3, rows, row -> row.place.segment());
            texts(connection, statement, 4, rows, row -> row.place.member());
            texts(connection, statement, 5, rows, row -> row.since);
            texts(connection, statement, 6, rows, row -> row.until);
            array(connection, statement, 7, "int", rows, row -> row.version);
            texts(connection, statement, 8, rows, row -> row.cause);
            texts(connection, statement, 9, rows, row -> row.causeId);
            texts(connection, statement, 10, rows, row -> row.recordedAt);
            texts(connection, statement, 11, rows, row -> row.untilRecordedAt);
            texts(connection, statement, 12, rows, row -> row.supersededAt);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a change", e);
        }
    }

    /** A cause as the table has it. */
    static String text(MembershipCause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }

    private static <T> void texts(
            Connection connection,
            PreparedStatement statement,
            int index,
            List<T> values,
            Function<T, @Nullable Object> column)
            throws SQLException {
        array(
                connection,
                statement,
                index,
                "text",
                values,
                value -> {
                    var part = column.apply(value);
                    return part == null ? null : part.toString();
                });
    }

    private static <T> void array(
            Connection connection,
            PreparedStatement statement,
            int index,
            String type,
            List<T> values,
            Function<T, @Nullable Object> column)
            throws SQLException {
        var array = new @Nullable Object[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = column.apply(values.get(i));
        }
        statement.setArray(index, connection.createArrayOf(type, array));
    }

    /** What is recorded of a member now, the latest first. */
    List<MembershipStay> history(ProgramId program, MemberId member, int limit, int skip) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "select segment, version, since, until, cause, cause_id,"
                                        + " recorded_at, until_recorded_at from membership where"
                                        + " program = ? and member = ? and superseded_at is null"
                                        + " order by since desc, segment, id limit ? offset ?")) {
            bind(statement, program.value(), member.value(), limit, skip);
            var found = new ArrayList<MembershipStay>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(
                            new MembershipStay(
                                    new SegmentKey(rows.getString(1)),
                                    rows.getInt(2),
                                    rows.getObject(3, OffsetDateTime.class).toInstant(),
                                    instant(rows.getObject(4, OffsetDateTime.class)),
                                    rows.getString(5),
                                    rows.getString(6),
                                    rows.getObject(7, OffsetDateTime.class).toInstant(),
                                    instant(rows.getObject(8, OffsetDateTime.class))));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }

    /** The next offset to be read of a partition, or 0. */
    long position(TopicPartition partition) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "select next from consumer_position where topic = ? and partition"
                                        + " = ?")) {
            bind(statement, partition.topic(), partition.partition());
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }

    /** Moves on, in the transaction of what was read. */
    void positions(Map<TopicPartition, Long> next) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "insert into consumer_position (topic, partition, next) select *"
                                        + " from unnest(?::text[], ?::int[], ?::bigint[]) on"
                                        + " conflict (topic, partition) do update set next ="
                                        + " excluded.next")) {
            // In one order for all writers, so that none waits for one that waits for it.
            var partitions =
                    next.keySet().stream()
                            .sorted(
                                    Comparator.comparing(TopicPartition::topic)
                                            .thenComparing(TopicPartition::partition))
                            .toList();
            texts(connection, statement, 1, partitions, TopicPartition::topic);
            array(connection, statement, 2, "int", partitions, TopicPartition::partition);
            array(connection, statement, 3, "bigint", partitions, next::get);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a change", e);
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters)
            throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime value) {
        return value == null ? null : value.toInstant();
    }
}
