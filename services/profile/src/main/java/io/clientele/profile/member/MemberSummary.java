package io.clientele.profile.member;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A member in figures; retracted events do not count.
 *
 * @param member who
 * @param kind member or prospect
 * @param currency of the amounts
 * @param events how many
 * @param purchases how many, and their sum
 * @param returns how many, and their sum
 * @param spent purchases less returns
 * @param averageOrderValue of a purchase, rounded to a hundredth; absent without purchases
 * @param firstPurchaseAt the earliest
 * @param lastPurchaseAt the latest
 * @param tier recognition level
 * @param points balance
 * @param asOf when this was true
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MemberSummary(
        MemberId member,
        MemberKind kind,
        @Nullable String currency,
        long events,
        Amount purchases,
        Amount returns,
        BigDecimal spent,
        @Nullable BigDecimal averageOrderValue,
        @Nullable Instant firstPurchaseAt,
        @Nullable Instant lastPurchaseAt,
        @Nullable Object tier,
        @Nullable Object points,
        Instant asOf) {
    /**
     * A number of events and the sum of their amounts.
     *
     * @param count how many
     * @param amount their sum, positive
     */
    public record Amount(long count, BigDecimal amount) {}

    static MemberSummary of(Member member, @Nullable String currency, Instant asOf) {
        var totals = member.totals();
        return new MemberSummary(
                member.id(),
                member.kind(),
                currency,
                totals.events(),
                new Amount(totals.purchases(), totals.purchaseAmount()),
                new Amount(totals.returns(), totals.returnAmount()),
                totals.purchaseAmount().subtract(totals.returnAmount()),
                totals.purchases() == 0
                        ? null
                        : totals.purchaseAmount()
                                .divide(
                                        BigDecimal.valueOf(totals.purchases()),
                                        2,
                                        RoundingMode.HALF_EVEN),
                totals.firstPurchaseAt(),
                totals.lastPurchaseAt(),
                member.value("loyalty.tier").orElse(null),
                member.value("loyalty.points").orElse(null),
                asOf);
    }
}
