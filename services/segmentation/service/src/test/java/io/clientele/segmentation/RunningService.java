package io.clientele.segmentation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.Topics;
import io.clientele.testkit.Tokens;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** A running service of this module with what stands before it; its tests share one. */
abstract class RunningService {
    @SuppressWarnings("NullAway")
    static Upstream upstream;

    private static boolean isStarted;

    /** Before the first test; Quarkus says where the service is only from then on. */
    @BeforeEach
    void start() {
        if (isStarted) {
            return;
        }
        upstream = Upstream.start("demo", "other");
        isStarted = true;
        await().atMost(Duration.ofSeconds(60))
                .until(() -> given().get("/q/health/ready").statusCode() == 200);
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        json(as("demo", "admin").get("/v1/status"))
                                        .at("/freshness/partitions")
                                        .size()
                                == Upstream.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        if (isStarted) {
            upstream.close();
            isStarted = false;
        }
    }

    static List<SegmentMembershipRecord.Changed> changes(
            String program, String segment, int count) {
        return upstream
                .kafka()
                .await(
                        Topics.segmentMembershipsOf(new ProgramId(program)),
                        count,
                        Duration.ofSeconds(20),
                        record ->
                                json(new String(record.value(), StandardCharsets.UTF_8))
                                        .path("segment")
                                        .asText()
                                        .equals(segment))
                .stream()
                .map(record -> Json.read(record.value(), SegmentMembershipRecord.Changed.class))
                .toList();
    }

    static long size(String program, String segment) {
        return json(as(program, "analyst").get("/v1/segments/" + segment)).path("size").asLong();
    }

    static void put(String program, String key, String condition) {
        var response = as(program, "marketer").body(segment(condition)).put("/v1/segments/" + key);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    }

    static String segment(String condition) {
        return "{\"name\":\"A segment\",\"condition\":" + condition + "}";
    }

    static RequestSpecification as(String program, String role) {
        return given().header("Authorization", Tokens.bearer(program, role))
                .contentType(ContentType.JSON);
    }

    static Instant instant(JsonNode node) {
        return Instant.parse(node.asText());
    }

    static JsonNode json(Response response) {
        return json(response.asString());
    }

    static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
