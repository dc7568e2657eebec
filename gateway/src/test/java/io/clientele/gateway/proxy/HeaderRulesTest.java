package io.clientele.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

class HeaderRulesTest {
    @Test
    void passesWhatARequestSaysAndDropsWhoItClaimsToBe() {
        var headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("Authorization", "Bearer t")
                        .add("Content-Type", "application/json")
                        .add("Content-Length", "2")
                        .add("Accept", "application/json")
                        .add("If-Match", "\"v1\"")
                        .add("Idempotency-Key", "k")
                        .add("Last-Event-ID", "7")
                        .add("X-Request-Id", "r")
                        .add("traceparent", "00-1-2-01")
                        .add("X-User", "root")
                        .add("X-Program", "other")
                        .add("X-Forwarded-For", "10.0.0.1")
                        .add("Forwarded", "for=10.0.0.1")
                        .add("X-Real-IP", "10.0.0.1")
                        .add("X-Remote-User", "root")
                        .add("Cookie", "session=1")
                        .add("Expect", "100-continue")
                        .add("TE", "trailers")
                        .add("Upgrade", "h2c")
                        .add("Proxy-Authorization", "Basic x");

        HeaderRules.towardsService(headers);

        assertThat(headers.names())
                .containsExactlyInAnyOrder(
                        "Authorization",
                        "Content-Type",
                        "Content-Length",
                        "Accept",
                        "If-Match",
                        "Idempotency-Key",
                        "Last-Event-ID",
                        "X-Request-Id",
                        "traceparent");
    }

    @Test
    void dropsWhatConnectionNamesButNotTheTokenOrTheBody() {
        var headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("Connection", "keep-alive, Prefer, Authorization")
                        .add("Connection", "Content-Length")
                        .add("Prefer", "x")
                        .add("Authorization", "Bearer t")
                        .add("Content-Length", "2");

        HeaderRules.towardsService(headers);

        assertThat(headers.names()).containsExactlyInAnyOrder("Authorization", "Content-Length");
    }

    @Test
    void answersKeepTheirHeadersButNotThoseOfTheConnectionOrTheGateway() {
        var headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("Content-Type", "application/json")
                        .add("ETag", "\"v1\"")
                        .add("Cache-Control", "max-age=5")
                        .add("Connection", "close, X-Hop")
                        .add("X-Hop", "1")
                        .add("Keep-Alive", "5")
                        .add("Set-Cookie", "a=b")
                        .add("Server", "x")
                        .add("X-Request-Id", "theirs")
                        .add("Access-Control-Allow-Origin", "*")
                        .add("Content-Security-Policy", "default-src *");
        var set =
                MultiMap.caseInsensitiveMultiMap()
                        .add("X-Request-Id", "ours")
                        .add("Cache-Control", "no-store")
                        .add("Content-Security-Policy", "default-src 'none'");

        HeaderRules.towardsCaller(headers, set);

        assertThat(headers.names())
                .containsExactlyInAnyOrder("Content-Type", "ETag", "Cache-Control");
        assertThat(set.names())
                .containsExactlyInAnyOrder("X-Request-Id", "Content-Security-Policy");
    }
}
