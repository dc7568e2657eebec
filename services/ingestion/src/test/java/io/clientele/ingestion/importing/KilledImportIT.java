package io.clientele.ingestion.importing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.common.json.Json;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.Topics;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.ServiceProcess;
import io.clientele.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The packaged service in its own process with a heap of 256 MB, killed by SIGKILL in the middle of
 * an import, and started again: nothing is missing and nothing has two ids. Runs in a JVM of its
 * own (see the pom), as a second instance of the service would take the job over.
 */
class KilledImportIT {
    private static final int INVOICES = 12_000;
    private static final String MAPPING =
            "{\"type\":\"purchase\",\"groupBy\":[\"no\"],\"id\":[\"no\"],\"member\":\"who\","
                    + "\"occurredAt\":\"day\",\"properties\":{\"amount\":{\"sum\":\"sum\"}},"
                    + "\"items\":{\"sku\":\"sku\",\"quantity\":{\"value\":1},\"amount\":\"sum\"},"
                    + "\"attributes\":{\"city\":\"city\"}}";

    private final ServiceProcess service = new ServiceProcess("ingestion");

    @Test
    void goesOnWhereItWasAfterSigkill() throws Exception {
        // Nothing listens there: the import stays in the state of being applied.
        service.with("CLIENTELE_PROFILE_URL", "http://127.0.0.1:" + (service.port() + 1)).start();
        String id =
                given().spec(admin())
                        .contentType("application/json")
                        .body("{\"source\":\"killed\",\"mapping\":" + MAPPING + "}")
                        .post("/v1/imports")
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("id");
        given().spec(admin())
                .contentType("application/octet-stream")
                .body(file().getBytes(StandardCharsets.UTF_8))
                .put("/v1/imports/" + id + "/content")
                .then()
                .statusCode(202);
        for (int kill = 1; kill <= 2; kill++) {
            int wanted = kill * 2_000;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> job(id).getInt("counts.events") >= wanted);
            service.kill();
            service.start();
        }

        var job =
                Awaitility.await()
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> job(id), it -> it.getString("state").equals("applying"));
        assertThat(job.getInt("counts.rows")).isEqualTo(3 * INVOICES + INVOICES / 100);
        assertThat(job.getInt("counts.events")).isEqualTo(INVOICES);
        assertThat(job.getInt("counts.declarations")).isEqualTo(100);
        assertThat(job.getInt("counts.rejected")).isEqualTo(INVOICES / 100);
        assertThat(
                        given().spec(admin())
                                .get("/v1/imports/" + id + "/errors")
                                .asString()
                                .lines()
                                .collect(Collectors.toSet()))
                .hasSize(INVOICES / 100);
        try (var kafka = KafkaProbe.connect()) {
            var events =
                    kafka.all(Topics.MEMBER_EVENTS_RECEIVED).stream()
                            .map(it -> Json.read(it.value(), ReceivedEvent.class))
                            .filter(it -> String.valueOf(it.importId()).startsWith(id))
                            .toList();
            assertThat(
                            events.stream()
                                    .map(it -> it.id() + it.occurredAt() + it.properties())
                                    .collect(Collectors.toSet()))
                    .hasSize(INVOICES + 100);
            assertThat(events.stream().map(ReceivedEvent::id).collect(Collectors.toSet()))
                    .hasSize(INVOICES + 100);
        }
    }

    /** Each invoice's three rows stand far from one another; every hundredth row is a guest's. */
    private static String file() {
        var text = new StringBuilder("no,who,day,sku,sum,city\n");
        for (var sku : List.of("a", "b", "c")) {
            IntStream.range(0, INVOICES)
                    .forEach(i ->
                            text.append("i-")
                                    .append(i)
                                    .append(",m-")
                                    .append(i % 100)
                                    .append(",2026-01-05,")
                                    .append(sku)
                                    .append(",1.25,Hue\n"));
        }
        IntStream.range(0, INVOICES / 100)
                .forEach(i -> text.append("g-").append(i).append(",,2026-01-05,a,1,Hue\n"));
        return text.toString();
    }

    private JsonPath job(String id) {
        return given().spec(admin())
                .get("/v1/imports/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private RequestSpecification admin() {
        return given().baseUri("http://127.0.0.1")
                .port(service.port())
                .header("Authorization", Tokens.bearer("demo", "admin"));
    }

    @AfterEach
    void stop() {
        service.close();
    }
}
