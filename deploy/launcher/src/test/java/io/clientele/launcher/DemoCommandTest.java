package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({
        "--members 0, '--members must be between 1 and 1000000, was 0.'",
        "--members many, Invalid value for option '--members'",
        "--seed x, Invalid value for option '--seed'",
        "--port 70000, '--port must be between 1 and 65521, was 70000.'",
        "--faster, Unknown option: '--faster'"
    })
    void wrongUsageIsTwoAndSaysWhy(String arguments, String message) {
        var stderr = System.err;
        var own = new PrintStream(err, true, StandardCharsets.UTF_8);
        int status;
        try {
            // Usage errors are printed by picocli itself.
            System.setErr(own);
            status = Main.run(terminal(), ("demo " + arguments).split(" ", -1));
        } finally {
            System.setErr(stderr);
        }

        assertThat(status).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(message);
    }

    @Test
    void saysHowToBuildTheSimulator(@TempDir Path root) {
        var demo = new DemoCommand(root, 2_000, 1, true, terminal());

        assertThatThrownBy(demo::requireBuilt)
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("The simulator is not built")
                .hasMessageContaining("Run ./clientele demo");
    }

    @Test
    void stoppingBeforeItsEndFailsOnlyIfItWasToEnd(@TempDir Path root) {
        assertThat(new DemoCommand(root, 10, 1, true, terminal()).stop()).isEqualTo(1);
        assertThat(new DemoCommand(root, 10, 1, false, terminal()).stop()).isZero();
    }

    private Terminal terminal() {
        var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Terminal(stream, stream, false, 80);
    }
}
