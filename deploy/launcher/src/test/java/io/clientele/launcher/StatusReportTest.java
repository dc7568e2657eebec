package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    @Test
    void showsEveryFigureUnderItsFullName() throws Exception {
        var status =
                new ObjectMapper()
                        .readTree(
                                """
                                {"status":"up","services":[{"service":"profile","lag":12},{"lag":0.5}],"freshness":{}}
                                """);

        assertThat(StatusReport.facts(status).lines())
                .containsExactly(
                        "figure                    value",
                        "status                    up",
                        "services.profile.service  profile",
                        "services.profile.lag      12",
                        "services.2.lag            0.500");
    }

    @Test
    void readsSharedMemoryOfAProcess() {
        assertThat(
                        ProcessUsage.kibibytes(
                                List.of("Rss:             1024 kB", "Pss:              300 kB"),
                                "Pss:"))
                .isEqualTo(300 * 1_024);
        assertThat(ProcessUsage.kibibytes(List.of(), "Pss:")).isZero();
    }

    @Test
    void countsThisProcess() {
        ProcessUsage usage = ProcessUsage.ofTree(ProcessHandle.current().pid());

        assertThat(usage.processes()).isPositive();
        assertThat(usage.memoryMiB()).isGreaterThan(20);
        assertThat(usage.cpu()).isPositive();
    }
}
