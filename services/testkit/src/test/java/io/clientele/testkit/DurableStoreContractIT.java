package io.clientele.testkit;

import io.clientele.embedded.EmbeddedServers;
import io.clientele.embedded.Options;
import io.clientele.embedded.Ports;
import io.clientele.embedded.ServerKind;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** The store of a persistent platform: one file. */
class DurableStoreContractIT extends MongoStoreContract {
    @TempDir static Path folder;

    private @Nullable EmbeddedServers servers;

    @Override
    String url() {
        EmbeddedServers started =
                EmbeddedServers.start(
                        Options.persistent(folder.resolve("data"), Ports.freeBase())
                                .servers(EnumSet.of(ServerKind.MONGODB))
                                .environment(Map.of()));
        servers = started;
        return started.require(ServerKind.MONGODB).address();
    }

    @Override
    void release() {
        if (servers != null) {
            servers.close();
        }
    }
}
