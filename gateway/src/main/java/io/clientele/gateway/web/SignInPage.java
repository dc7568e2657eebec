package io.clientele.gateway.web;

import io.clientele.common.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** {@code GET /sign-in.json}: what a page must know to sign somebody in. No token needed. */
@Singleton
class SignInPage {
    static final String PATH = "/sign-in.json";

    private final Buffer answer;

    @Inject
    SignInPage(SignIn signIn) {
        this.answer =
                Buffer.buffer(Json.bytes(new Facts(signIn.issuer().toString(), signIn.client())));
    }

    /**
     * @param issuer of an OpenID provider, which describes itself at {@code
     *     /.well-known/openid-configuration} below
     * @param client a public client's id
     */
    record Facts(String issuer, String client) {}

    void mount(@Observes Router router) {
        router.get(PATH)
                .handler(routing -> {
                    routing.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
                    routing.end(answer);
                });
    }
}
