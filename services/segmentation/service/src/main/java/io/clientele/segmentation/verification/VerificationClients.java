package io.clientele.segmentation.verification;

import io.clientele.contracts.ProgramId;
import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.OidcClients;
import io.quarkus.oidc.client.runtime.OidcClientConfig;
import io.quarkus.oidc.client.runtime.OidcClientConfig.Grant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Access tokens for what is verified without anybody's asking: of the client {@code
 * <program>-marketer}, whose secret the environment has as {@code
 * CLIENTELE_CLIENT_SECRET_<PROGRAM>_MARKETER}. Thread-safe.
 */
@ApplicationScoped
class VerificationClients {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final OidcClients clients;
    private final Config config;
    private final String realm;
    private final Map<ProgramId, OidcClient> made = new ConcurrentHashMap<>();

    @Inject
    VerificationClients(
            OidcClients clients,
            Config config,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") String realm) {
        this.clients = clients;
        this.config = config;
        this.realm = realm;
    }

    /** Whether there is a client of the program. */
    boolean has(ProgramId program) {
        return secret(program).isPresent();
    }

    /**
     * A token of the program's client.
     *
     * @throws RuntimeException if Keycloak refuses or does not answer
     */
    String token(ProgramId program) {
        return made.computeIfAbsent(program, this::make)
                .getTokens()
                .await()
                .atMost(PATIENCE)
                .getAccessToken();
    }

    private OidcClient make(ProgramId program) {
        var name = program + "-marketer";
        return clients.newClient(
                        OidcClientConfig.builder()
                                .id(name)
                                .authServerUrl(realm)
                                .clientId(name)
                                .credentials(secret(program).orElseThrow())
                                .grant(Grant.Type.CLIENT)
                                .build())
                .await()
                .atMost(PATIENCE);
    }

    private Optional<String> secret(ProgramId program) {
        var name =
                (program.value() + "_marketer")
                        .toUpperCase(Locale.ROOT)
                        .replaceAll("[^A-Z0-9]", "_");
        return config.getOptionalValue("CLIENTELE_CLIENT_SECRET_" + name, String.class);
    }
}
