package io.clientele.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.simulator.demo.Screen;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "simulate",
                "generate --members 10",
                "generate --members 0 --from 2026-01-01 --to 2026-02-01",
                "generate --members 10 --from yesterday --to 2026-02-01",
                "generate --members 10 --from 2026-02-01 --to 2026-01-01",
                "post --rate -1",
                "post --parallel 0",
                "engine",
                "demo --members none"
            })
    void wrongUsageIsTwo(String arguments) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1)))
                .isEqualTo(2);
    }

    @Test
    void generatesAFileAndPostsIt(@TempDir Path folder) throws Exception {
        var file = folder.resolve("events.ndjson");
        var generated =
                run(
                        "generate",
                        "--members",
                        "40",
                        "--seed",
                        "5",
                        "--from",
                        "2026-01-01",
                        "--to",
                        "2026-07-01T00:00:00Z",
                        "--out",
                        file.toString());
        long lines = Files.readAllLines(file).size();

        try (var platform = new FakePlatform()) {
            var posted =
                    run(
                            "post",
                            file.toString(),
                            "--gateway",
                            platform.address().toString(),
                            "--token",
                            "t");

            assertThat(generated).isZero();
            assertThat(posted).isZero();
            assertThat(platform.events()).hasSize((int) lines);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .isEqualTo(lines + " events accepted, 0 rejected" + System.lineSeparator());
        }
    }

    @Test
    void saysHowToGetATokenWithoutOne() {
        assertThat(run("post", "/dev/null")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--token or CLIENTELE_TOKEN", "CLIENTELE_CLIENT_SECRET_DEMO_INGEST");
    }

    private int run(String... arguments) {
        var screen =
                new Screen(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false,
                        80);
        return Main.run(Clock.systemUTC(), screen, Map.of(), arguments);
    }
}
