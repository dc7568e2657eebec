package io.clientele.ingestion.registry;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.clientele.common.json.Json;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.ingestion.Servers;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.Tokens;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@Servers
class RegistryIT {
    private final String unique = UUID.randomUUID().toString().replace("-", "").substring(0, 12);

    @Test
    void hasEverythingBuiltInOnTheTopicForEveryProgram() {
        try (var kafka = KafkaProbe.connect()) {
            var keys = kafka.all(Topics.PROGRAM_REGISTRY).stream().map(it -> it.key()).toList();
            for (var program : new String[] {"demo", "other"}) {
                assertThat(keys)
                        .contains(program + ":program", program + ":attribute:email")
                        .containsAll(
                                EventTypes.BUILT_IN.stream()
                                        .map(it -> program + ":event-type:" + it)
                                        .toList());
            }
        }
    }

    @Test
    void changesTheProgramAndTellsEveryone() {
        var tag =
                given().spec(as("other", "marketer"))
                        .get("/v1/program")
                        .then()
                        .statusCode(200)
                        .body("id", equalTo("other"))
                        .extract()
                        .header("ETag");
        given().spec(as("other", "admin"))
                .header("If-Match", tag)
                .body(
                        "{\"timeZone\":\"Asia/Bangkok\",\"currency\":\"USD\",\"weekStart\":\"sunday\"}")
                .put("/v1/program")
                .then()
                .statusCode(200)
                .body("timeZone", equalTo("Asia/Bangkok"))
                .body("weekStart", equalTo("sunday"))
                .body("openAttributes", equalTo(true))
                .body("unknownMembers", equalTo("create"));
        given().spec(as("other", "admin"))
                .header("If-Match", tag)
                .body("{\"currency\":\"EUR\"}")
                .put("/v1/program")
                .then()
                .statusCode(412)
                .body("code", equalTo("if-match-stale"));
        var record = (RegistryRecord.Program) published("other:program", "Asia/Bangkok");
        assertThat(record.weekStart()).isEqualTo("SUNDAY");
        given().spec(as("demo", "admin"))
                .get("/v1/program")
                .then()
                .body("timeZone", equalTo("UTC"));
        given().spec(as("other", "marketer")).body("{}").put("/v1/program").then().statusCode(403);
    }

    @Test
    void refusesSettingsThatAreNotValid() {
        given().spec(as("demo", "admin"))
                .body("{\"timeZone\":\"Mars/Base\",\"currency\":\"XXZ\",\"retention\":\"3 years\"}")
                .put("/v1/program")
                .then()
                .statusCode(422)
                .body("code", equalTo("program-invalid"))
                .body("errors.pointer", hasItems("/timeZone", "/currency", "/retention"));
    }

    @Test
    void keepsAttributesAndTheirHistoryCompatible() {
        var name = "a" + unique;
        var path = "/v1/attributes/" + name;
        var body = "{\"type\":\"string\",\"kind\":\"custom\",\"values\":[\"s\",\"m\"]}";
        given().spec(as("demo", "admin")).body(body).put(path).then().statusCode(201);
        given().spec(as("demo", "admin"))
                .body(body)
                .put(path)
                .then()
                .statusCode(200)
                .header("ETag", "\"v1\"");
        given().spec(as("demo", "admin"))
                .body(body.replace("\"m\"", "\"m\",\"l\""))
                .put(path)
                .then()
                .statusCode(200)
                .header("ETag", "\"v2\"")
                .body("values", equalTo(List.of("s", "m", "l")));
        given().spec(as("demo", "admin"))
                .body(body.replace("string", "number").replace("\"s\",\"m\"", "1"))
                .put(path)
                .then()
                .statusCode(409)
                .body("code", equalTo("attribute-change-incompatible"));
        assertThat(
                        ((RegistryRecord.Attribute) published("demo:attribute:" + name, "\"l\""))
                                .values())
                .hasSize(3);
        given().spec(as("other", "admin")).get(path).then().statusCode(404);
        given().spec(as("demo", "admin"))
                .body("{\"type\":\"text\"}")
                .put("/v1/attributes/Bad.Name")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("/name", "/type"));
        given().spec(as("demo", "ingest"))
                .get("/v1/attributes/contry")
                .then()
                .statusCode(404)
                .body(
                        "detail",
                        equalTo("There is no attribute \"contry\". Did you mean \"country\"?"));
    }

    @Test
    void pagesThroughLists() {
        var first =
                given().spec(as("demo", "analyst"))
                        .get("/v1/event-types?limit=20")
                        .then()
                        .statusCode(200)
                        .body("items", hasSize(20))
                        .body("asOf", notNullValue())
                        .extract()
                        .jsonPath();
        given().spec(as("demo", "analyst"))
                .get("/v1/event-types?limit=1000&cursor=" + first.getString("next"))
                .then()
                .statusCode(200)
                .body("next", nullValue())
                .body("items.type", hasItems("purchase", "tier.changed"));
    }

    @Test
    void takesEventsOfATypeAsSoonAsItIsDefined() {
        var type = "t" + unique + ".booked";
        var path = "/v1/event-types/" + type;
        var schema =
                "{\"schema\":{\"type\":\"object\",\"required\":[\"seats\"],\"properties\":"
                        + "{\"seats\":{\"type\":\"integer\",\"minimum\":1,\"segmentable\":true}}}}";
        event(type, "{\"seats\":2}").statusCode(422);
        given().spec(as("demo", "admin")).body(schema).put(path).then().statusCode(201);
        event(type, "{\"seats\":2}").statusCode(202);
        event(type, "{\"seats\":0}")
                .statusCode(422)
                .body("rejected[0].errors[0].pointer", equalTo("/properties/seats"));
        given().spec(as("demo", "admin"))
                .body(schema.replace("\"minimum\":1", "\"minimum\":2"))
                .put(path)
                .then()
                .statusCode(409)
                .body("code", equalTo("event-type-change-incompatible"))
                .body("errors[0].pointer", equalTo("/schema/properties/seats/minimum"));
        given().spec(as("demo", "admin"))
                .body(schema.replace("\"minimum\":1", "\"minimum\":0"))
                .put(path)
                .then()
                .statusCode(200);
        event(type, "{\"seats\":0}").statusCode(202);
        published("demo:event-type:" + type, "\"minimum\":0");
        given().spec(as("demo", "admin"))
                .body(schema)
                .put("/v1/event-types/purchase")
                .then()
                .statusCode(409)
                .body("code", equalTo("event-type-built-in"));
        given().spec(as("demo", "admin"))
                .body(
                        "{\"schema\":{\"type\":\"object\",\"properties\":{\"x\":"
                                + "{\"type\":\"objekt\"}}}}")
                .put("/v1/event-types/other.one")
                .then()
                .statusCode(422)
                .body("code", equalTo("event-type-invalid"));
        given().spec(as("demo", "admin"))
                .body("{\"schema\":{\"type\":\"object\",\"$ref\":\"https://example.org/s\"}}")
                .put("/v1/event-types/other.one")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/schema/$ref"));
    }

    private ValidatableResponse event(String type, String properties) {
        return given().spec(as("demo", "ingest"))
                .body(
                        "{\"id\":\""
                                + UUID.randomUUID()
                                + "\",\"source\":\"it\",\"member\":\"m\",\"type\":\""
                                + type
                                + "\",\"occurredAt\":\"2026-11-01T10:15:00Z\",\"properties\":"
                                + properties
                                + "}")
                .post("/v1/events")
                .then();
    }

    private static RegistryRecord published(String key, String containing) {
        try (var kafka = KafkaProbe.connect()) {
            return Json.read(
                    kafka.await(
                                    Topics.PROGRAM_REGISTRY,
                                    1,
                                    Duration.ofSeconds(10),
                                    it ->
                                            it.key().equals(key)
                                                    && new String(
                                                                    it.value(),
                                                                    StandardCharsets.UTF_8)
                                                            .contains(containing))
                            .getFirst()
                            .value(),
                    RegistryRecord.class);
        }
    }

    private static RequestSpecification as(String program, String role) {
        return given().contentType("application/json")
                .header("Authorization", Tokens.bearer(program, role));
    }
}
