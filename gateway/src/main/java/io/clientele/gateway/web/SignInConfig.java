package io.clientele.gateway.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** How people sign in to the pages. */
@ConfigMapping(prefix = "clientele.sign-in")
public interface SignInConfig {
    /**
     * The realm as browsers reach it, such as {@code https://id.example.org/realms/clientele}, if
     * that is another address than the one the services use ({@code quarkus.oidc.auth-server-url}).
     */
    Optional<URI> address();

    /** The public client of the pages: authorization code with PKCE, no secret. */
    @WithDefault("console")
    String client();
}
