package io.clientele.reporting.figure;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.reporting.figure.SegmentFigures.Conversion;
import io.clientele.reporting.figure.SegmentFigures.Spending;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class SegmentFiguresTest {
    private static final long[] NOTHING = {0, 0};

    @Test
    void isNullWhereNothingCanBeDividedBy() {
        var figures =
                SegmentFigures.of(
                        NOTHING, NOTHING, NOTHING, Spending.NONE, Conversion.NONE, Conversion.NONE);
        assertThat(figures.averageOrderValue()).isNull();
        assertThat(figures.purchaseFrequency()).isNull();
        assertThat(figures.prospectToFirstPurchase()).isNull();
        assertThat(figures.contactToGoal()).isNull();
        assertThat(figures.revenue()).isEqualTo("0");
        assertThat(figures.averageSize()).isEqualTo("0.00");
    }

    @Test
    void roundsQuotientsHalfUpAndKeepsSumsExact() {
        var figures =
                SegmentFigures.of(
                        new long[] {2, 1},
                        new long[] {2, 0},
                        new long[] {0, 1},
                        new Spending(2, 4, new BigDecimal("145.50"), 1, new BigDecimal("150.005")),
                        new Conversion(3, 2),
                        new Conversion(8, 1));
        assertThat(figures.size()).isEqualTo(1);
        assertThat(figures.averageSize()).isEqualTo("1.50");
        assertThat(figures.entered()).isEqualTo(2);
        assertThat(figures.left()).isEqualTo(1);
        assertThat(figures.revenue()).isEqualTo("-4.505");
        assertThat(figures.averageOrderValue()).isEqualTo("36.38");
        assertThat(figures.purchaseFrequency()).isEqualTo("2.6667");
        assertThat(figures.prospectToFirstPurchase()).isEqualTo("0.6667");
        assertThat(figures.contactToGoal()).isEqualTo("0.1250");
    }
}
