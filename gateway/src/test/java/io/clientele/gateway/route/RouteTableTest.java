package io.clientele.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private final RouteTable table = RouteTable.load();

    @ParameterizedTest
    @CsvSource({
        "GET,  /v1/program,                                  ingestion,    GET /v1/program",
        "POST, /v1/events,                                   ingestion,    POST /v1/events",
        "GET,  /v1/events/pos-7/000%2F123,                   profile,      GET"
                + " /v1/events/{source}/{id}",
        "PUT,  /v1/imports/i-1/content,                      ingestion,    PUT"
                + " /v1/imports/{id}/content",
        "POST, /v1/members/search,                           profile,      POST /v1/members/search",
        "GET,  /v1/members/m-1,                              profile,      GET"
                + " /v1/members/{member}",
        "GET,  /v1/members/m-1/segments,                     segmentation, GET"
                + " /v1/members/{member}/segments",
        "GET,  /v1/members/m-1/segments/history,             segmentation, GET"
                + " /v1/members/{member}/segments/history",
        "GET,  /v1/members/m-1/segments/vip/explain,         segmentation, GET"
                + " /v1/members/{member}/segments/{key}/explain",
        "POST, /v1/segments/preview,                         segmentation, POST"
                + " /v1/segments/preview",
        "GET,  /v1/segments/vip,                             segmentation, GET /v1/segments/{key}",
        "GET,  /v1/feeds/memberships,                        segmentation, GET"
                + " /v1/feeds/memberships",
        "GET,  /v1/status,                                   gateway,      GET /v1/status",
    })
    void findsTheService(String method, String path, String service, String line) {
        assertThat(table.find(method, path))
                .isInstanceOfSatisfying(
                        RouteMatch.Found.class,
                        found -> {
                            assertThat(found.route().service()).isEqualTo(service);
                            assertThat(found.route()).hasToString(line);
                        });
    }

    @Test
    void literalSegmentGoesBeforeParameter() {
        assertThat(table.find("PUT", "/v1/segments/preview"))
                .isEqualTo(new RouteMatch.WrongMethod(new TreeSet<>(List.of("POST"))));
    }

    @Test
    void namesTheMethodsOfAKnownPath() {
        assertThat(table.find("POST", "/v1/segments/vip"))
                .isEqualTo(
                        new RouteMatch.WrongMethod(
                                new TreeSet<>(List.of("DELETE", "GET", "PATCH", "PUT"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1",
                "/v1/nothing",
                "/v1/members",
                "/v1/members/m-1/secrets",
                "/v1/%6Dembers/m-1",
                "/v1/Members/m-1",
                "/q/health"
            })
    void knowsNothingElse(String path) {
        assertThat(table.find("GET", path)).isEqualTo(new RouteMatch.Unknown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/members/../program",
                "/v1/members/%2e%2E/program",
                "/v1/members/.",
                "/v1//members/m-1",
                "/v1/members/m-1/",
                "/v1/members/m-1;a=b",
                "/v1/members/m\\1",
                "/v1/members/m%5c1",
                "/v1/members/m%001",
                "/v1/members/100%",
                "/v1/members/%zz"
            })
    void refusesPathsThatTwoReadersCouldReadDifferently(String path) {
        assertThat(table.find("GET", path)).isInstanceOf(RouteMatch.Malformed.class);
    }

    @Test
    void onlyNdjsonAndUploadedFilesAreExemptFromTheSizeLimit() {
        assertThat(streamed("application/x-ndjson; charset=utf-8"))
                .containsExactlyInAnyOrder(
                        "POST /v1/events", "PUT /v1/imports/{id}/content", "PUT /v1/lists/{key}");
        assertThat(streamed("application/json"))
                .containsExactly("PUT /v1/imports/{id}/content", "PUT /v1/lists/{key}");
        assertThat(streamed(null))
                .containsExactly("PUT /v1/imports/{id}/content", "PUT /v1/lists/{key}");
    }

    private List<String> streamed(@Nullable String contentType) {
        return table.routes().stream()
                .filter(route -> route.isBodyStreamed(contentType))
                .map(Route::toString)
                .toList();
    }

    @Test
    void refusesUnknownRole() {
        assertThatThrownBy(() -> read("{route: GET /v1/a, service: s, roles: [boss], does: x}"))
                .hasMessageContaining("a role is any or one of")
                .hasMessageContaining("\"boss\"");
    }

    @Test
    void refusesRouteWithoutRoles() {
        assertThatThrownBy(() -> read("{route: GET /v1/a, service: s, roles: [], does: x}"))
                .hasMessageContaining("names no role");
    }

    @Test
    void refusesTheSameRouteTwice() {
        assertThatThrownBy(() ->
                        read(
                                "{route: 'GET /v1/{a}', service: s, roles: [any], does: x}",
                                "{route: 'GET /v1/{b}', service: t, roles: [any], does: y}"))
                .hasMessage("the route GET /v1/{b} stands there twice");
    }

    @Test
    void refusesUnknownKey() {
        assertThatThrownBy(() ->
                        read("{route: GET /v1/a, service: s, roles: [any], does: x, role: y}"))
                .hasMessageContaining("role");
    }

    private static void read(String... lines) throws IOException {
        var yaml = new StringBuilder("routes:\n");
        for (var line : lines) {
            yaml.append("  - ").append(line).append('\n');
        }
        assertThat(
                        RouteTable.read(
                                new ByteArrayInputStream(
                                        yaml.toString().getBytes(StandardCharsets.UTF_8))))
                .isNotNull();
    }
}
