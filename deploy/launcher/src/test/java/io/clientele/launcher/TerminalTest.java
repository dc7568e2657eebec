package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "850, 850 ms",
        "1000, 1.0 s",
        "12340, 12.3 s",
        "60000, 1 min 00 s",
        "245000, 4 min 05 s",
        "12000000, 3 h 20 min",
        "180000000, 2 d 02 h"
    })
    void saysDurationsAsPeopleDo(long millis, String expected) {
        assertThat(Terminal.readable(Duration.ofMillis(millis))).isEqualTo(expected);
    }

    @Test
    void keepsResultsApartFromTheWayThere() {
        var terminal = terminal(false);

        terminal.note("working");
        terminal.result("42");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("42" + System.lineSeparator());
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("working" + System.lineSeparator());
    }

    @Test
    void writesPlainLinesWithoutATerminal() {
        try (var step = terminal(false).step("Starting servers", 4, "")) {
            step.note("Kafka is ready");
            step.note("Kafka is ready");
            step.advanceTo(4);
            step.finish("4 ready");
        }

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .startsWith("Starting servers ...", "  Kafka is ready")
                .last()
                .asString()
                .startsWith("Starting servers: 4 ready (");
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("\r", "\u001b");
    }

    @Test
    void drawsABarOnATerminalAndLeavesOneLineBehind() {
        try (var step = terminal(true).step("Importing", 1_000, "rows")) {
            step.advanceTo(500);
            step.finish("1,000 rows");
        }

        String shown = err.toString(StandardCharsets.UTF_8);
        assertThat(shown).contains("\r", "Importing");
        assertThat(shown.substring(shown.lastIndexOf('\r') + 1))
                .startsWith("Importing: 1,000 rows (");
        assertThat(out.size()).isZero();
    }

    private Terminal terminal(boolean interactive) {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive,
                80);
    }
}
