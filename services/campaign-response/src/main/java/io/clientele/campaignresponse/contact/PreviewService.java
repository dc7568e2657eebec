package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.campaign.Campaign;
import io.clientele.campaignresponse.campaign.CampaignService;
import io.clientele.campaignresponse.campaign.MessageTemplates;
import io.clientele.campaignresponse.member.MemberRepository;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.quarkus.qute.TemplateException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a campaign would do now, by the rules it would do it by. Reads every member who is
 * inside, a page at a time. Thread-safe.
 */
@ApplicationScoped
class PreviewService {
    private static final Logger LOG = Logger.getLogger(PreviewService.class);
    private static final int PAGE = 5_000;

    private final CampaignService campaigns;
    private final ContactRepository repository;
    private final MemberRepository members;
    private final MessageTemplates templates;
    private final ProgramTransactions transactions;
    private final Clock clock;

    @Inject
    PreviewService(
            CampaignService campaigns,
            ContactRepository repository,
            MemberRepository members,
            MessageTemplates templates,
            ProgramTransactions transactions,
            Clock clock) {
        this.campaigns = campaigns;
        this.repository = repository;
        this.members = members;
        this.templates = templates;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Counts, and one rendered message. */
    Preview preview(ProgramId program, String key) {
        var campaign = campaigns.require(program, key);
        var counts = new Counts(campaign, clock.instant());
        MemberId after = null;
        while (true) {
            var from = after;
            var page =
                    transactions.call(
                            program.value(),
                            () -> {
                                var found =
                                        members.membersOf(
                                                program,
                                                campaign.draft().segments(),
                                                from == null ? null : from.value(),
                                                PAGE);
                                count(counts, found);
                                return found;
                            });
            for (var member : page.keySet()) {
                after = member;
            }
            if (page.size() < PAGE) {
                return counts.preview();
            }
        }
    }

    private void count(Counts counts, Map<MemberId, SegmentKey> page) {
        var campaign = counts.campaign;
        var program = campaign.program();
        var known = members.attributes(program, page.keySet());
        var excluded = members.inside(program, page.keySet(), campaign.draft().exclude());
        var last = repository.last(program, campaign.key(), page.keySet());
        for (var one : page.entrySet()) {
            var member = one.getKey();
            var verdict =
                    ContactRules.decide(
                            campaign.draft(),
                            one.getValue(),
                            known.get(member),
                            excluded.contains(member),
                            last.get(member),
                            counts.asOf);
            counts.members++;
            switch (verdict) {
                case Verdict.DecidedBefore unused -> counts.decidedBefore++;
                case Verdict.Withheld withheld ->
                        counts.withheld.merge(withheld.reason().key(), 1L, Long::sum);
                case Verdict.Eligible eligible -> {
                    var arm = Arm.of(campaign.salt(), member, campaign.draft().control());
                    if (arm == Arm.CONTROL) {
                        counts.control++;
                        continue;
                    }
                    counts.contacts++;
                    counts.byChannel.merge(eligible.channel(), 1L, Long::sum);
                    if (counts.sample == null) {
                        counts.sample =
                                sample(
                                        program,
                                        member,
                                        eligible,
                                        known.getOrDefault(member, Map.of()));
                    }
                }
            }
        }
    }

    /** A rendered message, or null if it cannot be made of this member's attributes. */
    private Preview.@Nullable Sample sample(
            ProgramId program,
            MemberId member,
            Verdict.Eligible eligible,
            Map<String, Object> attributes) {
        try {
            return new Preview.Sample(
                    member,
                    eligible.channel(),
                    templates.render(program, eligible.message(), attributes));
        } catch (TemplateException | CompletionException e) {
            LOG.debugf("message not made reason=%s", e.getMessage());
            return null;
        }
    }

    private static final class Counts {
        private final Campaign campaign;
        private final Instant asOf;
        private final Map<String, Long> withheld = new HashMap<>();
        private final Map<String, Long> byChannel = new HashMap<>();
        private long members;
        private long contacts;
        private long control;
        private long decidedBefore;
        private Preview.@Nullable Sample sample;

        private Counts(Campaign campaign, Instant asOf) {
            this.campaign = campaign;
            this.asOf = asOf;
        }

        private Preview preview() {
            return new Preview(
                    members, contacts, control, decidedBefore, withheld, byChannel, sample, asOf);
        }
    }
}
