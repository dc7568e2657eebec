package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldingTest {
    @ParameterizedTest
    @CsvSource({
        "Shoes, sHOES",
        "Stra\u00dfe, STRASSE",
        "K\u00f6ln, KO\u0308LN",
        "\u039f\u0394\u039f\u03a3, \u03bf\u03b4\u03bf\u03c2",
        "\u0130, i\u0307",
        "\ufb03, FFI",
        "\u0390, \u0399\u0308\u0301"
    })
    void bringsTogether(String one, String other) {
        assertThat(Folding.fold(one)).isEqualTo(Folding.fold(other));
    }

    @ParameterizedTest
    @CsvSource({"K\u00f6ln, Koln", "\u0130, I", "\u0131, I", "caf\u00e9, cafe", "a, b"})
    void keepsApart(String one, String other) {
        assertThat(Folding.fold(one)).isNotEqualTo(Folding.fold(other));
    }

    @Test
    void foldsAPartToAPart() {
        assertThat(Folding.fold("\u039f\u0394\u039f\u03a3A"))
                .startsWith(Folding.fold("\u039f\u0394\u039f\u03a3"));
    }

    @Test
    void ordersByCodePoints() {
        String beyond = Character.toString(0x1F600);
        assertThat(Folding.compare("\uFF21", beyond)).isNegative();
        assertThat("\uFF21".compareTo(beyond)).isPositive();
        assertThat(Folding.compare(beyond, Character.toString(0x1F601))).isNegative();
        assertThat(Folding.compare("ab", "a")).isPositive();
        assertThat(Folding.compare("ab", "ab")).isZero();
    }
}
