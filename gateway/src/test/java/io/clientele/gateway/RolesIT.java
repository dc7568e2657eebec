package io.clientele.gateway;

import static io.clientele.gateway.Gateway.as;
import static io.clientele.gateway.Gateway.assertProblem;
import static io.clientele.gateway.Gateway.request;
import static io.clientele.gateway.Gateway.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.gateway.route.Route;
import io.clientele.gateway.route.RouteTable;
import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every route with every role, and the ways of not being anybody. */
@QuarkusIntegrationTest
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(FakeServices.class)
class RolesIT {
    private static final Map<String, FakeService> SERVICES =
            Map.of(
                    "ingestion", FakeServices.INGESTION,
                    "profile", FakeServices.PROFILE,
                    "segmentation", FakeServices.SEGMENTATION,
                    "campaign-response", FakeServices.CAMPAIGN_RESPONSE,
                    "reporting", FakeServices.REPORTING);

    private final RouteTable table = RouteTable.load();

    @BeforeEach
    void forget() {
        FakeServices.forget();
    }

    @AfterAll
    static void logsNoErrors() {
        Gateway.assertNoErrorsLogged();
    }

    @Test
    void everyRouteLetsItsRolesThroughToItsServiceAndNobodyElse() {
        for (var route : table.routes()) {
            for (var role : RouteTable.ALL_ROLES) {
                var path = path(route) + "?a=%2Fb&a=c";
                var response = send(as(role, path).method(route.method(), BodyPublishers.noBody()));
                if (route.service().equals(Route.GATEWAY)) {
                    assertThat(response.statusCode()).as("%s as %s", route, role).isEqualTo(200);
                } else if (route.roles().contains(role)) {
                    assertThat(response.statusCode()).as("%s as %s", route, role).isEqualTo(200);
                    assertThat(Objects.requireNonNull(SERVICES.get(route.service())).takeAsked())
                            .containsExactly(route.method() + " " + path);
                } else {
                    assertProblem(response, 403, "role-missing");
                }
                if (!route.service().equals(Route.GATEWAY)) {
                    assertThat(SERVICES.values())
                            .as("%s as %s", route, role)
                            .allSatisfy(service -> assertThat(service.takeAsked()).isEmpty());
                }
                SERVICES.values().forEach(FakeService::takeAsked);
            }
        }
    }

    @Test
    void noRouteAnswersWithoutAToken() {
        for (var route : table.routes()) {
            var response =
                    send(request(path(route)).method(route.method(), BodyPublishers.noBody()));

            assertProblem(response, 401, "token-missing-or-invalid");
            assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }
        assertThat(SERVICES.values())
                .allSatisfy(service -> assertThat(service.takeAsked()).isEmpty());
    }

    @Test
    void refusesTokensThatAreNotKeycloaks() {
        var good = Tokens.of("demo", "admin");
        var parts = good.split("\\.", -1);
        for (var token :
                List.of(
                        "garbage",
                        parts[0] + "." + parts[1] + ".",
                        parts[0] + "." + parts[1] + "." + flipped(parts[2]),
                        "eyJhbGciOiJub25lIn0." + parts[1] + ".")) {
            assertProblem(
                    send(request("/v1/program").header("Authorization", "Bearer " + token)),
                    401,
                    "token-missing-or-invalid");
        }
    }

    @Test
    void namesTheRolesThatAreAskedFor() {
        assertProblem(
                        send(as("agent", "/v1/events").POST(BodyPublishers.ofString("{}"))),
                        403,
                        "role-missing")
                .hasDetail("one of the roles [ingest, engine, admin]");
    }

    @Test
    void passesTheTokenOnAsItCame() {
        var echo = Gateway.echo(as("ingest", "/v1/program"));

        assertThat(echo.header("authorization")).isEqualTo(Tokens.bearer("demo", "ingest"));
    }

    private static String flipped(String signature) {
        char first = signature.charAt(0) == 'A' ? 'B' : 'A';
        return first + signature.substring(1);
    }

    private static String path(Route route) {
        return route.path().toString().replaceAll("\\{[A-Za-z]+}", "x-1");
    }
}
