package io.clientele.campaignresponse.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.campaignresponse.store.Database;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Campaigns in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
public class CampaignRepository {
    private static final String COLUMNS =
            "program, key, body, status, version, revision, salt, started_at, active_since, run,"
                    + " run_due, run_after, created_at, created_by, updated_at, updated_by";

    private final Database database;

    @Inject
    CampaignRepository(Database database) {
        this.database = database;
    }

    /** A campaign; with {@code forUpdate}, nobody else changes it until the transaction ends. */
    public Optional<Campaign> find(ProgramId program, String key, boolean forUpdate) {
        return database
                .query(
                        "select "
                                + COLUMNS
                                + " from campaign where program = ? and key = ?"
                                + (forUpdate ? " for update" : ""),
                        CampaignRepository::campaign,
                        program.value(),
                        key)
                .stream()
                .findFirst();
    }

    /** In the order of keys. */
    List<Campaign> list(ProgramId program, @Nullable String after, int limit) {
        return database.query(
                "select "
                        + COLUMNS
                        + " from campaign where program = ? and key collate \"C\" > ? order by key"
                        + " collate \"C\" limit ?",
                CampaignRepository::campaign,
                program.value(),
                after == null ? "" : after,
                limit);
    }

    /** All that have ever been started, in the order of keys. */
    public List<Campaign> started(ProgramId program) {
        return database.query(
                "select "
                        + COLUMNS
                        + " from campaign where program = ? and started_at is not null order by"
                        + " key collate \"C\"",
                CampaignRepository::campaign,
                program.value());
    }

    /** A running campaign with a run that is due; held, and passed over where another has it. */
    public Optional<Campaign> due(ProgramId program, Instant now) {
        return database
                .query(
                        "select "
                                + COLUMNS
                                + " from campaign where program = ? and status = 'running' and"
                                + " run_due <= ? order by run_due limit 1 for update skip locked",
                        CampaignRepository::campaign,
                        program.value(),
                        now)
                .stream()
                .findFirst();
    }

    /** Moves a run on, or ends it. */
    public void run(Campaign campaign, Campaign.@Nullable Run run) {
        int unused =
                database.update(
                        "update campaign set run = ?, run_due = ?, run_after = ? where program = ?"
                                + " and key = ?",
                        run == null ? null : run.kind(),
                        run == null ? null : run.due(),
                        run == null ? null : run.after(),
                        campaign.program().value(),
                        campaign.key());
    }

    void save(Campaign campaign) {
        var run = campaign.run();
        int unused =
                database.update(
                        "insert into campaign ("
                                + COLUMNS
                                + ") values (?, ?, ?::json, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " on conflict (program, key) do update set body = excluded.body,"
                                + " status = excluded.status, version = excluded.version, revision"
                                + " = excluded.revision, started_at = excluded.started_at,"
                                + " active_since = excluded.active_since, run = excluded.run,"
                                + " run_due = excluded.run_due, run_after = excluded.run_after,"
                                + " updated_at = excluded.updated_at, updated_by ="
                                + " excluded.updated_by",
                        campaign.program().value(),
                        campaign.key(),
                        text(campaign.body()),
                        campaign.status().key(),
                        campaign.version(),
                        campaign.revision(),
                        campaign.salt(),
                        campaign.startedAt(),
                        campaign.activeSince(),
                        run == null ? null : run.kind(),
                        run == null ? null : run.due(),
                        run == null ? null : run.after(),
                        campaign.createdAt(),
                        campaign.createdBy(),
                        campaign.updatedAt(),
                        campaign.updatedBy());
    }

    /** Makes two first PUTs of one key follow one another. */
    void lock(ProgramId program, String key) {
        var unused =
                database.query(
                        "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                        row -> true,
                        "campaign " + program + ":" + key);
    }

    private static Campaign campaign(ResultSet row) throws SQLException {
        var body = tree(row.getString("body"));
        var run = row.getString("run");
        var due = Database.instantOrNull(row, "run_due");
        return new Campaign(
                new ProgramId(row.getString("program")),
                row.getString("key"),
                map(body),
                CampaignBodies.read(body, row.getString("key")),
                CampaignStatus.of(row.getString("status")),
                row.getInt("version"),
                row.getLong("revision"),
                row.getString("salt"),
                Database.instantOrNull(row, "started_at"),
                Database.instantOrNull(row, "active_since"),
                run == null || due == null
                        ? null
                        : new Campaign.Run(run, due, row.getString("run_after")),
                Database.instant(row, "created_at"),
                row.getString("created_by"),
                Database.instant(row, "updated_at"),
                row.getString("updated_by"));
    }

    static Map<String, Object> map(JsonNode json) {
        return Json.mapper().convertValue(json, new TypeReference<>() {});
    }

    private static JsonNode tree(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Map<String, Object> json) {
        try {
            return Json.mapper().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
