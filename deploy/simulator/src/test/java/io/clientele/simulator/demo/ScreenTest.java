package io.clientele.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void rewritesInPlaceOnATerminalAndFitsItsWidth() {
        var screen = screen(true);

        screen.show(List.of("one", "a line too long for it"));
        screen.show(List.of("two", "b"));
        screen.note("done");

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "one\033[K\na line to\033[K\n\033[J"
                                + "\033[2A\rtwo\033[K\nb\033[K\n\033[J"
                                + "\033[2A\r\033[Jdone"
                                + System.lineSeparator());
    }

    @Test
    void saysTheFirstLineNowAndThenElsewhere() {
        var screen = screen(false);

        screen.show(List.of("one", "more"));
        screen.show(List.of("two", "more"));
        screen.result("result");
        screen.show(List.of("three", "more"));

        assertThat(err.toString(StandardCharsets.UTF_8).lines()).containsExactly("one", "three");
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly("result");
    }

    private Screen screen(boolean interactive) {
        return new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive,
                10);
    }
}
