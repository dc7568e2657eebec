package io.clientele.ingestion.sample;

import io.clientele.profile.Foreign;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executors;

/** Everything that is not done. */
public final class BadService {
    long everything() throws InterruptedException {
        System.out.println(Foreign.answer());
        Thread.sleep(1);
        new Thread(() -> {}).start();
        Executors.newSingleThreadExecutor().close();
        return Instant.now().toEpochMilli() + System.currentTimeMillis() + new Random().nextInt();
    }
}
