package io.clientele.testkit;

import io.clientele.embedded.Secrets;
import io.clientele.embedded.ServerKind;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keycloak with the realm of the platform, for
 * {@code @QuarkusTestResource(KeycloakResource.class)}. Hands the service {@code
 * CLIENTELE_OIDC_URL} and the secrets of the clients that a service acts as by itself.
 */
public final class KeycloakResource implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        var environment = new HashMap<>(TestServers.environment(ServerKind.KEYCLOAK, "testkit"));
        for (String program : List.of("demo", "other")) {
            TestServers.clientSecret(program, "marketer")
                    .ifPresent(secret ->
                            environment.put(Secrets.clientVariable(program, "marketer"), secret));
        }
        return environment;
    }

    /** The server is shared; it ends with the JVM. */
    @Override
    public void stop() {}
}
