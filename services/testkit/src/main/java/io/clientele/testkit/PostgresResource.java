package io.clientele.testkit;

import io.clientele.embedded.ServerKind;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * PostgreSQL, for {@code @QuarkusTestResource(value = PostgresResource.class, initArgs
 * = @ResourceArg(name = "service", value = "ingestion"))}. Hands the service its URL and the
 * passwords of its two roles.
 *
 * <p>With the argument {@code proxied=true} the service reaches it through {@link TcpProxy#named
 * TcpProxy.named("postgres")}.
 */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {
    private String service = "";
    private boolean proxied;

    @Override
    public void init(Map<String, String> arguments) {
        service = arguments.getOrDefault("service", "");
        proxied = Boolean.parseBoolean(arguments.getOrDefault("proxied", "false"));
        if (service.isEmpty()) {
            throw new IllegalArgumentException(
                    "PostgresResource needs @ResourceArg(name = \"service\", value ="
                            + " \"<database>\")");
        }
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> environment =
                new HashMap<>(TestServers.environment(ServerKind.POSTGRES, service));
        if (proxied) {
            URI address =
                    URI.create(
                            environment
                                    .getOrDefault("CLIENTELE_POSTGRES_URL", "")
                                    .replaceFirst("^jdbc:", ""));
            TcpProxy proxy =
                    TcpProxy.register(
                            "postgres",
                            new InetSocketAddress(address.getHost(), address.getPort()));
            environment.put(
                    "CLIENTELE_POSTGRES_URL", "jdbc:postgresql://127.0.0.1:" + proxy.port());
        }
        return environment;
    }

    /** The server is shared; it ends with the JVM. */
    @Override
    public void stop() {}
}
