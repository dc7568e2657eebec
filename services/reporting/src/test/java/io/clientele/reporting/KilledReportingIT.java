package io.clientele.reporting;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testkit.LogCheck;
import io.clientele.testkit.ServiceProcess;
import io.clientele.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The packaged service in its own process, killed by SIGKILL while it reads, and started again: no
 * record is missing and none counts twice. Runs in a JVM of its own (see the pom), as a second
 * instance of the service would share its partitions.
 */
class KilledReportingIT {
    private static final int MEMBERS = 200;
    private static final Instant BASE = Instant.parse("2026-03-02T00:00:00Z");

    private final ServiceProcess service = new ServiceProcess("reporting");

    @Test
    void losesAndDoublesNothingOverSigkill() throws Exception {
        try (var demo = new Upstream("demo", "UTC");
                var http = HttpClient.newHttpClient()) {
            for (int member = 0; member < MEMBERS; member++) {
                demo.enter("vip", "m" + member, BASE.toString());
            }
            start();
            var load = PurchaseLoad.start("demo", MEMBERS, BASE.plusSeconds(1));
            for (int kill = 1; kill <= 2; kill++) {
                long before = total().getLong("purchases");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> total().getLong("purchases") > before);
                service.kill();
                demo.leave("vip", "m" + kill, BASE.plus(Duration.ofDays(1)).toString());
                start();
            }
            int purchases = load.stop();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            total().getLong("purchases") >= purchases
                                    && total().getLong("left") >= 2);
            var total = total();
            assertThat(total.getLong("purchases")).isEqualTo(purchases);
            assertThat(new BigDecimal(total.getString("revenue")))
                    .isEqualByComparingTo(
                            new BigDecimal("1.25").multiply(BigDecimal.valueOf(purchases)));
            assertThat(total.getLong("entered")).isEqualTo(MEMBERS);
            assertThat(total.getLong("left")).isEqualTo(2);
            assertThat(total.getLong("size")).isEqualTo(MEMBERS - 2);

            // A count, not a set of facts: a batch written twice would show.
            var live =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + service.port()
                                                            + "/v1/live?topics=events"))
                                    .header("Authorization", Tokens.bearer("demo", "admin"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofLines());
            var lines = live.body().iterator();
            var data = "";
            while (!data.startsWith("data: ")) {
                data = lines.next();
            }
            assertThat(data).endsWith("\"total\":" + purchases + "}");

            // Ends at once although somebody watches, and the stream ends as a whole.
            assertThat(service.stop(Duration.ofSeconds(8))).as("ended in time").isTrue();
            lines.forEachRemaining(line -> assertThat(line).doesNotContain("error"));
            assertThat(LogCheck.errorsIn(service.log())).isEmpty();
        }
    }

    private JsonPath total() {
        return given().spec(admin())
                .get("/v1/reports/segments/vip?from=2026-03-02&to=2026-03-04&interval=month")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .setRootPath("total");
    }

    private RequestSpecification admin() {
        return given().baseUri("http://127.0.0.1")
                .port(service.port())
                .header("Authorization", Tokens.bearer("demo", "admin"));
    }

    private void start() throws IOException {
        service.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> admin().get("/v1/reports/segments/vip").statusCode() == 200);
    }

    @AfterEach
    void stop() {
        service.close();
    }
}
