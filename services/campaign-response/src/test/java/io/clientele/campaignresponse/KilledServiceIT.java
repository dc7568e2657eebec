package io.clientele.campaignresponse;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.common.json.Json;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.CampaignResponse;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import io.clientele.testkit.ServiceProcess;
import io.clientele.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The packaged service in its own process, killed by SIGKILL several times in the middle of a
 * stream of entries and purchases: every member is decided for once, every contact leaves once, on
 * both topics and on the feed, and every response once. Runs in a JVM of its own (see the pom).
 */
class KilledServiceIT {
    private static final int WAVES = 3;
    private static final int WAVE = 2_000;
    private static final int MEMBERS = WAVES * WAVE;

    private final ServiceProcess service = new ServiceProcess("campaign_response");

    @Test
    void losesAndDoublesNothingOverSigkill() throws Exception {
        try (var upstream = Upstream.start("demo")) {
            service.start();
            admin().body(Upstream.campaign("new", 0.2))
                    .put("/v1/campaigns/welcome")
                    .then()
                    .statusCode(201);
            admin().post("/v1/campaigns/welcome/start").then().statusCode(200);

            IntStream.range(0, MEMBERS).forEach(i -> upstream.consenting("m-" + i));
            upstream.flush();
            for (int wave = 0; wave < WAVES; wave++) {
                int before = wave * WAVE;
                IntStream.range(before, before + WAVE)
                        .forEach(i -> {
                            var unused = upstream.entered("m-" + i, "new");
                        });
                upstream.flush();
                // A part of the wave is decided, and published while the rest is not read.
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> decided() > before);
                service.kill();
                service.start();
            }
            awaitDecided();
            // Everybody buys, and the service is killed once more.
            IntStream.range(0, MEMBERS)
                    .forEach(i ->
                            upstream.event("m-" + i, "p-" + i, "purchase", Map.of("amount", 1)));
            upstream.flush();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> goals() > 0);
            service.kill();
            service.start();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> goals() == MEMBERS);

            int treated = results().getInt("sampleRatio.treated");
            assertThat(results().getInt("arms[0].contacts")).isEqualTo(treated);
            assertThat(results().getMap("withheld")).isEmpty();
            var ids = feed(treated);
            for (var topic :
                    List.of(
                            Topics.CAMPAIGN_CONTACTS,
                            Topics.campaignContactsOf(new ProgramId("demo")))) {
                var left =
                        upstream.kafka().await(topic, treated, Duration.ofSeconds(60)).stream()
                                .map(record -> Json.read(record.value(), CampaignContact.class))
                                .toList();
                assertThat(upstream.kafka().all(topic)).hasSize(treated);
                assertThat(contacts(left)).isEqualTo(ids);
                assertThat(left.stream().map(CampaignContact::member).collect(Collectors.toSet()))
                        .hasSize(treated);
            }
            var responses =
                    upstream
                            .kafka()
                            .await(Topics.CAMPAIGN_RESPONSES, treated, Duration.ofSeconds(60))
                            .stream()
                            .map(record ->
                                    Json.read(record.value(), CampaignResponse.class).contact())
                            .collect(Collectors.toSet());
            assertThat(upstream.kafka().all(Topics.CAMPAIGN_RESPONSES)).hasSize(treated);
            assertThat(responses).isEqualTo(ids);
        }
    }

    private static Set<String> contacts(List<CampaignContact> contacts) {
        return contacts.stream().map(CampaignContact::contact).collect(Collectors.toSet());
    }

    /** The ids on the feed, read to its end page by page; each once. */
    private Set<String> feed(int expected) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        admin().get("/v1/feeds/contacts?limit=1&after=" + (expected - 1))
                                        .asString()
                                        .lines()
                                        .count()
                                == 1);
        var ids = new HashSet<String>();
        long position = 0;
        long lines = 0;
        while (true) {
            var page =
                    admin().get("/v1/feeds/contacts?limit=1000&after=" + position)
                            .asString()
                            .lines()
                            .map(JsonPath::from)
                            .toList();
            if (page.isEmpty()) {
                assertThat(lines).isEqualTo(expected);
                return ids;
            }
            lines += page.size();
            page.forEach(line -> assertThat(ids.add(line.getString("contact"))).isTrue());
            position = Long.parseLong(page.getLast().getString("position"));
        }
    }

    private void awaitDecided() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> decided() == MEMBERS);
    }

    private int decided() {
        return sum("arms.members");
    }

    private int goals() {
        return sum("arms.goalMembers");
    }

    private int sum(String path) {
        return results().getList(path, Integer.class).stream().mapToInt(Integer::intValue).sum();
    }

    private JsonPath results() {
        return admin().get("/v1/campaigns/welcome/results")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private RequestSpecification admin() {
        return given().baseUri("http://127.0.0.1")
                .port(service.port())
                .contentType("application/json")
                .header("Authorization", Tokens.bearer("demo", "admin"));
    }

    @AfterEach
    void stop() {
        service.close();
    }
}
