package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.store.Database;
import io.clientele.common.json.Json;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decisions in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
public class ContactRepository {
    private static final String COLUMNS =
            "contact, campaign, version, member, segment, channel, arm, decided_at";

    private final Database database;

    @Inject
    ContactRepository(Database database) {
        this.database = database;
    }

    /** An occasion on which nobody was contacted. */
    record Refused(
            String contact,
            String campaign,
            MemberId member,
            SegmentKey segment,
            WithheldReason reason,
            Instant at) {}

    /** A published contact as it left. */
    record Published(long sequence, String json) {}

    /** Which of these ids are decided already, one way or the other. */
    Set<String> decided(ProgramId program, Collection<String> contacts) {
        return new HashSet<>(
                database.query(
                        "select contact from assignment where program = ? and contact = any (?)"
                                + " union all select contact from withheld where program = ? and"
                                + " contact = any (?)",
                        row -> row.getString(1),
                        program.value(),
                        Database.texts(contacts),
                        program.value(),
                        Database.texts(contacts)));
    }

    /** When each of these members was last decided for in a campaign, in either arm. */
    Map<MemberId, Instant> last(ProgramId program, String campaign, Collection<MemberId> members) {
        var found = new HashMap<MemberId, Instant>();
        for (var row :
                database.query(
                        "select member, max(decided_at) as last from assignment where program = ?"
                                + " and campaign = ? and member = any (?) group by member",
                        row ->
                                Map.entry(
                                        new MemberId(row.getString("member")),
                                        Database.instant(row, "last")),
                        program.value(),
                        campaign,
                        Database.texts(members))) {
            found.put(row.getKey(), row.getValue());
        }
        return found;
    }

    /** Keeps decisions; those of the control arm without anything that could be sent. */
    void save(ProgramId program, List<Assignment> assignments) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (var one : assignments) {
            var message = one.message();
            rows.add(
                    new @Nullable Object[] {
                        program.value(),
                        one.contact(),
                        one.campaign(),
                        one.version(),
                        one.member().value(),
                        one.segment().value(),
                        one.channel(),
                        one.arm().key(),
                        one.decidedAt(),
                        message == null ? null : message.sequence(),
                        message == null
                                ? null
                                : new String(Json.bytes(message), StandardCharsets.UTF_8)
                    });
        }
        int[] unused =
                database.batch(
                        "insert into assignment (program, "
                                + COLUMNS
                                + ", sequence, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                                + " ?::json)",
                        rows);
    }

    /** Keeps on which occasions nobody was contacted. */
    void withhold(ProgramId program, List<Refused> refused) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (var one : refused) {
            rows.add(
                    new @Nullable Object[] {
                        program.value(),
                        one.contact(),
                        one.campaign(),
                        one.member().value(),
                        one.segment().value(),
                        one.reason().key(),
                        one.at()
                    });
        }
        int[] unused =
                database.batch(
                        "insert into withheld (program, contact, campaign, member, segment, reason,"
                                + " at) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                        rows);
    }

    /** Contacts by their ids: treated ones only. */
    public Map<String, Assignment> treated(ProgramId program, Collection<String> contacts) {
        return byId(
                "select "
                        + COLUMNS
                        + " from assignment where program = ? and contact = any (?) and arm ="
                        + " 'treated'",
                program,
                contacts);
    }

    /** Contacts by their ids: treated ones that have left. */
    Map<String, Assignment> published(ProgramId program, Collection<String> contacts) {
        return byId(
                "select "
                        + COLUMNS
                        + " from assignment where program = ? and contact = any (?) and arm ="
                        + " 'treated' and published_at is not null",
                program,
                contacts);
    }

    private Map<String, Assignment> byId(
            String sql, ProgramId program, Collection<String> contacts) {
        var found = new HashMap<String, Assignment>();
        for (var one :
                database.query(
                        sql,
                        ContactRepository::assignment,
                        program.value(),
                        Database.texts(contacts))) {
            found.put(one.contact(), one);
        }
        return found;
    }

    /** The personal attributes in a contact's message. */
    Map<String, List<String>> fields(ProgramId program, Collection<String> contacts) {
        var found = new HashMap<String, List<String>>();
        for (var row :
                database.query(
                        "select contact, body -> 'message' ->> 'fields' as fields from assignment"
                                + " where program = ? and contact = any (?) and body is not null",
                        row ->
                                Map.entry(
                                        row.getString("contact"),
                                        List.of(
                                                Json.read(
                                                        row.getString("fields")
                                                                .getBytes(StandardCharsets.UTF_8),
                                                        String[].class))),
                        program.value(),
                        Database.texts(contacts))) {
            found.put(row.getKey(), row.getValue());
        }
        return found;
    }

    /** Decisions of both arms about members, of campaigns, the latest first. */
    public List<Assignment> of(
            ProgramId program, Collection<String> campaigns, Collection<MemberId> members) {
        return database.query(
                "select "
                        + COLUMNS
                        + " from assignment where program = ? and campaign = any (?) and member ="
                        + " any (?) order by decided_at desc, contact",
                ContactRepository::assignment,
                program.value(),
                Database.texts(campaigns),
                Database.texts(members));
    }

    /** What has left with a greater sequence, in its order. */
    List<Published> feed(ProgramId program, long after, int limit) {
        return database.query(
                "select sequence, body from assignment where program = ? and sequence > ? and"
                        + " published_at is not null order by sequence limit ?",
                row -> new Published(row.getLong("sequence"), row.getString("body")),
                program.value(),
                after,
                limit);
    }

    private static Assignment assignment(ResultSet row) throws SQLException {
        return new Assignment(
                row.getString("contact"),
                row.getString("campaign"),
                row.getInt("version"),
                new MemberId(row.getString("member")),
                new SegmentKey(row.getString("segment")),
                row.getString("channel"),
                Arm.of(row.getString("arm")),
                Database.instant(row, "decided_at"),
                null);
    }
}
