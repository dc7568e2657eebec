package io.clientele.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.TestExecutionResultConditions;

class LogCheckTest {
    @Test
    void failsATestThatLoggedAnUnexpectedError() {
        var events =
                EngineTestKit.engine("junit-jupiter")
                        .selectors(DiscoverySelectors.selectClass(Samples.class))
                        .execute()
                        .testEvents();

        events.assertStatistics(statistics -> statistics.started(3).succeeded(2).failed(1));
        events.failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        EventConditions.event(
                                EventConditions.test("logsAnError"),
                                EventConditions.finishedWithFailure(
                                        TestExecutionResultConditions.message(text ->
                                                text.contains("sample: broken memberId=m-1")))));
    }

    @Test
    void findsErrorLinesInPlainAndJsonLogs(@TempDir Path folder) throws IOException {
        Path log =
                Files.writeString(
                        folder.resolve("service.log"),
                        """
                        2026-11-21 10:00:00,000 INFO  [io.clientele] no ERRORs here
                        2026-11-21 10:00:00,001 ERROR [io.clientele] broken memberId=m-1
                        {"timestamp":"2026-11-21T10:00:00Z","level":"ERROR","message":"json broke"}
                        {"timestamp":"2026-11-21T10:00:00Z","level":"WARN","message":"no"}
                        """);

        assertThat(LogCheck.errorsIn(log)).hasSize(2);
        assertThat(LogCheck.errorsIn(log, "broken memberId"))
                .singleElement()
                .asString()
                .contains("json broke");
        assertThat(LogCheck.errorsIn(log, "broken", "json broke")).isEmpty();
    }

    /** Run by the test above only: its name is not that of a test. */
    @org.junit.jupiter.api.extension.ExtendWith(LogCheck.class)
    static class Samples {
        private static final Logger LOG = Logger.getLogger("sample");

        @Test
        void logsNothing() {
            LOG.info("fine");
        }

        @Test
        void logsAnError() {
            LOG.log(Level.SEVERE, "broken memberId=m-1");
        }

        @Test
        @LogCheck.Expect("broken memberId=m-1")
        void logsAnExpectedError() {
            LOG.log(Level.SEVERE, "broken memberId=m-1");
        }
    }
}
