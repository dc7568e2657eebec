package io.clientele.profile.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributeRulesTest {
    private static RegistryRecord.Attribute attribute(String type, Object... values) {
        return new RegistryRecord.Attribute(
                new ProgramId("demo"),
                1,
                "thing",
                type,
                "custom",
                null,
                List.of(values),
                false,
                false);
    }

    @Test
    void keepsNumbersInOneForm() {
        assertThat(AttributeRules.check(attribute("number"), new BigDecimal("84.100")))
                .isEqualTo(new BigDecimal("84.1"));
        assertThat(AttributeRules.check(attribute("number"), 7)).isEqualTo(7L);
        assertThat(AttributeRules.check(attribute("number"), new BigDecimal("1E+3")))
                .isEqualTo(1000L);
        assertThat(AttributeRules.check(attribute("integer"), new BigDecimal("4.0"))).isEqualTo(4L);
    }

    @Test
    void refusesNumbersOutOfBounds() {
        for (var number :
                List.of(
                        new BigDecimal("0.1234567"),
                        new BigDecimal("1E-999999999"),
                        new BigDecimal("1E+999999999"),
                        new BigInteger("1000000000001"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AttributeRules.check(attribute("number"), number))
                    .withMessage(
                            "attribute thing: expected a number of up to 6 places, at most 10^12"
                                    + " in size");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttributeRules.check(attribute("integer"), new BigDecimal("4.5")))
                .withMessage("attribute thing: expected a whole number");
    }

    @Test
    void spellsAnAllowedValueAsTheAttributeDoes() {
        assertThat(AttributeRules.check(attribute("string", "Gold", "Silver"), "gOLD"))
                .isEqualTo("Gold");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttributeRules.check(attribute("string", "Gold", "Silver"), "x"))
                .withMessage("attribute thing: expected one of [Gold, Silver]");
        assertThat(AttributeRules.check(attribute("strings", "a", "b"), List.of("B", "A", "b")))
                .isEqualTo(List.of("b", "a"));
    }

    @Test
    void readsDatesAndTimestamps() {
        assertThat(AttributeRules.check(attribute("date"), "1990-02-28")).isEqualTo("1990-02-28");
        assertThat(AttributeRules.check(attribute("timestamp"), "2026-11-01T17:15:00+07:00"))
                .isEqualTo("2026-11-01T10:15:00Z");
        for (var wrong : List.of("1990-02-30", "28.02.1990", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AttributeRules.check(attribute("date"), wrong));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttributeRules.check(attribute("timestamp"), "2026-11-01"));
    }

    @Test
    void readsPlaces() {
        assertThat(
                        AttributeRules.check(
                                attribute("place"),
                                Map.of("latitude", new BigDecimal("13.750"), "longitude", 100)))
                .isEqualTo(Map.of("latitude", new BigDecimal("13.75"), "longitude", 100L));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        AttributeRules.check(
                                attribute("place"), Map.of("latitude", 91, "longitude", 100)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttributeRules.check(attribute("place"), Map.of("latitude", 13)));
    }

    @Test
    void refusesAnotherType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttributeRules.check(attribute("boolean"), "true"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttributeRules.check(attribute("string"), 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttributeRules.check(attribute("strings"), List.of(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttributeRules.check(attribute("string"), "x".repeat(2049)));
    }
}
