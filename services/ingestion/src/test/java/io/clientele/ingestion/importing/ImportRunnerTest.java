package io.clientele.ingestion.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ImportRunnerTest {
    private final Semaphore work = new Semaphore(0);

    @Test
    void keepsToThePaceThoughItIsWoken() throws InterruptedException {
        work.release(2);
        for (int step = 0; step < 3; step++) {
            long due = System.nanoTime() + Duration.ofMillis(50).toNanos();

            ImportRunner.pace(work, due, () -> false);

            assertThat(System.nanoTime()).isGreaterThanOrEqualTo(due);
            assertThat(work.availablePermits()).isEqualTo(1);
        }
    }

    @Test
    void waitsNoLongerOnceItIsClosed() throws InterruptedException {
        work.release();

        ImportRunner.pace(
                work,
                System.nanoTime() + Duration.ofMinutes(5).toNanos(),
                () -> work.availablePermits() == 0);

        assertThat(work.availablePermits()).isEqualTo(1);
    }
}
