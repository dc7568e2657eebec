package io.clientele.reporting.fact;

import io.agroal.api.AgroalDataSource;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.CampaignResponse;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ResponseKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Events, contacts and responses in PostgreSQL, each kept once. A batch is one statement. Every
 * call belongs in a transaction of the program.
 */
@ApplicationScoped
class FactRepository {
    private final AgroalDataSource dataSource;

    @Inject
    FactRepository(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What a contact was answered with. */
    record Answer(String campaign, String contact, ResponseKind kind) {}

    /**
     * What was taken back.
     *
     * @param members of events that counted until now
     * @param answers those that no response says any more
     */
    record TakenBack(Set<String> members, Set<Answer> answers) {
        static final TakenBack NOTHING = new TakenBack(Set.of(), Set.of());

        TakenBack {
            members = Set.copyOf(members);
            answers = Set.copyOf(answers);
        }
    }

    /** Keeps that events do not count, whether or not they are known yet. */
    TakenBack takeBack(ProgramId program, List<EventReference> events) {
        var sources = texts(events, EventReference::source);
        var ids = texts(events, EventReference::id);
        var fresh = new ArrayList<EventReference>();
        query(
                "insert into taken_back (program, source, id) select ?, source, id from"
                        + " unnest(?::text[], ?::text[]) as e (source, id) on conflict do nothing"
                        + " returning source, id",
                rows -> fresh.add(new EventReference(rows.getString(1), rows.getString(2))),
                program,
                sources,
                ids);
        var members = new HashSet<String>();
        query(
                "update member_event m set counts = false from (select ?::text as program) as p"
                        + " cross join unnest(?::text[], ?::text[]) as e (source, id) where"
                        + " m.program = p.program and m.source = e.source and m.id = e.id and"
                        + " m.counts returning m.member",
                rows -> members.add(rows.getString(1)),
                program,
                sources,
                ids);
        return new TakenBack(members, fresh.isEmpty() ? Set.of() : unsaid(program, fresh));
    }

    /** The answers that were said by events taken back just now, and by no response that counts. */
    private Set<Answer> unsaid(ProgramId program, List<EventReference> events) {
        var answers = new HashSet<Answer>();
        query(
                "select distinct r.campaign, r.contact, r.kind from (select ?::text as program) as"
                        + " p cross join unnest(?::text[], ?::text[]) as e (source, id) join"
                        + " response r on r.program = p.program and r.event_source = e.source and"
                        + " r.event_id = e.id where not exists (select 1 from response o where"
                        + " o.program = r.program and o.contact = r.contact and o.campaign ="
                        + " r.campaign and o.kind = r.kind and not exists (select 1 from taken_back"
                        + " t where t.program = o.program and t.source = o.event_source and t.id ="
                        + " o.event_id))",
                rows -> answers.add(answer(rows)),
                program,
                texts(events, EventReference::source),
                texts(events, EventReference::id));
        return answers;
    }

    /**
     * Keeps events, after {@link #takeBack} those of the same batch. One whose name is known is the
     * same one.
     */
    void addEvents(ProgramId program, List<MemberEvent> events) {
        var sources = texts(events, event -> event.reference().source());
        var ids = texts(events, event -> event.reference().id());
        run(
                "insert into member_event (program, source, id, member, kind, occurred_at, amount,"
                        + " counts) select p.program, e.source, e.id, e.member, e.kind,"
                        + " e.occurred_at::timestamptz, e.amount, not exists (select 1 from"
                        + " taken_back t where t.program = p.program and t.source = e.source and"
                        + " t.id = e.id) from (select ?::text as program) as p cross join"
                        + " unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
                        + " ?::numeric[]) as e (source, id, member, kind, occurred_at, amount)"
                        + " on conflict do nothing",
                program,
                sources,
                ids,
                texts(events, event -> event.member().value()),
                texts(events, event -> event.kind().type()),
                texts(events, event -> event.occurredAt().toString()),
                events.stream().map(MemberEvent::amount).toArray(BigDecimal[]::new));
        run(
                "insert into member_start as s (program, member, joined_at, bought_at) select"
                        + " m.program, m.member, min(m.occurred_at), min(m.occurred_at) filter"
                        + " (where m.kind = 'purchase') from (select ?::text as program) as p cross"
                        + " join unnest(?::text[], ?::text[]) as e (source, id) join member_event m"
                        + " on m.program = p.program and m.source = e.source and m.id = e.id where"
                        + " m.kind in ('purchase', 'enrollment') and m.counts group by 1, 2 on"
                        + " conflict (program, member) do update set joined_at ="
                        + " least(s.joined_at, excluded.joined_at), bought_at ="
                        + " least(s.bought_at, excluded.bought_at) where excluded.joined_at <"
                        + " s.joined_at or excluded.bought_at < s.bought_at or (s.bought_at is null"
                        + " and excluded.bought_at is not null)",
                program,
                sources,
                ids);
    }

    /** Finds out anew when members ceased to be prospects: events of theirs were taken back. */
    void restart(ProgramId program, Set<String> members) {
        var ids = members.toArray(String[]::new);
        run(
                "delete from member_start where program = ? and member = any(?::text[])",
                program,
                new Object[][] {ids});
        run(
                "insert into member_start (program, member, joined_at, bought_at) select program,"
                        + " member, min(occurred_at), min(occurred_at) filter (where kind ="
                        + " 'purchase') from member_event where program = ? and member ="
                        + " any(?::text[]) and kind in ('purchase', 'enrollment') and counts group"
                        + " by 1, 2",
                program,
                new Object[][] {ids});
    }

    /** Adds to the number of events, of every type, of each partition. */
    void countEvents(ProgramId program, SortedMap<Integer, Long> events) {
        try (Connection connection = dataSource.getConnection();
                var statement =
                        connection.prepareStatement(
                                "insert into event_count as c (program, partition, events) values"
                                        + " (?, ?, ?) on conflict (program, partition) do update"
                                        + " set events = c.events + excluded.events")) {
            for (var entry : events.entrySet()) {
                statement.setString(1, program.value());
                statement.setInt(2, entry.getKey());
                statement.setLong(3, entry.getValue());
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /**
     * Keeps contacts.
     *
     * @return how many were new, by campaign
     */
    Map<String, Long> addContacts(ProgramId program, List<CampaignContact> contacts) {
        var added = new HashMap<String, Long>();
        query(
                "insert into contact (program, contact, campaign, segment, channel, member,"
                        + " decided_at) select ?, contact, campaign, segment, channel, member,"
                        + " decided_at::timestamptz from unnest(?::text[], ?::text[], ?::text[],"
                        + " ?::text[], ?::text[], ?::text[]) as c (contact, campaign, segment,"
                        + " channel, member, decided_at) on conflict do nothing returning campaign",
                rows -> added.merge(rows.getString(1), 1L, Long::sum),
                program,
                texts(contacts, CampaignContact::contact),
                texts(contacts, CampaignContact::campaign),
                texts(contacts, contact -> contact.segment().value()),
                texts(contacts, CampaignContact::channel),
                texts(contacts, contact -> contact.member().value()),
                texts(contacts, contact -> contact.decidedAt().toString()));
        return added;
    }

    /**
     * Keeps responses, after {@link #takeBack} of the events of the same batch.
     *
     * @return the first of each kind to a contact, among those that were new and count
     */
    Set<Answer> addResponses(ProgramId program, List<CampaignResponse> responses) {
        var earlier = new HashSet<Answer>();
        query(
                "select distinct campaign, contact, kind from response r where program = ? and"
                        + " contact = any(?::text[]) and not exists (select 1 from taken_back t"
                        + " where t.program = r.program and t.source = r.event_source and t.id ="
                        + " r.event_id)",
                rows -> earlier.add(answer(rows)),
                program,
                texts(responses, CampaignResponse::contact));
        var added = new HashSet<Answer>();
        query(
                "insert into response as r (program, id, contact, campaign, segment, channel, kind,"
                        + " at, event_source, event_id, value) select ?, id, contact, campaign,"
                        + " segment, channel, kind, at::timestamptz, event_source, event_id, value"
                        + " from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
                        + " ?::text[], ?::text[], ?::text[], ?::text[], ?::numeric[]) as n (id,"
                        + " contact, campaign, segment, channel, kind, at, event_source, event_id,"
                        + " value) on conflict do nothing returning r.campaign, r.contact, r.kind,"
                        + " not exists (select 1 from taken_back t where t.program = r.program and"
                        + " t.source = r.event_source and t.id = r.event_id)",
                rows -> {
                    if (rows.getBoolean(4)) {
                        added.add(answer(rows));
                    }
                },
                program,
                texts(responses, CampaignResponse::id),
                texts(responses, CampaignResponse::contact),
                texts(responses, CampaignResponse::campaign),
                texts(responses, response -> response.segment().value()),
                texts(responses, CampaignResponse::channel),
                texts(responses, response -> response.kind().name().toLowerCase(Locale.ROOT)),
                texts(responses, response -> response.at().toString()),
                texts(responses, response -> response.event().source()),
                texts(responses, response -> response.event().id()),
                responses.stream().map(CampaignResponse::value).toArray(BigDecimal[]::new));
        added.removeAll(earlier);
        return added;
    }

    /** Tells PostgreSQL what the tables hold, for it to plan reports by. */
    void analyze() {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("analyze member_event, member_start, membership, contact, response");
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private static Answer answer(ResultSet rows) throws SQLException {
        return new Answer(
                rows.getString(1),
                rows.getString(2),
                ResponseKind.valueOf(rows.getString(3).toUpperCase(Locale.ROOT)));
    }

    private static <T> String[] texts(Collection<T> values, Function<T, String> text) {
        return values.stream().map(text).toArray(String[]::new);
    }

    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet rows) throws SQLException;
    }

    private void run(String sql, ProgramId program, @Nullable Object[]... columns) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind(connection, statement, program, columns);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private void query(
            String sql, RowReader reader, ProgramId program, @Nullable Object[]... columns) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind(connection, statement, program, columns);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private static void bind(
            Connection connection,
            PreparedStatement statement,
            ProgramId program,
            @Nullable Object[]... columns)
            throws SQLException {
        statement.setString(1, program.value());
        for (int i = 0; i < columns.length; i++) {
            var type = columns[i] instanceof BigDecimal[] ? "numeric" : "text";
            statement.setArray(i + 2, connection.createArrayOf(type, columns[i]));
        }
    }

    private static IllegalStateException refused(SQLException e) {
        return new IllegalStateException("PostgreSQL refused a change", e);
    }
}
