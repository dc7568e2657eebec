package io.clientele.gateway.status;

import io.quarkus.oidc.runtime.TenantConfigBean;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once Keycloak's keys are here; Keycloak may be away later, until a token comes with a key
 * that is not known. Tries again to load them when asked, as no traffic comes before it is ready.
 */
@Singleton
@Readiness
class KeysReadiness implements AsyncHealthCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final TenantConfigBean tenants;

    @Inject
    KeysReadiness(TenantConfigBean tenants) {
        this.tenants = tenants;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        var tenant = tenants.getDefaultTenant();
        if (tenant.ready()) {
            return Uni.createFrom().item(response(true));
        }
        return tenant.initialize()
                .map(loaded -> response(loaded.ready()))
                .ifNoItem()
                .after(TIMEOUT)
                .recoverWithItem(() -> response(false))
                .onFailure()
                .recoverWithItem(() -> response(false));
    }

    private static HealthCheckResponse response(boolean isReady) {
        return HealthCheckResponse.builder()
                .name("keycloak-keys")
                .status(isReady)
                .withData("meaning", isReady ? "tokens can be verified" : "Keycloak is away")
                .build();
    }
}
