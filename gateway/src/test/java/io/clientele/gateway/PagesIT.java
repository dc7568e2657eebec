package io.clientele.gateway;

import static io.clientele.gateway.Gateway.as;
import static io.clientele.gateway.Gateway.request;
import static io.clientele.gateway.Gateway.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.clientele.gateway.route.Route;
import io.clientele.gateway.route.RouteTable;
import io.clientele.testkit.KeycloakResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The description of the API, the pages, the status, the log. */
@QuarkusIntegrationTest
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(FakeServices.class)
class PagesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path LOG = Path.of("target", "quarkus.log");

    @AfterAll
    static void logsNoErrors() {
        Gateway.assertNoErrorsLogged();
    }

    @BeforeEach
    void forget() {
        FakeServices.forget();
    }

    @Test
    void describesEveryRouteWithWhatItsServiceSays() throws IOException {
        FakeServices.INGESTION.when(
                "/q/openapi",
                exchange ->
                        FakeService.answer(
                                exchange,
                                200,
                                "application/json",
                                """
                                {"openapi":"3.1.0","info":{"title":"i","version":"1"},
                                 "paths":{"/v1/program":{"get":{"summary":"Said by ingestion","responses":{"200":{"description":"ok"}}}}}}
                                """));

        FakeServices.SEGMENTATION.when(
                "/q/openapi", exchange -> FakeService.answer(exchange, 404, "text/plain", "none"));
        FakeServices.SEGMENTATION.when(
                "/openapi",
                exchange ->
                        FakeService.answer(
                                exchange,
                                200,
                                "application/json",
                                """
                                {"openapi":"3.1.0","info":{"title":"s","version":"1"},
                                 "paths":{"/v1/segments":{"get":{"summary":"Said by segmentation","responses":{"200":{"description":"ok"}}}}}}
                                """));

        var document =
                await().until(
                                () -> JSON.readTree(send(request("/openapi.json")).body()),
                                found ->
                                        found.at("/paths/~1v1~1program/get/summary")
                                                .asText()
                                                .equals("Said by ingestion"));

        assertThat(document.at("/paths/~1v1~1segments/get/summary").asText())
                .isEqualTo("Said by segmentation");

        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(document.at("/servers/0/url").asText()).isEqualTo("/");
        assertThat(document.at("/components/securitySchemes/token/scheme").asText())
                .isEqualTo("bearer");
        assertThat(operations(document))
                .containsExactlyInAnyOrderElementsOf(
                        RouteTable.load().routes().stream().map(Route::toString).toList());
        var parsed = new OpenAPIV3Parser().readContents(document.toString(), null, null);
        assertThat(parsed.getMessages()).isEmpty();
    }

    @Test
    void yamlSaysTheSameAsJson() throws IOException {
        var json = send(request("/openapi").header("Accept", "application/json"));
        var yaml = send(request("/openapi"));

        assertThat(json.headers().firstValue("Content-Type"))
                .contains("application/vnd.oai.openapi+json;version=3.1");
        assertThat(yaml.headers().firstValue("Content-Type"))
                .contains("application/vnd.oai.openapi;version=3.1");
        assertThat(new ObjectMapper(new YAMLFactory()).readTree(yaml.body()))
                .isEqualTo(JSON.readTree(json.body()));
    }

    @Test
    void showsTheDescriptionWithoutAnybodyElsesScripts() {
        var page = send(request("/docs/api/"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("script-src 'self';")
                .contains("frame-ancestors 'none'");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
        var sources =
                Pattern.compile("(?:src|href)=\"(/[^\"]+)\"")
                        .matcher(page.body())
                        .results()
                        .map(match -> match.group(1))
                        .toList();
        assertThat(sources).hasSize(3);
        assertThat(page.body()).doesNotContain("http://", "https://");
        for (var source : sources) {
            assertThat(send(request(source)).statusCode()).as(source).isEqualTo(200);
        }
    }

    @Test
    void theRootIsAPageThatMayConnectToKeycloak() throws IOException {
        var page = send(request("/"));
        var signIn = send(request("/sign-in.json"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("/docs/api/");
        var issuer = URI.create(JSON.readTree(signIn.body()).path("issuer").asText());
        assertThat(JSON.readTree(signIn.body()).path("client").asText()).isEqualTo("console");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("script-src 'self'; style-src 'self'; img-src 'self';")
                .contains("connect-src 'self' http://" + issuer.getAuthority() + ";");
        assertThat(page.body()).doesNotContain("style=\"", "<style", "http://", "https://");
    }

    @Test
    void statusTellsEachServiceAndWhatItSaysOfItself() throws IOException {
        FakeServices.INGESTION.when(
                "/v1/status",
                exchange ->
                        FakeService.answer(
                                exchange,
                                200,
                                "application/json",
                                "{\"rejects\":{\"lastHour\":3},\"lag\":{\"records\":7}}"));
        FakeServices.PROFILE.when(
                "/q/health/ready",
                exchange ->
                        FakeService.answer(
                                exchange,
                                503,
                                "application/json",
                                "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"mongodb\",\"status\":\"DOWN\"},{\"name\":\"kafka\",\"status\":\"UP\"}]}"));
        FakeServices.SEGMENTATION.goAway();
        try {
            var response = send(as("analyst", "/v1/status"));

            assertThat(response.statusCode()).isEqualTo(200);
            var status = JSON.readTree(response.body());
            assertThat(status.path("status").asText()).isEqualTo("degraded");
            var services = new ArrayList<String>();
            status.path("services").forEach(service -> services.add(inShort(service)));
            assertThat(services)
                    .containsExactly(
                            "campaign-response up []",
                            "ingestion up []",
                            "profile not-ready [\"mongodb\"]",
                            "reporting up []",
                            "segmentation down []");
            assertThat(status.at("/services/0/latencyMillis").isIntegralNumber()).isTrue();
            assertThat(status.at("/services/4/latencyMillis").isMissingNode()).isTrue();
            assertThat(status.at("/rejects/ingestion/lastHour").asInt()).isEqualTo(3);
            assertThat(status.at("/lag/ingestion/records").asInt()).isEqualTo(7);
        } finally {
            FakeServices.SEGMENTATION.comeBack();
            FakeServices.PROFILE.forget();
        }
        var status = JSON.readTree(send(as("analyst", "/v1/status")).body());
        assertThat(status.path("status").asText()).isEqualTo("up");
    }

    /** That no error is logged is asserted after all tests. */
    @Test
    void aServiceThatBreaksOffIsDown() throws IOException {
        try (var breaking = FakeServices.PROFILE.breakConnections()) {
            assertThat(breaking).isNotNull();
            var status = JSON.readTree(send(as("analyst", "/v1/status")).body());
            assertThat(inShort(status.at("/services/2"))).isEqualTo("profile down []");
        } finally {
            FakeServices.PROFILE.comeBack();
        }
    }

    @Test
    void isReadyWithKeycloaksKeys() throws IOException {
        var response = send(request("/q/health/ready"));

        assertThat(response.statusCode()).isEqualTo(200);
        var checks = JSON.readTree(response.body()).path("checks");
        assertThat(checks).hasSize(1);
        assertThat(checks.at("/0/name").asText()).isEqualTo("keycloak-keys");
    }

    @Test
    void logsTheRouteButNeitherPathNorQueryNorCaller() {
        send(as("agent", "/v1/members/very-secret-member?identity=very-secret-query"));

        await().untilAsserted(() ->
                assertThat(Files.readString(LOG))
                        .contains(
                                "request answered method=GET"
                                        + " route=/v1/members/{member}"
                                        + " program=demo status=200"));
        assertThat(LOG).content().doesNotContain("very-secret", "demo-agent");
    }

    private static String inShort(JsonNode service) {
        var failing = service.path("failing");
        return service.path("service").asText()
                + " "
                + service.path("status").asText()
                + " "
                + (failing.isMissingNode() ? "[]" : failing);
    }

    private static List<String> operations(JsonNode document) {
        var operations = new ArrayList<String>();
        for (var path : document.path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method ->
                            operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        return operations;
    }
}
