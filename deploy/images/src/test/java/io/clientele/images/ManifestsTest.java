package io.clientele.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** That the schema check would see a mistake. */
class ManifestsTest {
    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: gateway}
            spec:
              ports:
                - {name: http, port: 8080}
            """;

    @Test
    void readsWhatIsRight() {
        assertThat(
                        Manifests.parse(SERVICE)
                                .require("Service", "gateway")
                                .at("/spec/ports/0/port")
                                .asInt())
                .isEqualTo(8080);
    }

    @Test
    void refusesAFieldThatTheKindDoesNotHave() {
        assertThatThrownBy(() -> Manifests.parse(SERVICE.replace("name: http", "nmae: http")))
                .hasStackTraceContaining("nmae");
    }

    @Test
    void refusesAMissingField() {
        assertThatThrownBy(() -> Manifests.parse(SERVICE.replace(", port: 8080", "")))
                .hasStackTraceContaining("required field `port`");
    }

    @Test
    void refusesAValueOfAnotherType() {
        assertThatThrownBy(() -> Manifests.parse(SERVICE.replace("8080", "web")))
                .hasStackTraceContaining("web");
    }

    @Test
    void refusesAnUnknownKind() {
        assertThatThrownBy(() -> Manifests.parse(SERVICE.replace("Service", "Sevrice")))
                .hasMessageContaining("no schema is known here for v1 Sevrice");
    }
}
