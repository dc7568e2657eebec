package io.clientele.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/routes.md} equal to the table; {@code -Droutes.write=true} writes it. */
class RouteDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "routes.md");

    @Test
    void documentSaysWhatTheTableSays() throws IOException {
        var expected = document(RouteTable.load());
        if (Boolean.getBoolean("routes.write")) {
            Files.writeString(DOCUMENT, expected);
        }
        assertThat(Files.readString(DOCUMENT))
                .as(
                        "docs/routes.md is made from gateway/src/main/resources/routes.yaml; make"
                                + " it again: ./mvnw -pl gateway -am test -Dtest=RouteDocumentTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false"
                                + " -Droutes.write=true")
                .isEqualTo(expected);
    }

    private static String document(RouteTable table) {
        var text = new StringBuilder();
        text.append(
                """
                # Routes

                <!-- Made from gateway/src/main/resources/routes.yaml by RouteDocumentTest; do not edit. -->

                Everything a caller can reach, in the order a reader looks for it. The gateway answers 401 without a
                valid token, 403 without one of the route's roles, 404 for a path and 405 for a method that is not here;
                the service behind checks the token and the roles again. *Streamed* bodies have no size limit, others
                have at most 5 MiB. *Streamed* answers may pause for as long as they like.
                The whole API with its bodies: `/docs/api/` and `/openapi.json` of a running gateway.
                """);
        var byService = new LinkedHashMap<String, StringBuilder>();
        for (var route : table.routes()) {
            byService
                    .computeIfAbsent(route.service(), RouteDocumentTest::head)
                    .append(
                            "| `%s` | %s | %s | %s |\n"
                                    .formatted(route, roles(route), streams(route), route.does()));
        }
        byService.values().forEach(text::append);
        return text.toString();
    }

    private static StringBuilder head(String service) {
        return new StringBuilder("\n## " + service + "\n\n")
                .append("| route | roles | streamed | does |\n|---|---|---|---|\n");
    }

    private static String roles(Route route) {
        return route.roles().size() == RouteTable.ALL_ROLES.size()
                ? "any"
                : String.join(
                        ", ",
                        RouteTable.ALL_ROLES.stream().filter(route.roles()::contains).toList());
    }

    private static String streams(Route route) {
        return String.join(
                ", ",
                List.of(
                                switch (route.body()) {
                                    case LIMITED -> "";
                                    case STREAMED_NDJSON -> "body if NDJSON";
                                    case STREAMED -> "body";
                                },
                                route.isAnswerStreamed() ? "answer" : "")
                        .stream()
                        .filter(text -> !text.isEmpty())
                        .toList());
    }
}
