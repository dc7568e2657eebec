package io.clientele.e2e;

import io.clientele.embedded.Ports;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One more instance of segmentation, which the launcher knows nothing of. */
final class SegmentationInstance implements AutoCloseable {
    private final RunningPlatform platform;
    private final String name;
    private final int port = Ports.freeBase();
    private @Nullable Process process;

    SegmentationInstance(RunningPlatform platform, String name) {
        this.platform = platform;
        this.name = name;
    }

    void start() {
        process =
                platform.another(
                        "segmentation",
                        Platforms.root()
                                .resolve(
                                        "services/segmentation/service/target/quarkus-app/quarkus-run.jar"),
                        name,
                        port);
    }

    /** The same caller, asking this instance. */
    PlatformClient client(PlatformClient caller) {
        return caller.at(URI.create("http://127.0.0.1:" + port));
    }

    /** Partitions that are active here. */
    int partitions(PlatformClient caller) {
        return client(caller)
                .get("/v1/status")
                .require(200)
                .json()
                .at("/freshness/partitions")
                .size();
    }

    /** SIGTERM. */
    void stop() {
        end(false);
    }

    /** SIGKILL. */
    void kill() {
        end(true);
    }

    private void end(boolean atOnce) {
        var running = process;
        if (running == null) {
            return;
        }
        if (atOnce) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        running.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }
}
