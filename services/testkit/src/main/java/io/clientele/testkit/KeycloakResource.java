package io.clientele.testkit;

import io.clientele.embedded.ServerKind;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Keycloak with the realm of the platform, for
 * {@code @QuarkusTestResource(KeycloakResource.class)}. Hands the service {@code
 * CLIENTELE_OIDC_URL}.
 */
public final class KeycloakResource implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        return TestServers.environment(ServerKind.KEYCLOAK, "testkit");
    }

    /** The server is shared; it ends with the JVM. */
    @Override
    public void stop() {}
}
