package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.campaign.Campaign;
import io.clientele.campaignresponse.campaign.CampaignStatus;
import io.clientele.campaignresponse.campaign.MessageTemplates;
import io.clientele.campaignresponse.member.MemberRepository;
import io.clientele.campaignresponse.outbox.OutboxRecord;
import io.clientele.campaignresponse.outbox.OutboxRepository;
import io.clientele.common.json.Json;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.Topics;
import io.quarkus.qute.TemplateException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides for members: every decision, its contact and what tells of it are one transaction, the
 * caller's, which must be one of the program. Thread-safe.
 */
@ApplicationScoped
public class ContactService {
    private static final Logger LOG = Logger.getLogger(ContactService.class);
    private static final String TYPE = "io.clientele.campaign-contact.v1";

    private final ContactRepository repository;
    private final MemberRepository members;
    private final OutboxRepository outbox;
    private final MessageTemplates templates;
    private final ContactMetrics metrics;
    private final Clock clock;

    @Inject
    ContactService(
            ContactRepository repository,
            MemberRepository members,
            OutboxRepository outbox,
            MessageTemplates templates,
            ContactMetrics metrics,
            Clock clock) {
        this.repository = repository;
        this.members = members;
        this.outbox = outbox;
        this.templates = templates;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Decides for those whom membership changes are an occasion to contact. The changes are applied
     * already.
     *
     * @param campaigns of the program
     */
    public void entered(
            ProgramId program,
            List<Campaign> campaigns,
            List<SegmentMembershipRecord.Changed> changes) {
        for (var campaign : campaigns) {
            if (campaign.status() != CampaignStatus.RUNNING) {
                continue;
            }
            var occasions = new ArrayList<Occasion>();
            for (var change : changes) {
                if (ContactRules.triggers(campaign.draft(), campaign.activeSince(), change)) {
                    occasions.add(new Occasion(change.member(), change.segment(), change.id()));
                }
            }
            if (!occasions.isEmpty()) {
                decide(program, campaign, occasions);
            }
        }
    }

    /** Decides for each occasion that is not decided yet, in their order. */
    void decide(ProgramId program, Campaign campaign, List<Occasion> occasions) {
        long sequence = outbox.lock(program);
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var ids = new LinkedHashMap<String, Occasion>();
        for (var occasion : occasions) {
            ids.putIfAbsent(occasion.contact(program, campaign.key()), occasion);
        }
        ids.keySet().removeAll(repository.decided(program, ids.keySet()));
        if (ids.isEmpty()) {
            return;
        }
        var who = ids.values().stream().map(Occasion::member).distinct().toList();
        var known = members.attributes(program, who);
        var excluded = members.inside(program, who, campaign.draft().exclude());
        var last = repository.last(program, campaign.key(), who);
        var assignments = new ArrayList<Assignment>();
        var refused = new ArrayList<ContactRepository.Refused>();
        for (var one : ids.entrySet()) {
            var occasion = one.getValue();
            var member = occasion.member();
            var attributes = known.get(member);
            var verdict =
                    ContactRules.decide(
                            campaign.draft(),
                            occasion.segment(),
                            attributes,
                            excluded.contains(member),
                            last.get(member),
                            now);
            switch (verdict) {
                case Verdict.DecidedBefore unused -> LOG.debugf("not again member=%s", member);
                case Verdict.Withheld withheld ->
                        refused.add(
                                refused(campaign, one.getKey(), occasion, withheld.reason(), now));
                case Verdict.Eligible eligible -> {
                    // Of the control arm too: a member who cannot be written to is in neither.
                    var message =
                            message(program, eligible, attributes == null ? Map.of() : attributes);
                    if (message == null) {
                        refused.add(
                                refused(
                                        campaign,
                                        one.getKey(),
                                        occasion,
                                        WithheldReason.MESSAGE_FAILED,
                                        now));
                        continue;
                    }
                    var arm = Arm.of(campaign.salt(), member, campaign.draft().control());
                    var contact =
                            arm == Arm.CONTROL
                                    ? null
                                    : contact(
                                            campaign,
                                            one.getKey(),
                                            occasion,
                                            eligible,
                                            message,
                                            now,
                                            ++sequence);
                    assignments.add(
                            new Assignment(
                                    one.getKey(),
                                    campaign.key(),
                                    campaign.version(),
                                    member,
                                    occasion.segment(),
                                    eligible.channel(),
                                    arm,
                                    now,
                                    contact));
                    last.put(member, now);
                    metrics.assigned(arm);
                }
            }
        }
        repository.save(program, assignments);
        repository.withhold(program, refused);
        refused.forEach(one -> metrics.withheld(one.reason()));
        announce(program, assignments, sequence);
    }

    private void announce(ProgramId program, List<Assignment> assignments, long sequence) {
        var records = new ArrayList<OutboxRecord>();
        for (var assignment : assignments) {
            var contact = assignment.message();
            if (contact != null) {
                records.add(
                        new OutboxRecord(
                                Topics.CAMPAIGN_CONTACTS,
                                program,
                                OutboxRecord.keyOf(program, contact.member()),
                                contact.contact(),
                                TYPE,
                                contact.contact(),
                                Json.bytes(contact)));
            }
        }
        if (!records.isEmpty()) {
            outbox.lastSequence(program, sequence);
            outbox.append(program, records);
        }
    }

    private CampaignContact.@Nullable Message message(
            ProgramId program, Verdict.Eligible eligible, Map<String, Object> attributes) {
        try {
            return templates.render(program, eligible.message(), attributes);
        } catch (TemplateException | CompletionException e) {
            LOG.debugf("message not made reason=%s", e.getMessage());
            return null;
        }
    }

    private static CampaignContact contact(
            Campaign campaign,
            String id,
            Occasion occasion,
            Verdict.Eligible eligible,
            CampaignContact.Message message,
            Instant now,
            long sequence) {
        var offer = campaign.draft().offer();
        return new CampaignContact(
                id,
                campaign.program(),
                occasion.member(),
                campaign.key(),
                campaign.version(),
                occasion.segment(),
                eligible.channel(),
                eligible.message().language(),
                message,
                offer == null ? null : new CampaignContact.Offer(offer, null),
                now,
                null,
                now,
                sequence);
    }

    private static ContactRepository.Refused refused(
            Campaign campaign, String id, Occasion occasion, WithheldReason reason, Instant now) {
        return new ContactRepository.Refused(
                id, campaign.key(), occasion.member(), occasion.segment(), reason, now);
    }
}
