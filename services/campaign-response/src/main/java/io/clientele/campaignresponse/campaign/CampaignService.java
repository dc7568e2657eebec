package io.clientele.campaignresponse.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.campaignresponse.CampaignError;
import io.clientele.campaignresponse.program.Programs;
import io.clientele.common.http.EntityTags;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keeps campaigns. Thread-safe. */
@ApplicationScoped
public class CampaignService {
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final CampaignRepository repository;
    private final ProgramTransactions transactions;
    private final Programs programs;
    private final MessageTemplates templates;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    @Inject
    CampaignService(
            CampaignRepository repository,
            ProgramTransactions transactions,
            Programs programs,
            MessageTemplates templates,
            Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.programs = programs;
        this.templates = templates;
        this.clock = clock;
    }

    /** What a PUT led to. */
    record Outcome(Campaign campaign, boolean created) {}

    /**
     * A campaign.
     *
     * @throws RequestException 404 if the program has none of this key
     */
    public Campaign require(ProgramId program, String key) {
        return transactions.call(
                program.value(),
                () -> repository.find(program, key, false).orElseThrow(() -> absent(key)));
    }

    /** Campaigns in the order of their keys. */
    Page<Campaign> list(ProgramId program, PageRequest page) {
        var asOf = clock.instant();
        var found =
                transactions.call(
                        program.value(),
                        () ->
                                repository.list(
                                        program, page.position().orElse(null), page.limit() + 1));
        boolean more = found.size() > page.limit();
        var shown = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                shown, more ? PageRequest.cursorAfter(shown.getLast().key()) : null, asOf);
    }

    /**
     * Makes a campaign, or gives it another body, which is a new version. An equal body changes
     * nothing.
     *
     * @throws RequestException 422 if the body does not fit, 409 if the campaign may not change so,
     *     428 or 412 without the present tag
     */
    Outcome put(
            ProgramId program, String key, JsonNode given, @Nullable String ifMatch, String actor) {
        if (!KEY.matcher(key).matches()) {
            throw new RequestException(
                    CampaignError.CAMPAIGN_INVALID,
                    "A campaign's key is 1 to 63 of a-z, 0-9 and -, not beginning with -.");
        }
        var draft = CampaignBodies.read(given, key);
        checkProgram(program, draft);
        var body = (ObjectNode) given.deepCopy();
        body.remove(CampaignBodies.READ_ONLY);
        return transactions.call(
                program.value(),
                () -> {
                    repository.lock(program, key);
                    var present = repository.find(program, key, true).orElse(null);
                    var now = now();
                    if (present == null) {
                        var made = create(program, key, body, draft, now, actor);
                        repository.save(made);
                        return new Outcome(made, true);
                    }
                    if (present.draft().equals(draft)) {
                        return new Outcome(present, false);
                    }
                    EntityTags.check(ifMatch, present.revision());
                    var next = edit(present, body, draft, now, actor);
                    repository.save(next);
                    return new Outcome(next, false);
                });
    }

    private void checkProgram(ProgramId program, CampaignDraft draft) {
        if (!programs.isKnown(program)) {
            throw new TransientException(
                    CampaignError.PROGRAM_NOT_READY,
                    "The settings of program " + program + " have not arrived here yet.",
                    null);
        }
        var errors = new ArrayList<FieldError>(templates.check(program, draft.messages()));
        var goal = draft.goal();
        if (goal != null) {
            var properties = programs.properties(program, goal.event());
            if (properties.isEmpty()) {
                errors.add(
                        new FieldError(
                                "/goal/event",
                                "the program has no event type "
                                        + goal.event()
                                        + "; derived views are not events"));
            } else if (goal.value() != null && !properties.get().contains(goal.value())) {
                errors.add(
                        new FieldError(
                                "/goal/value", goal.event() + " has no property " + goal.value()));
            }
        }
        if (!errors.isEmpty()) {
            throw CampaignBodies.refused(errors);
        }
    }

    private Campaign create(
            ProgramId program,
            String key,
            ObjectNode body,
            CampaignDraft draft,
            Instant now,
            String actor) {
        var secret = new byte[16];
        random.nextBytes(secret);
        return new Campaign(
                program,
                key,
                CampaignRepository.map(body),
                draft,
                CampaignStatus.DRAFT,
                1,
                1,
                key + ":" + HexFormat.of().formatHex(secret),
                null,
                null,
                null,
                now,
                actor,
                now,
                actor);
    }

    private static Campaign edit(
            Campaign present, ObjectNode body, CampaignDraft draft, Instant now, String actor) {
        if (present.status() == CampaignStatus.STOPPED) {
            throw status(present, "changed");
        }
        if (present.startedAt() != null) {
            var fixed = new ArrayList<FieldError>();
            if (present.draft().control() != draft.control()) {
                fixed.add(new FieldError("/control", "stays as it was at the start"));
            }
            if (!Objects.equals(present.draft().goal(), draft.goal())) {
                fixed.add(new FieldError("/goal", "stays as it was at the start"));
            }
            if (!present.draft().trigger().getClass().equals(draft.trigger().getClass())) {
                fixed.add(new FieldError("/trigger", "stays of its kind"));
            }
            if (!fixed.isEmpty()) {
                throw new RequestException(
                        CampaignError.CAMPAIGN_FIXED,
                        "A campaign that has started is measured by the terms it started with;"
                                + " stop it and make another.",
                        fixed);
            }
        }
        var run = present.run();
        if (run != null && draft.trigger() instanceof Trigger.At at && run.kind().equals("at")) {
            run = new Campaign.Run("at", at.instant(), run.after());
        }
        return new Campaign(
                present.program(),
                present.key(),
                CampaignRepository.map(body),
                draft,
                present.status(),
                present.version() + 1,
                present.revision() + 1,
                present.salt(),
                present.startedAt(),
                present.activeSince(),
                run,
                present.createdAt(),
                present.createdBy(),
                now,
                actor);
    }

    /**
     * Starts a campaign, or goes on with a paused one. One that runs stays as it is.
     *
     * @throws RequestException 409 if it is stopped, or its instant has passed
     */
    Campaign start(ProgramId program, String key, String actor) {
        return change(
                program,
                key,
                (campaign, now) -> {
                    if (campaign.status() == CampaignStatus.RUNNING) {
                        return campaign;
                    }
                    if (campaign.status() == CampaignStatus.STOPPED) {
                        throw status(campaign, "started");
                    }
                    var run = campaign.run();
                    if (campaign.startedAt() == null) {
                        if (CampaignBodies.isPast(campaign.draft().trigger(), now)) {
                            throw new RequestException(
                                    CampaignError.CAMPAIGN_STATUS,
                                    "Campaign " + key + " is for an instant that has passed.");
                        }
                        run = firstRun(campaign.draft(), now);
                    }
                    return with(campaign, CampaignStatus.RUNNING, run, now, actor);
                });
    }

    private static Campaign.@Nullable Run firstRun(CampaignDraft draft, Instant now) {
        return switch (draft.trigger()) {
            case Trigger.At at -> new Campaign.Run("at", at.instant(), null);
            case Trigger.OnEntry unused ->
                    draft.includeExisting() ? new Campaign.Run("existing", now, null) : null;
        };
    }

    /**
     * Pauses a campaign.
     *
     * @throws RequestException 409 if it is neither running nor paused
     */
    Campaign pause(ProgramId program, String key, String actor) {
        return change(
                program,
                key,
                (campaign, now) ->
                        switch (campaign.status()) {
                            case PAUSED -> campaign;
                            case RUNNING ->
                                    with(
                                            campaign,
                                            CampaignStatus.PAUSED,
                                            campaign.run(),
                                            now,
                                            actor);
                            case DRAFT, STOPPED -> throw status(campaign, "paused");
                        });
    }

    /** Stops a campaign for good; what members do is still counted. */
    Campaign stop(ProgramId program, String key, String actor) {
        return change(
                program,
                key,
                (campaign, now) ->
                        campaign.status() == CampaignStatus.STOPPED
                                ? campaign
                                : with(campaign, CampaignStatus.STOPPED, null, now, actor));
    }

    private interface Change {
        Campaign apply(Campaign campaign, Instant now);
    }

    private Campaign change(ProgramId program, String key, Change change) {
        return transactions.call(
                program.value(),
                () -> {
                    var present =
                            repository.find(program, key, true).orElseThrow(() -> absent(key));
                    var next = change.apply(present, now());
                    if (next != present) {
                        repository.save(next);
                    }
                    return next;
                });
    }

    private static Campaign with(
            Campaign campaign,
            CampaignStatus status,
            Campaign.@Nullable Run run,
            Instant now,
            String actor) {
        boolean starts = status == CampaignStatus.RUNNING;
        return new Campaign(
                campaign.program(),
                campaign.key(),
                campaign.body(),
                campaign.draft(),
                status,
                campaign.version(),
                campaign.revision() + 1,
                campaign.salt(),
                starts && campaign.startedAt() == null ? now : campaign.startedAt(),
                starts ? now : campaign.activeSince(),
                run,
                campaign.createdAt(),
                campaign.createdBy(),
                now,
                actor);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static RequestException status(Campaign campaign, String what) {
        return new RequestException(
                CampaignError.CAMPAIGN_STATUS,
                "Campaign "
                        + campaign.key()
                        + " is "
                        + campaign.status().key()
                        + " and cannot be "
                        + what
                        + ".");
    }

    private static RequestException absent(String key) {
        return new RequestException(
                CampaignError.CAMPAIGN_NOT_FOUND, "There is no campaign \"" + key + "\".");
    }
}
