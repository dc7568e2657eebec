package io.clientele.testkit;

import io.clientele.embedded.ServerKind;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Kafka, for {@code @QuarkusTestResource(KafkaResource.class)}. Hands the service the login of the
 * superuser {@code clientele}, and a fresh folder {@code CLIENTELE_DATA} below {@code target} for
 * local state.
 */
public final class KafkaResource implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        Map<String, String> environment =
                new HashMap<>(TestServers.environment(ServerKind.KAFKA, "testkit"));
        try {
            Path state = Files.createDirectories(Path.of("target", "state"));
            environment.put(
                    "CLIENTELE_DATA",
                    Files.createTempDirectory(state, "run-").toAbsolutePath().toString());
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot create a folder below target", failed);
        }
        return environment;
    }

    /** The server is shared; it ends with the JVM. */
    @Override
    public void stop() {}
}
