package io.clientele.testkit;

import io.clientele.embedded.ServerKind;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * The MongoDB-compatible store, or the one at {@code CLIENTELE_MONGODB_URL}, for
 * {@code @QuarkusTestResource(MongoResource.class)}.
 *
 * <p>With the argument {@code proxied=true} the service reaches it through {@link TcpProxy#named
 * TcpProxy.named("mongodb")}, which a test may cut.
 */
public final class MongoResource implements QuarkusTestResourceLifecycleManager {
    private boolean proxied;

    @Override
    public void init(Map<String, String> arguments) {
        proxied = Boolean.parseBoolean(arguments.getOrDefault("proxied", "false"));
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> environment =
                new HashMap<>(TestServers.environment(ServerKind.MONGODB, "testkit"));
        if (proxied) {
            URI address = URI.create(environment.getOrDefault("CLIENTELE_MONGODB_URL", ""));
            TcpProxy proxy =
                    TcpProxy.register(
                            "mongodb", new InetSocketAddress(address.getHost(), address.getPort()));
            environment.put("CLIENTELE_MONGODB_URL", "mongodb://127.0.0.1:" + proxy.port());
        }
        return environment;
    }

    /** The server is shared; it ends with the JVM. */
    @Override
    public void stop() {}
}
