package io.clientele.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private Report report = report();

    @BeforeEach
    void begin() {
        report = report();
    }

    private Report report() {
        return new Report(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @Test
    void isGoodWhereEveryLimitIsReached() {
        report.atMost("a", 5, 5, "ms", "");
        report.atLeast("b", 26, 25, "times", "");
        assertThat(report.isGood()).isTrue();

        report.atLeast("c", 24, 25, "times", "");
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void isNotGoodWhereAFigureWasNotMeasured() {
        report.atMost("a", Double.NaN, 5, "ms", "");

        assertThat(report.isGood()).isFalse();
        report.print();
        assertThat(written.toString(StandardCharsets.UTF_8)).contains("not measured");
    }

    @Test
    void writesNumbersOnlyAndNoLimitsForOtherSizes(@TempDir Path folder) throws Exception {
        report.figure("members", 1_000, "", "");
        report.atLeast("ratio", Double.NaN, 25, "times", "");
        report.prefix("members5.");
        report.atLeast("ratio", 0.0123456, 25, "times", "");
        Path file = folder.resolve("figures.json");
        report.write(file);

        assertThat(Files.readString(file))
                .isEqualToIgnoringWhitespace(
                        "{\"members\":1000,\"members5.ratio\":0.012346,\"failures\":0}");
    }
}
