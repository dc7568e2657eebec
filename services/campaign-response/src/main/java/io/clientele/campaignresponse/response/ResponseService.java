package io.clientele.campaignresponse.response;

import io.clientele.campaignresponse.campaign.Campaign;
import io.clientele.campaignresponse.contact.Assignment;
import io.clientele.campaignresponse.contact.ContactRepository;
import io.clientele.campaignresponse.outbox.OutboxRecord;
import io.clientele.campaignresponse.outbox.OutboxRepository;
import io.clientele.common.json.Json;
import io.clientele.contracts.CampaignResponse;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ResponseKind;
import io.clientele.contracts.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Attributes events to decisions, in the caller's transaction, which must be one of the program.
 * Thread-safe.
 */
@ApplicationScoped
public class ResponseService {
    private static final String TYPE = "io.clientele.campaign-response.v1";

    private final ResponseRepository repository;
    private final ContactRepository contacts;
    private final OutboxRepository outbox;
    private final ResponseMetrics metrics;
    private final Clock clock;

    @Inject
    ResponseService(
            ResponseRepository repository,
            ContactRepository contacts,
            OutboxRepository outbox,
            ResponseMetrics metrics,
            Clock clock) {
        this.repository = repository;
        this.contacts = contacts;
        this.outbox = outbox;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Takes events in their order.
     *
     * @param campaigns all of the program that have ever been started
     */
    public void take(
            ProgramId program, List<Campaign> campaigns, List<MemberRecord.EventApplied> events) {
        var responses = new ArrayList<MemberResponse>();
        var taken = new LinkedHashSet<EventReference>();
        if (events.stream()
                .anyMatch(event ->
                        Attribution.contact(event) != null || isConcerned(campaigns, event))) {
            // Decisions that are taken, but not committed yet, are waited for: an event is looked
            // at once, and may answer one of them.
            long unused = outbox.lock(program);
        }
        var named = named(program, events);
        var decisions = decisions(program, campaigns, events);
        for (var event : events) {
            var contact = Attribution.contact(event);
            var assignment = contact == null ? null : named.get(contact);
            if (assignment != null) {
                responses.add(Attribution.named(event, assignment));
            }
            var about = decisions.getOrDefault(event.member(), List.of());
            if (event.type().equals("offer.redeemed") && contact == null) {
                Attribution.redeemed(event, campaigns, about).ifPresent(responses::add);
            }
            for (var campaign : campaigns) {
                Attribution.goal(event, campaign, about).ifPresent(responses::add);
            }
            takenBack(event, taken);
        }
        var fresh =
                repository.save(program, responses, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        repository.takeBack(program, taken);
        var records = new ArrayList<OutboxRecord>();
        for (var response : fresh) {
            metrics.counted(response.kind());
            if (response.leaves()) {
                records.add(record(program, response));
            }
        }
        outbox.append(program, records);
    }

    private Map<String, Assignment> named(
            ProgramId program, List<MemberRecord.EventApplied> events) {
        var ids = events.stream().map(Attribution::contact).filter(Objects::nonNull).toList();
        return ids.isEmpty() ? Map.of() : contacts.treated(program, ids);
    }

    /** Decisions about the members whose events may reach a goal or redeem an offer. */
    private Map<MemberId, List<Assignment>> decisions(
            ProgramId program, List<Campaign> campaigns, List<MemberRecord.EventApplied> events) {
        var keys = new HashSet<String>();
        var who = new LinkedHashSet<MemberId>();
        for (var event : events) {
            for (var campaign : campaigns) {
                if (concerns(campaign, event)) {
                    keys.add(campaign.key());
                    who.add(event.member());
                }
            }
        }
        var found = new HashMap<MemberId, List<Assignment>>();
        if (!who.isEmpty()) {
            contacts.of(program, keys, who)
                    .forEach(one ->
                            found.computeIfAbsent(one.member(), unused -> new ArrayList<>())
                                    .add(one));
        }
        return found;
    }

    private static boolean isConcerned(List<Campaign> campaigns, MemberRecord.EventApplied event) {
        return campaigns.stream().anyMatch(campaign -> concerns(campaign, event));
    }

    private static boolean concerns(Campaign campaign, MemberRecord.EventApplied event) {
        var goal = campaign.draft().goal();
        return (goal != null && goal.event().equals(event.type()))
                || (event.type().equals("offer.redeemed") && Attribution.isOffer(campaign, event));
    }

    private static void takenBack(
            MemberRecord.EventApplied event, LinkedHashSet<EventReference> taken) {
        if (event.replaces() != null) {
            taken.add(event.replaces());
        }
        if (event.type().equals(EventTypes.EVENT_RETRACTED)
                && event.properties().get("source") instanceof String source
                && event.properties().get("id") instanceof String id) {
            taken.add(new EventReference(source, id));
        }
    }

    private static OutboxRecord record(ProgramId program, MemberResponse response) {
        var assignment = response.assignment();
        return new OutboxRecord(
                Topics.CAMPAIGN_RESPONSES,
                program,
                OutboxRecord.keyOf(program, assignment.member()),
                response.id(),
                TYPE,
                null,
                Json.bytes(
                        new CampaignResponse(
                                response.id(),
                                assignment.contact(),
                                program,
                                assignment.campaign(),
                                assignment.segment(),
                                assignment.channel(),
                                assignment.member(),
                                response.kind(),
                                response.at(),
                                response.event(),
                                response.kind() == ResponseKind.GOAL ? response.value() : null)));
    }
}
