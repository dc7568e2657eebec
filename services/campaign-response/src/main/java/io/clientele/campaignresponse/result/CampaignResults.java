package io.clientele.campaignresponse.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign brought so far. Figures that cannot be told yet are absent, and {@code
 * sufficiency} says why.
 *
 * @param campaign its key
 * @param status where it stands
 * @param arms totals of each arm
 * @param funnel the same per segment and channel
 * @param uplift both arms compared, over all segments
 * @param segments and for each segment
 * @param sampleRatio whether members were split as configured; absent without control
 * @param money cost and return
 * @param withheld occasions on which nobody was contacted, by reason
 * @param asOf everything published before this instant is in every figure
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CampaignResults(
        String campaign,
        String status,
        List<Group> arms,
        List<Group> funnel,
        Uplift uplift,
        List<SegmentUplift> segments,
        @Nullable SampleRatio sampleRatio,
        Money money,
        Map<String, Long> withheld,
        Instant asOf) {
    CampaignResults {
        arms = List.copyOf(arms);
        funnel = List.copyOf(funnel);
        segments = List.copyOf(segments);
        withheld = Map.copyOf(withheld);
    }

    /**
     * One group of members.
     *
     * @param segment absent in a total
     * @param channel absent in a total; in the control arm the one they would have been contacted
     *     by
     * @param members different members
     * @param contacts decisions: a member can have several
     * @param conversionRate share of members who reached the goal; absent without a goal
     * @param value of all goals together
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Group(
            @Nullable String segment,
            @Nullable String channel,
            String arm,
            long members,
            long contacts,
            @Nullable Long sent,
            @Nullable Long delivered,
            @Nullable Long opened,
            @Nullable Long clicked,
            @Nullable Long bounced,
            @Nullable Long unsubscribed,
            @Nullable Long complained,
            @Nullable Long redeemed,
            @Nullable Long goalMembers,
            @Nullable Double conversionRate,
            @Nullable BigDecimal value) {}

    /**
     * The difference that contacting makes.
     *
     * @param difference conversion rate of treated minus that of control
     * @param lower end of its interval
     * @param upper end of its interval
     * @param confidence of the interval
     * @param interval how it was made
     * @param pValue of no difference, two-sided
     * @param test which test
     * @param sufficiency {@code ok}, or what is missing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Uplift(
            @Nullable Double difference,
            @Nullable Double lower,
            @Nullable Double upper,
            @Nullable Double confidence,
            @Nullable String interval,
            @Nullable Double pValue,
            @Nullable String test,
            String sufficiency) {
        static Uplift insufficient(String why) {
            return new Uplift(null, null, null, null, null, null, null, why);
        }
    }

    /** The uplift in one segment. */
    record SegmentUplift(String segment, Uplift uplift) {}

    /**
     * Whether members were split as configured.
     *
     * @param treated different members contacted
     * @param control different members held back
     * @param share of control, as configured
     * @param pValue of a split as uneven as this
     * @param mismatch true if it is below 0.001: something is wrong with the split, and the uplift
     *     is not to be trusted
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SampleRatio(
            long treated, long control, double share, @Nullable Double pValue, boolean mismatch) {}

    /**
     * Cost and return, in the program's currency.
     *
     * @param cost fixed, and what its contacts cost
     * @param revenue value of the goals of those contacted
     * @param incrementalRevenue what of it would not have come anyway: the difference of the value
     *     per member, times members contacted
     * @param roi return on investment: (incremental revenue - cost) / cost
     * @param sufficiency {@code ok}, or what is missing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Money(
            @Nullable String currency,
            BigDecimal cost,
            @Nullable BigDecimal revenue,
            @Nullable BigDecimal incrementalRevenue,
            @Nullable Double roi,
            String sufficiency) {}
}
