package io.clientele.reporting.figure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a segment in a period; docs/kpis.md defines each. Null where a figure is
 * undefined.
 *
 * @param size members inside at the end, or now if the period has not ended
 * @param averageSize mean of the sizes at the ends of the days, two places
 * @param entered entries
 * @param left exits
 * @param buyers members with a purchase while inside
 * @param purchases purchases while inside
 * @param purchaseAmount their sum
 * @param returns returns while inside
 * @param returnAmount their sum, positive
 * @param revenue purchases minus returns
 * @param averageOrderValue purchaseAmount by purchases, two places
 * @param purchaseFrequency purchases by averageSize, four places
 * @param prospects members who were prospects when they entered or the period began
 * @param firstPurchases those of them whose first purchase came during that stay
 * @param prospectToFirstPurchase firstPurchases by prospects, four places
 * @param contacts contacts decided for the segment
 * @param goals those of them that reached the goal
 * @param contactToGoal goals by contacts, four places
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record SegmentFigures(
        long size,
        BigDecimal averageSize,
        long entered,
        long left,
        long buyers,
        long purchases,
        BigDecimal purchaseAmount,
        long returns,
        BigDecimal returnAmount,
        BigDecimal revenue,
        @Nullable BigDecimal averageOrderValue,
        @Nullable BigDecimal purchaseFrequency,
        long prospects,
        long firstPurchases,
        @Nullable BigDecimal prospectToFirstPurchase,
        long contacts,
        long goals,
        @Nullable BigDecimal contactToGoal) {
    /**
     * What members inside bought and brought back.
     *
     * @param buyers members with a purchase
     * @param purchases how many
     * @param purchaseAmount their sum
     * @param returns how many
     * @param returnAmount their sum, positive
     */
    record Spending(
            long buyers,
            long purchases,
            BigDecimal purchaseAmount,
            long returns,
            BigDecimal returnAmount) {
        static final Spending NONE = new Spending(0, 0, BigDecimal.ZERO, 0, BigDecimal.ZERO);
    }

    /**
     * How many could have done something, and how many did.
     *
     * @param base those who could
     * @param converted those of them who did
     */
    record Conversion(long base, long converted) {
        static final Conversion NONE = new Conversion(0, 0);

        @Nullable BigDecimal rate() {
            return quotient(BigDecimal.valueOf(converted), BigDecimal.valueOf(base), 4);
        }
    }

    /**
     * Derives what is derived.
     *
     * @param sizes at the end of each day of the period
     * @param entered entries on each day
     * @param left exits on each day
     */
    static SegmentFigures of(
            long[] sizes,
            long[] entered,
            long[] left,
            Spending spending,
            Conversion prospects,
            Conversion contacts) {
        var sizeDays = BigDecimal.valueOf(sum(sizes));
        var days = BigDecimal.valueOf(sizes.length);
        var purchases = BigDecimal.valueOf(spending.purchases());
        return new SegmentFigures(
                sizes[sizes.length - 1],
                sizeDays.divide(days, 2, RoundingMode.HALF_UP),
                sum(entered),
                sum(left),
                spending.buyers(),
                spending.purchases(),
                spending.purchaseAmount(),
                spending.returns(),
                spending.returnAmount(),
                spending.purchaseAmount().subtract(spending.returnAmount()),
                quotient(spending.purchaseAmount(), purchases, 2),
                quotient(purchases.multiply(days), sizeDays, 4),
                prospects.base(),
                prospects.converted(),
                prospects.rate(),
                contacts.base(),
                contacts.converted(),
                contacts.rate());
    }

    private static @Nullable BigDecimal quotient(
            BigDecimal dividend, BigDecimal divisor, int places) {
        return divisor.signum() == 0
                ? null
                : dividend.divide(divisor, places, RoundingMode.HALF_UP);
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }
}
