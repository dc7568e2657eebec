package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void takesNamesAndNumbersOnly() throws Exception {
        var figures = json.readTree("{\"up.seconds\":31.5,\"failures\":0}");

        assertThat(BenchCommand.figures(figures)).isEqualTo(figures);
        assertThatThrownBy(() -> BenchCommand.figures(json.readTree("{\"up.seconds\":\"31\"}")))
                .isInstanceOf(LauncherException.class)
                .hasMessage(
                        "The measurement wrote something else than a number for up.seconds:"
                                + " \"31\".");
        assertThatThrownBy(() -> BenchCommand.figures(json.readTree("[]")))
                .hasMessage("The measurement wrote no JSON object.");
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        var err = new ByteArrayOutputStream();
        var silent = new PrintStream(err, true, StandardCharsets.UTF_8);

        assertThat(Main.run(new Terminal(silent, silent, false, 80), "bench", "weather"))
                .isEqualTo(2);
        assertThat(Main.run(new Terminal(silent, silent, false, 80), "unheard-of")).isEqualTo(2);
    }
}
