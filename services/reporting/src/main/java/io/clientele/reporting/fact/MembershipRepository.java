package io.clientele.reporting.fact;

import io.agroal.api.AgroalDataSource;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord.Interval;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stays of members in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
class MembershipRepository {
    private final AgroalDataSource dataSource;

    @Inject
    MembershipRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A member and a segment. */
    record Place(MemberId member, SegmentKey segment) {}

    /** A stay of a member in a segment. */
    record PlacedStay(Place place, Interval stay) {}

    /** The sequence of the latest change applied of each member that had one. */
    Map<MemberId, Long> sequences(ProgramId program, Collection<MemberId> members) {
        var found = new HashMap<MemberId, Long>();
        try (Connection connection = dataSource.getConnection();
                var statement =
                        connection.prepareStatement(
                                // One look into the index for each member, whatever the planner
                                // thinks of the table.
                                "select p.member, s.sequence from (select distinct member from"
                                        + " unnest(?::text[]) as p (member)) as p cross join"
                                        + " lateral (select sequence from membership_sequence"
                                        + " where program = ? and member = p.member offset 0) as"
                                        + " s")) {
            texts(connection, statement, 1, members);
            statement.setString(2, program.value());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(new MemberId(rows.getString(1)), rows.getLong(2));
                }
            }
            return found;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    void putSequences(ProgramId program, Map<MemberId, Long> sequences) {
        try (Connection connection = dataSource.getConnection();
                var statement =
                        connection.prepareStatement(
                                "insert into membership_sequence (program, member, sequence)"
                                        + " select ?, member, sequence from unnest(?::text[],"
                                        + " ?::bigint[]) as s (member, sequence) on conflict"
                                        + " (program, member) do update set sequence ="
                                        + " excluded.sequence")) {
            var members = List.copyOf(sequences.keySet());
            statement.setString(1, program.value());
            texts(connection, statement, 2, members);
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", members.stream().map(sequences::get).toArray()));
            statement.executeUpdate();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** Keeps that corrections were applied; returns those that had not been. */
    Set<String> addCorrections(ProgramId program, Collection<String> ids) {
        var added = new HashSet<String>();
        try (Connection connection = dataSource.getConnection();
                var statement =
                        connection.prepareStatement(
                                "insert into membership_correction (program, id) select ?, id from"
                                        + " unnest(?::text[]) as c (id) on conflict do nothing"
                                        + " returning id")) {
            statement.setString(1, program.value());
            texts(connection, statement, 2, ids);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    added.add(rows.getString(1));
                }
            }
            return added;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** The stays that last or end at or after an instant, ascending, by place. */
    Map<Place, List<Interval>> stays(ProgramId program, Map<Place, Instant> from) {
        var found = new HashMap<Place, List<Interval>>();
        try (Connection connection = dataSource.getConnection();
                var statement =
                        connection.prepareStatement(
                                // One look into the index of the member for each place,
                                // whatever the planner thinks of the table: one that it has no
                                // statistics of yet it would go through by segment, which takes
                                // the longer the more members there are. Hence no plain column.
                                "select p.member, p.segment, m.since, m.until from"
                                    + " unnest(?::text[], ?::text[], ?::text[]) as p (member,"
                                    + " segment, at) cross join lateral (select since, until from"
                                    + " membership where program = ? and member = p.member and"
                                    + " segment || '' = p.segment and (until is null or until >="
                                    + " p.at::timestamptz) offset 0) as m order by p.member,"
                                    + " p.segment, m.since")) {
            var places = List.copyOf(from.keySet());
            texts(connection, statement, 1, places.stream().map(Place::member).toList());
            texts(connection, statement, 2, places.stream().map(Place::segment).toList());
            texts(connection, statement, 3, places.stream().map(from::get).toList());
            statement.setString(4, program.value());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var place =
                            new Place(
                                    new MemberId(rows.getString(1)),
                                    new SegmentKey(rows.getString(2)));
                    found.computeIfAbsent(place, unused -> new ArrayList<>())
                            .add(
                                    new Interval(
                                            rows.getObject(3, OffsetDateTime.class).toInstant(),
                                            instant(rows.getObject(4, OffsetDateTime.class))));
                }
            }
            return found;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    void remove(ProgramId program, List<PlacedStay> stays) {
        try (Connection connection = dataSource.getConnection();
                var statement =
                        connection.prepareStatement(
                                "delete from membership m using unnest(?::text[], ?::text[],"
                                    + " ?::text[]) as s (member, segment, since) where m.program ="
                                    + " ? and m.member = s.member and m.segment || '' = s.segment"
                                    + " and m.since = s.since::timestamptz")) {
            bind(connection, statement, 1, stays);
            statement.setString(4, program.value());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** Writes stays; one of the same beginning gets the new end. */
    void put(ProgramId program, List<PlacedStay> stays) {
        try (Connection connection = dataSource.getConnection();
                var statement =
                        connection.prepareStatement(
                                "insert into membership (program, member, segment, since, until)"
                                        + " select ?, member, segment, since::timestamptz,"
                                        + " until::timestamptz from unnest(?::text[], ?::text[],"
                                        + " ?::text[], ?::text[]) as s (member, segment, since,"
                                        + " until) on conflict (program, member, segment, since) do"
                                        + " update set until = excluded.until")) {
            statement.setString(1, program.value());
            bind(connection, statement, 2, stays);
            texts(
                    connection,
                    statement,
                    5,
                    stays.stream().<@Nullable Object>map(it -> it.stay().until()).toList());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private static void bind(
            Connection connection, PreparedStatement statement, int index, List<PlacedStay> stays)
            throws SQLException {
        texts(connection, statement, index, stays.stream().map(it -> it.place().member()).toList());
        texts(
                connection,
                statement,
                index + 1,
                stays.stream().map(it -> it.place().segment()).toList());
        texts(
                connection,
                statement,
                index + 2,
                stays.stream().map(it -> it.stay().since()).toList());
    }

    private static void texts(
            Connection connection,
            PreparedStatement statement,
            int index,
            Collection<? extends @Nullable Object> values)
            throws SQLException {
        var texts = new @Nullable String[values.size()];
        int i = 0;
        for (var value : values) {
            texts[i++] = value == null ? null : value.toString();
        }
        statement.setArray(index, connection.createArrayOf("text", texts));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime value) {
        return value == null ? null : value.toInstant();
    }

    private static IllegalStateException refused(SQLException e) {
        return new IllegalStateException("PostgreSQL refused a change", e);
    }
}
