package io.clientele.campaignresponse.result;

import io.clientele.campaignresponse.campaign.Campaign;
import io.clientele.campaignresponse.campaign.CampaignService;
import io.clientele.campaignresponse.program.Programs;
import io.clientele.campaignresponse.stream.FreshnessService;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what campaigns brought. Thread-safe. */
@ApplicationScoped
class ResultService {
    private static final String TREATED = "treated";

    private final CampaignService campaigns;
    private final ResultRepository repository;
    private final ProgramTransactions transactions;
    private final FreshnessService freshness;
    private final Programs programs;

    @Inject
    ResultService(
            CampaignService campaigns,
            ResultRepository repository,
            ProgramTransactions transactions,
            FreshnessService freshness,
            Programs programs) {
        this.campaigns = campaigns;
        this.repository = repository;
        this.transactions = transactions;
        this.freshness = freshness;
        this.programs = programs;
    }

    private record Found(List<ResultRepository.Counts> counts, Map<String, Long> withheld) {}

    /** Everything there is to tell of a campaign now; decisions and responses are of one view. */
    CampaignResults results(ProgramId program, String key) {
        var campaign = campaigns.require(program, key);
        var asOf = freshness.now().asOf();
        var found =
                transactions.call(
                        program.value(),
                        () ->
                                new Found(
                                        repository.counts(program, key),
                                        repository.withheld(program, key)));
        var arms = found.counts().stream().filter(one -> one.segment() == null).toList();
        var funnel = found.counts().stream().filter(one -> one.channel() != null).toList();
        var treated = arm(arms, TREATED);
        var control = arm(arms, "control");
        return new CampaignResults(
                key,
                campaign.status().key(),
                arms.stream().map(one -> group(campaign, one)).toList(),
                funnel.stream().map(one -> group(campaign, one)).toList(),
                uplift(campaign, treated, control),
                segments(campaign, found.counts()),
                sampleRatio(campaign, treated, control),
                money(campaign, funnel, treated, control),
                found.withheld(),
                asOf);
    }

    private static ResultRepository.@Nullable Counts arm(
            List<ResultRepository.Counts> counts, String arm) {
        return counts.stream().filter(one -> one.arm().equals(arm)).findFirst().orElse(null);
    }

    private static List<CampaignResults.SegmentUplift> segments(
            Campaign campaign, List<ResultRepository.Counts> counts) {
        var uplifts = new ArrayList<CampaignResults.SegmentUplift>();
        for (var segment : campaign.draft().segments()) {
            var of =
                    counts.stream()
                            .filter(one ->
                                    one.channel() == null && segment.value().equals(one.segment()))
                            .toList();
            uplifts.add(
                    new CampaignResults.SegmentUplift(
                            segment.value(),
                            uplift(campaign, arm(of, TREATED), arm(of, "control"))));
        }
        return uplifts;
    }

    private static CampaignResults.Group group(Campaign campaign, ResultRepository.Counts one) {
        boolean treated = one.arm().equals(TREATED);
        boolean goal = campaign.draft().goal() != null;
        return new CampaignResults.Group(
                one.segment(),
                one.channel(),
                one.arm(),
                one.members(),
                one.contacts(),
                treated ? one.sent() : null,
                treated ? one.delivered() : null,
                treated ? one.opened() : null,
                treated ? one.clicked() : null,
                treated ? one.bounced() : null,
                treated ? one.unsubscribed() : null,
                treated ? one.complained() : null,
                treated ? one.redeemed() : null,
                goal ? one.goalMembers() : null,
                goal && one.members() > 0 ? (double) one.goalMembers() / one.members() : null,
                goal ? one.value() : null);
    }

    private static CampaignResults.Uplift uplift(
            Campaign campaign,
            ResultRepository.@Nullable Counts treated,
            ResultRepository.@Nullable Counts control) {
        if (campaign.draft().goal() == null) {
            return CampaignResults.Uplift.insufficient("the campaign has no goal");
        }
        if (campaign.draft().control() == 0) {
            return CampaignResults.Uplift.insufficient("the campaign has no control arm");
        }
        if (treated == null || control == null) {
            return CampaignResults.Uplift.insufficient(
                    "nobody is in the " + (treated == null ? "treated" : "control") + " arm yet");
        }
        long one = treated.goalMembers();
        long other = control.goalMembers();
        var interval = Proportions.difference(one, treated.members(), other, control.members());
        var significance = Proportions.test(one, treated.members(), other, control.members());
        return new CampaignResults.Uplift(
                (double) one / treated.members() - (double) other / control.members(),
                interval.lower(),
                interval.upper(),
                Proportions.CONFIDENCE,
                "newcombe",
                significance == null ? null : significance.pValue(),
                significance == null ? null : significance.test(),
                significance == null
                        ? one + other == 0
                                ? "nobody has reached the goal yet"
                                : "everybody has reached the goal"
                        : "ok");
    }

    private static CampaignResults.@Nullable SampleRatio sampleRatio(
            Campaign campaign,
            ResultRepository.@Nullable Counts treated,
            ResultRepository.@Nullable Counts control) {
        double share = campaign.draft().control();
        if (share == 0) {
            return null;
        }
        long contacted = treated == null ? 0 : treated.members();
        long held = control == null ? 0 : control.members();
        var pValue = Proportions.sampleRatio(contacted, held, share);
        return new CampaignResults.SampleRatio(
                contacted,
                held,
                share,
                pValue,
                pValue != null && pValue < Proportions.MISMATCH_BELOW);
    }

    private CampaignResults.Money money(
            Campaign campaign,
            List<ResultRepository.Counts> funnel,
            ResultRepository.@Nullable Counts treated,
            ResultRepository.@Nullable Counts control) {
        var draft = campaign.draft();
        var cost = draft.cost().fixed();
        for (var one : funnel) {
            var channel = one.channel();
            if (channel != null && one.arm().equals(TREATED)) {
                cost =
                        cost.add(
                                draft.cost()
                                        .perContact()
                                        .getOrDefault(channel, BigDecimal.ZERO)
                                        .multiply(BigDecimal.valueOf(one.contacts())));
            }
        }
        var currency = programs.currency(campaign.program()).orElse(null);
        var goal = draft.goal();
        if (goal == null || goal.value() == null) {
            return new CampaignResults.Money(
                    currency, cost, null, null, null, "the goal says of no value");
        }
        var revenue = treated == null ? BigDecimal.ZERO : treated.value();
        if (treated == null || control == null) {
            return new CampaignResults.Money(
                    currency, cost, revenue, null, null, "there is nobody to compare with yet");
        }
        var anyway =
                control.value()
                        .multiply(BigDecimal.valueOf(treated.members()))
                        .divide(BigDecimal.valueOf(control.members()), MathContext.DECIMAL64);
        var incremental = revenue.subtract(anyway).setScale(2, RoundingMode.HALF_EVEN);
        return new CampaignResults.Money(
                currency,
                cost,
                revenue,
                incremental,
                cost.signum() == 0
                        ? null
                        : incremental
                                .subtract(cost)
                                .divide(cost, MathContext.DECIMAL32)
                                .doubleValue(),
                cost.signum() == 0 ? "the campaign has no cost" : "ok");
    }
}
