package io.clientele.campaignresponse.result;

import io.clientele.campaignresponse.store.Database;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
class ResultRepository {
    private final Database database;

    @Inject
    ResultRepository(Database database) {
        this.database = database;
    }

    /**
     * Counts of one group.
     *
     * @param segment null in a total over segments
     * @param channel null in a total over channels
     * @param members different members
     * @param contacts decisions, a member's later ones too
     * @param goalMembers different members who reached the goal
     * @param value of all goals together
     */
    record Counts(
            @Nullable String segment,
            @Nullable String channel,
            String arm,
            long members,
            long contacts,
            long sent,
            long delivered,
            long opened,
            long clicked,
            long bounced,
            long unsubscribed,
            long complained,
            long redeemed,
            long goalMembers,
            BigDecimal value) {}

    /** Totals of the arms, of the segments, and of the channels of each segment, in that order. */
    List<Counts> counts(ProgramId program, String campaign) {
        return database.query(
                """
                -- Assignments and responses are put together by hashing, not by a join: while there are
                -- no statistics of a young table, a join may be planned as a loop over both.
                with each_row as (
                    select contact, member, segment, channel, arm, null as kind, false as machine,
                           null::numeric as value
                      from assignment
                     where program = ? and campaign = ?
                    union all
                    select contact, null, null, null, null, kind, machine, value
                      from response
                     where program = ? and campaign = ? and not taken_back),
                a as (
                    select max(member) as member, max(segment) as segment, max(channel) as channel,
                           max(arm) as arm,
                           bool_or(kind = 'sent') as sent,
                           bool_or(kind = 'delivered') as delivered,
                           bool_or(kind = 'opened' and not machine) as opened,
                           bool_or(kind = 'clicked' and not machine) as clicked,
                           bool_or(kind = 'bounced') as bounced,
                           bool_or(kind = 'unsubscribed') as unsubscribed,
                           bool_or(kind = 'complained') as complained,
                           bool_or(kind = 'redeemed') as redeemed,
                           bool_or(kind = 'goal') as goal,
                           sum(value) filter (where kind = 'goal') as value
                      from each_row
                     group by contact
                    having max(arm) is not null)
                select a.segment, a.channel, a.arm,
                       count(distinct a.member) as members,
                       count(*) as contacts,
                       count(*) filter (where sent) as sent,
                       count(*) filter (where delivered) as delivered,
                       count(*) filter (where opened) as opened,
                       count(*) filter (where clicked) as clicked,
                       count(*) filter (where bounced) as bounced,
                       count(*) filter (where unsubscribed) as unsubscribed,
                       count(*) filter (where complained) as complained,
                       count(*) filter (where redeemed) as redeemed,
                       count(distinct a.member) filter (where goal) as goal_members,
                       coalesce(sum(value), 0) as value
                  from a
                 group by grouping sets ((a.arm), (a.segment, a.arm), (a.segment, a.channel, a.arm))
                 order by a.segment nulls first, a.channel nulls first, a.arm desc
                """,
                ResultRepository::counts,
                program.value(),
                campaign,
                program.value(),
                campaign);
    }

    /** Occasions on which nobody was contacted, by reason. */
    Map<String, Long> withheld(ProgramId program, String campaign) {
        var found = new TreeMap<String, Long>();
        for (var row :
                database.query(
                        "select reason, count(*) from withheld where program = ? and campaign = ?"
                                + " group by reason",
                        row -> Map.entry(row.getString(1), row.getLong(2)),
                        program.value(),
                        campaign)) {
            found.put(row.getKey(), row.getValue());
        }
        return found;
    }

    private static Counts counts(ResultSet row) throws SQLException {
        return new Counts(
                row.getString("segment"),
                row.getString("channel"),
                row.getString("arm"),
                row.getLong("members"),
                row.getLong("contacts"),
                row.getLong("sent"),
                row.getLong("delivered"),
                row.getLong("opened"),
                row.getLong("clicked"),
                row.getLong("bounced"),
                row.getLong("unsubscribed"),
                row.getLong("complained"),
                row.getLong("redeemed"),
                row.getLong("goal_members"),
                row.getBigDecimal("value"));
    }
}
