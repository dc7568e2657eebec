package io.clientele.campaignresponse.member;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.clientele.campaignresponse.store.Database;
import io.clientele.common.json.Json;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberProfile;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Members in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
public class MemberRepository {
    private final Database database;

    @Inject
    MemberRepository(Database database) {
        this.database = database;
    }

    /** Keeps the latest of each member; a version older than the one kept changes nothing. */
    public void profiles(Collection<MemberProfile> profiles) {
        var latest = new LinkedHashMap<MemberId, MemberProfile>();
        profiles.forEach(profile ->
                latest.merge(
                        profile.member(),
                        profile,
                        (one, other) -> one.version() > other.version() ? one : other));
        if (latest.isEmpty()) {
            return;
        }
        var rows = latest.values();
        int unused =
                database.update(
                        "insert into member_profile (program, member, version, attributes) select"
                                + " program, member, version, attributes::json from"
                                + " unnest(?::text[], ?::text[], ?::bigint[], ?::text[]) as p"
                                + " (program, member, version, attributes) on conflict (program,"
                                + " member) do update set version = excluded.version, attributes ="
                                + " excluded.attributes where member_profile.version <"
                                + " excluded.version",
                        Database.texts(rows, MemberProfile::program),
                        Database.texts(rows, MemberProfile::member),
                        Database.texts(rows, MemberProfile::version),
                        Database.texts(rows, profile -> text(profile.attributes())));
    }

    /** Forgets what is known of a member. */
    public void forget(ProgramId program, MemberId member) {
        int unused =
                database.update(
                        "delete from member_profile where program = ? and member = ?",
                        program.value(),
                        member.value());
    }

    /** Applies changes in their order. */
    public void memberships(List<SegmentMembershipRecord.Changed> changes) {
        var last = new LinkedHashMap<String, SegmentMembershipRecord.Changed>();
        for (var change : changes) {
            last.put(change.member() + " " + change.segment(), change);
        }
        var entered = new ArrayList<SegmentMembershipRecord.Changed>();
        var left = new ArrayList<SegmentMembershipRecord.Changed>();
        for (var change : last.values()) {
            (change.change() == MembershipChange.ENTERED ? entered : left).add(change);
        }
        if (!entered.isEmpty()) {
            int unused =
                    database.update(
                            "insert into membership (program, member, segment, since) select * from"
                                    + " unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[])"
                                    + " on conflict (program, member, segment) do update set since"
                                    + " = excluded.since",
                            Database.texts(entered, SegmentMembershipRecord.Changed::program),
                            Database.texts(entered, SegmentMembershipRecord.Changed::member),
                            Database.texts(entered, SegmentMembershipRecord.Changed::segment),
                            Database.texts(entered, SegmentMembershipRecord.Changed::at));
        }
        if (!left.isEmpty()) {
            int unused =
                    database.update(
                            "delete from membership m using unnest(?::text[], ?::text[],"
                                    + " ?::text[]) as l (program, member, segment) where m.program"
                                    + " = l.program and m.member = l.member and m.segment ="
                                    + " l.segment",
                            Database.texts(left, SegmentMembershipRecord.Changed::program),
                            Database.texts(left, SegmentMembershipRecord.Changed::member),
                            Database.texts(left, SegmentMembershipRecord.Changed::segment));
        }
    }

    /** What is known of members; one that nothing is known of is not there. */
    public Map<MemberId, Map<String, Object>> attributes(
            ProgramId program, Collection<MemberId> members) {
        var found = new HashMap<MemberId, Map<String, Object>>();
        for (var row :
                database.query(
                        "select member, attributes from member_profile where program = ? and member"
                                + " = any (?)",
                        row ->
                                Map.entry(
                                        new MemberId(row.getString("member")),
                                        map(row.getString("attributes"))),
                        program.value(),
                        Database.texts(members))) {
            found.put(row.getKey(), row.getValue());
        }
        return found;
    }

    /** Which of {@code members} are in any of {@code segments} now. */
    public Set<MemberId> inside(
            ProgramId program, Collection<MemberId> members, Collection<SegmentKey> segments) {
        if (segments.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(
                database.query(
                        "select distinct member from membership where program = ? and member = any"
                                + " (?) and segment = any (?)",
                        row -> new MemberId(row.getString("member")),
                        program.value(),
                        Database.texts(members),
                        Database.texts(segments)));
    }

    /**
     * Members who are in any of {@code segments} now, in the order of their ids.
     *
     * @param after the last one of the page before, or null
     * @return each with the first of {@code segments} that it is in
     */
    public Map<MemberId, SegmentKey> membersOf(
            ProgramId program, List<SegmentKey> segments, @Nullable String after, int limit) {
        var found = new LinkedHashMap<MemberId, SegmentKey>();
        for (var row :
                database.query(
                        "select member, min(array_position(?, segment)) as rank from membership"
                                + " where program = ? and segment = any (?) and member > ? group by"
                                + " member order by member limit ?",
                        row -> Map.entry(new MemberId(row.getString("member")), row.getInt("rank")),
                        Database.texts(segments),
                        program.value(),
                        Database.texts(segments),
                        after == null ? "" : after,
                        limit)) {
            found.put(row.getKey(), segments.get(row.getValue() - 1));
        }
        return found;
    }

    private static String text(Map<String, Object> json) {
        try {
            return Json.mapper().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> map(String json) {
        try {
            return Json.mapper().readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
