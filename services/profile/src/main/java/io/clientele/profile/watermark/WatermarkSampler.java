package io.clientele.profile.watermark;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Calls {@link Watermarks#observe} every two seconds, and every tenth of a second while resolve is
 * on its way. One thread; cheap while nothing happens: three questions to the broker each time.
 */
public final class WatermarkSampler implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WatermarkSampler.class);
    private static final Duration SOON = Duration.ofMillis(100);

    private final Watermarks watermarks;
    private final Thread thread;
    private volatile boolean closed;
    private boolean failing;

    /** Makes a sampler; {@link #start} starts it. */
    public WatermarkSampler(Watermarks watermarks) {
        this.watermarks = watermarks;
        this.thread = Thread.ofPlatform().name("watermark-sampler").daemon().unstarted(this::run);
    }

    /** Starts to sample. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed && !Thread.currentThread().isInterrupted()) {
            boolean soon = false;
            try {
                soon = watermarks.observe();
                failing = false;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warnf("watermarks pause reason=%s", e);
                }
                failing = true;
            }
            LockSupport.parkNanos((soon ? SOON : Watermarks.PERIOD).toNanos());
        }
    }
}
