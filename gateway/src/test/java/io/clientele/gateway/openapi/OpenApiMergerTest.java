package io.clientele.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.clientele.gateway.route.Route;
import io.clientele.gateway.route.RouteTable;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OpenApiMergerTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final RouteTable table = RouteTable.load();

    @Test
    void holdsExactlyTheRoutesOfTheTable() {
        var document = merge(Map.of()).document();

        var operations = new ArrayList<String>();
        for (var path : document.path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method ->
                            operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        assertThat(operations)
                .containsExactlyInAnyOrderElementsOf(
                        table.routes().stream().map(Route::toString).toList());
    }

    @Test
    void isValidWithoutAnyService() {
        assertThat(problemsOf(merge(Map.of()).document())).isEmpty();
    }

    @Test
    void takesOperationsFromTheirServiceOnly() throws IOException {
        var merged = merge(services());

        var program = merged.document().at("/paths/~1v1~1program/get");
        assertThat(program.path("summary").asText()).isEqualTo("Settings, says ingestion");
        assertThat(program.path("x-roles")).hasSize(7);
        assertThat(program.at("/security/0/token").isArray()).isTrue();
        assertThat(merged.document().path("paths").has("/internal")).isFalse();
        assertThat(merged.document().at("/components/schemas").has("Internal")).isFalse();
        assertThat(problemsOf(merged.document())).isEmpty();
    }

    @Test
    void renamesWhatTwoServicesDescribeDifferently() throws IOException {
        var document = merge(services()).document();

        assertThat(document.at("/components/schemas/Page/properties/items/type").asText())
                .isEqualTo("array");
        assertThat(
                        document.at("/components/schemas/SegmentationPage/properties/count/type")
                                .asText())
                .isEqualTo("integer");
        assertThat(
                        document.at("/paths/~1v1~1segments/get/responses/200/content")
                                .path("application/json")
                                .at("/schema/$ref")
                                .asText())
                .isEqualTo("#/components/schemas/SegmentationPage");
        assertThat(document.at("/paths/~1v1~1segments/get/operationId").asText())
                .isEqualTo("segmentationList");
    }

    @Test
    void fillsInWhatServicesLeaveOut() throws IOException {
        var document = merge(services()).document();

        assertThat(
                        document.at(
                                        "/paths/~1v1~1segments~1{segment}/put/responses/201/description")
                                .asText())
                .isEqualTo("Created");
        assertThat(document.at("/components/schemas/JsonNode"))
                .isEqualTo(YAML.readTree("{description: Any JSON value}"));
        assertThat(problemsOf(document)).isEmpty();
    }

    @Test
    void oneTemplateForPathsOfOneShape() throws IOException {
        var document = merge(services()).document();

        var get = document.at("/paths/~1v1~1segments~1{segment}/get");
        var put = document.at("/paths/~1v1~1segments~1{segment}/put");
        assertThat(get.at("/parameters/0/name").asText()).isEqualTo("segment");
        assertThat(put.at("/parameters/0/name").asText()).isEqualTo("segment");
        assertThat(document.path("paths").has("/v1/segments/{key}")).isFalse();
    }

    @Test
    void saysWhichRoutesARunningServiceDoesNotDescribe() throws IOException {
        assertThat(merge(services()).undescribed().stream().map(Route::toString))
                .contains("GET /v1/feeds/memberships")
                .doesNotContain("GET /v1/segments", "GET /v1/members/{member}");
    }

    private OpenApiMerger.Merged merge(Map<String, JsonNode> parts) {
        return OpenApiMerger.merge(OpenApiService.base(), table, new TreeMap<>(parts));
    }

    static List<String> problemsOf(JsonNode document) {
        var options = new ParseOptions();
        options.setResolve(true);
        var result = new OpenAPIV3Parser().readContents(document.toString(), null, options);
        assertThat(result.getOpenAPI()).as(String.valueOf(result.getMessages())).isNotNull();
        return result.getMessages() == null ? List.of() : result.getMessages();
    }

    private static Map<String, JsonNode> services() throws IOException {
        return Map.of(
                "ingestion",
                YAML.readTree(
                        """
                        openapi: 3.1.0
                        info: {title: ingestion, version: v1}
                        paths:
                          /v1/program:
                            get:
                              operationId: list
                              summary: Settings, says ingestion
                              responses:
                                "200":
                                  description: ok
                                  content:
                                    application/json:
                                      schema: {$ref: "#/components/schemas/Page"}
                          /internal:
                            get:
                              responses:
                                "200":
                                  description: ok
                                  content:
                                    application/json:
                                      schema: {$ref: "#/components/schemas/Internal"}
                        components:
                          schemas:
                            Page: {type: object, properties: {items: {type: array, items: {}}}}
                            Internal: {type: object}
                        """),
                "segmentation",
                YAML.readTree(
                        """
                        openapi: 3.1.0
                        info: {title: segmentation, version: v1}
                        paths:
                          /v1/segments:
                            get:
                              operationId: list
                              responses:
                                "200":
                                  description: ok
                                  content:
                                    application/json:
                                      schema: {$ref: "#/components/schemas/Page"}
                          /v1/segments/{segment}:
                            parameters:
                              - {name: segment, in: path, required: true, schema: {type: string}}
                            get:
                              operationId: find
                              responses: {"200": {description: ok}}
                            put:
                              responses:
                                "201":
                                  content:
                                    application/json:
                                      schema: {$ref: "#/components/schemas/JsonNode"}
                          /v1/program:
                            get:
                              summary: Not its business
                              responses: {"200": {description: ok}}
                        components:
                          schemas:
                            Page: {type: object, properties: {count: {type: integer}}}
                            JsonNode: {type: object, properties: {empty: {type: boolean}}}
                        """));
    }
}
