package io.clientele.gateway.web;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where and as which client a page signs people in, checked when the gateway starts. Immutable. */
@Singleton
class SignIn {
    private final URI issuer;
    private final String client;

    @Inject
    SignIn(
            SignInConfig config,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") URI servicesAddress) {
        this(config.address().orElse(servicesAddress), config.client());
    }

    /**
     * @throws IllegalArgumentException if the address is not one a browser can open, or holds what
     *     a browser must not be told
     */
    SignIn(URI issuer, String client) {
        boolean isWeb = "http".equals(issuer.getScheme()) || "https".equals(issuer.getScheme());
        if (!isWeb
                || issuer.getHost() == null
                || issuer.getUserInfo() != null
                || issuer.getQuery() != null
                || issuer.getFragment() != null) {
            throw new IllegalArgumentException(
                    "clientele.sign-in.address (CLIENTELE_OIDC_PUBLIC_URL) must be like"
                            + " https://id.example.org/realms/clientele, without user, query or"
                            + " fragment, and is not");
        }
        this.issuer = issuer;
        this.client = client;
    }

    /** The realm, as browsers reach it. */
    URI issuer() {
        return issuer;
    }

    /** The public client's id. */
    String client() {
        return client;
    }

    /** What a page may connect to besides the gateway: scheme, host and port of the issuer. */
    String origin() {
        return issuer.getScheme() + "://" + issuer.getRawAuthority();
    }
}
