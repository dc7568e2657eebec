package io.clientele.gateway.web;

import io.clientele.gateway.route.RequestFacts;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/**
 * What browsers are told. Pages may load scripts, styles and pictures from here only, connect to
 * here and to where people sign in, and be framed by nobody; answers of the API may load nothing at
 * all and are not kept.
 */
@Singleton
public class SecurityHeaders {
    /** The names of these headers, in lower case: a service's own give way to them. */
    public static final Set<String> NAMES =
            Set.of(
                    "content-security-policy",
                    "x-content-type-options",
                    "x-frame-options",
                    "referrer-policy",
                    "permissions-policy",
                    "cross-origin-opener-policy",
                    "cross-origin-resource-policy",
                    "strict-transport-security");

    private static final String FOR_DATA =
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    // %s: what else scripts may connect to.
    private static final String FOR_PAGES =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src"
                    + " 'self'; connect-src 'self' %s; manifest-src 'self'; frame-ancestors"
                    + " 'none'; base-uri 'none'; form-action 'none'";

    // Swagger UI sets style attributes and draws its icons from data: addresses.
    private static final String FOR_SWAGGER =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src"
                    + " 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self';"
                    + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static final List<String> VERSIONED = List.of("/webjars/", "/vendor/");

    private final boolean isTlsBefore;
    private final String forPages;

    @Inject
    SecurityHeaders(WebConfig config, SignIn signIn) {
        this.isTlsBefore = config.tlsBefore();
        this.forPages = FOR_PAGES.formatted(signIn.origin());
    }

    void register(@Observes Filters filters) {
        filters.register(this::protect, 990);
    }

    private void protect(RoutingContext routing) {
        var headers = routing.response().headers();
        var path = RequestFacts.pathOf(routing);
        boolean isData = isData(path);
        headers.set("Content-Security-Policy", isData ? FOR_DATA : policyOfPage(path))
                .set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY")
                .set("Referrer-Policy", "no-referrer")
                .set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
                .set("Cross-Origin-Opener-Policy", "same-origin")
                .set("Cross-Origin-Resource-Policy", "same-origin");
        if (isData) {
            headers.set("Cache-Control", "no-store");
        } else if (VERSIONED.stream().noneMatch(path::startsWith)) {
            // Quarkus calls every static resource immutable; only those with a version in the path
            // are.
            routing.addHeadersEndHandler(end -> headers.set("Cache-Control", "no-cache"));
        }
        if (isTlsBefore || routing.request().isSSL()) {
            headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
        routing.next();
    }

    private String policyOfPage(String path) {
        return path.startsWith("/docs") || path.startsWith("/webjars/") ? FOR_SWAGGER : forPages;
    }

    private static boolean isData(String path) {
        return path.startsWith("/v1/")
                || path.startsWith("/q/")
                || path.startsWith("/openapi")
                || path.equals(SignInPage.PATH);
    }
}
