package io.clientele.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInTest {
    @Test
    void pagesMayConnectToTheIssuersOriginOnly() {
        var signIn =
                new SignIn(URI.create("https://id.example.org:8443/realms/clientele"), "console");

        assertThat(signIn.origin()).isEqualTo("https://id.example.org:8443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keycloak/realms/clientele",
                "ftp://id.example.org/realms/clientele",
                "https://admin:secret@id.example.org/realms/clientele",
                "https://id.example.org/realms/clientele?a=b",
                "https://id.example.org/realms/clientele#a"
            })
    void refusesWhatABrowserCannotOpenOrMustNotKnow(String address) {
        assertThatThrownBy(() -> new SignIn(URI.create(address), "console"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CLIENTELE_OIDC_PUBLIC_URL")
                .hasMessageNotContaining("secret");
    }
}
