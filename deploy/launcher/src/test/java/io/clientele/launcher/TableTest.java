package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void alignsWordsLeftAndFiguresRight() {
        var table = new Table("process", "pid", "state");
        table.row("gateway", "7", "ready");
        table.row("all", "1234", "not ready");

        assertThat(table.lines())
                .containsExactly(
                        "process   pid  state", //
                        "gateway     7  ready",
                        "all      1234  not ready");
    }

    @Test
    void treatsADashAsAFigureThatIsMissing() {
        var table = new Table("name", "pid");
        table.row("a", "12345");
        table.row("b", "-");

        assertThat(table.lines()).containsExactly("name    pid", "a     12345", "b         -");
    }

    @Test
    void refusesARowOfAnotherLength() {
        var table = new Table("one", "two");

        assertThatThrownBy(() -> table.row("1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected 2 cells, came 1");
    }
}
