package io.clientele.segmentation;

import static io.clientele.testkit.ProblemAssert.assertThatProblem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.testkit.KafkaResource;
import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.LogCheck;
import io.clientele.testkit.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Segments from definition to membership. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(FakeProfile.class)
@QuarkusTestResource(
        value = PostgresResource.class,
        initArgs = @ResourceArg(name = "service", value = "segmentation"))
@ExtendWith(LogCheck.class)
class SegmentationIT extends RunningService {
    private static final String VERSIONS =
            "{\"event\":\"purchase\",\"where\":{\"property\":\"store\","
                    + "\"equals\":\"versions-store\"},\"atLeast\":";

    @Test
    void keepsDefinitionsInVersions() {
        var body = segment(VERSIONS + "2}");
        var created = as("demo", "marketer").body(body).put("/v1/segments/versions-1");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(json(created).path("version").asInt()).isEqualTo(1);
        assertThat(json(created).path("size").asLong()).isEqualTo(0);
        assertThat(json(created).path("asOf").asText()).isNotEmpty();

        var again = as("demo", "marketer").body(body).put("/v1/segments/versions-1");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.header("ETag")).isEqualTo(created.header("ETag"));

        var edited = segment(VERSIONS + "3}");
        var blind = as("demo", "marketer").body(edited).put("/v1/segments/versions-1");
        assertThat(blind.statusCode()).isEqualTo(428);
        var stale =
                as("demo", "marketer")
                        .header("If-Match", "\"v99\"")
                        .body(edited)
                        .put("/v1/segments/versions-1");
        assertThat(stale.statusCode()).isEqualTo(412);
        var good =
                as("demo", "marketer")
                        .header("If-Match", created.header("ETag"))
                        .body(edited)
                        .put("/v1/segments/versions-1");
        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(json(good).path("version").asInt()).isEqualTo(2);

        var renamed =
                as("demo", "marketer")
                        .header("If-Match", good.header("ETag"))
                        .body("{\"name\":\"Twice\",\"strategy\":{\"tone\":\"warm\"}}")
                        .patch("/v1/segments/versions-1");
        assertThat(json(renamed).path("name").asText()).isEqualTo("Twice");
        assertThat(json(renamed).path("version").asInt()).isEqualTo(2);

        var versions = json(as("demo", "analyst").get("/v1/segments/versions-1/versions"));
        assertThat(versions.path("items").findValuesAsText("version")).containsExactly("2", "1");

        var archived =
                as("demo", "marketer").header("If-Match", "*").delete("/v1/segments/versions-1");
        assertThat(json(archived).path("status").asText()).isEqualTo("archived");
    }

    @Test
    void refusesAConditionThatNamesWhatIsNot() {
        var refused =
                as("demo", "marketer")
                        .body(segment("{\"all\":[{\"attribute\":\"contry\",\"equals\":\"TH\"}]}"))
                        .put("/v1/segments/wrong");
        assertThatProblem(refused.asString())
                .hasStatus(422)
                .hasCode("condition-invalid")
                .hasErrorsAt("/condition/all/0/attribute");
        assertThat(refused.asString()).contains("country");
    }

    @Test
    void entersLiveAndLeavesAtTheExactInstant() {
        put(
                "demo",
                "live",
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\","
                        + "\"equals\":\"live-store\"},\"within\":{\"last\":\"PT4S\"}}");
        var bought = upstream.now().truncatedTo(ChronoUnit.MILLIS);
        upstream.purchase(
                "demo", "live-1", "live-e1", bought, Map.of("amount", 10, "store", "live-store"));

        var changes = changes("demo", "live", 2);
        assertThat(changes)
                .extracting(SegmentMembershipRecord.Changed::change)
                .containsExactly(MembershipChange.ENTERED, MembershipChange.LEFT);
        assertThat(changes)
                .extracting(SegmentMembershipRecord.Changed::at)
                .containsExactly(bought, bought.plusSeconds(4));
        assertThat(changes.getFirst().sequence()).isLessThan(changes.getLast().sequence());
        assertThat(changes)
                .allSatisfy(change ->
                        assertThat(change.id()).isEqualTo("demo:live-1:" + change.sequence()));
        var left = changes.get(1);
        assertThat(Duration.between(left.at(), left.recordedAt()))
                .isLessThan(Duration.ofSeconds(1));

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> {
                    var history =
                            json(as("demo", "agent").get("/v1/members/live-1/segments/history"));
                    assertThat(history.path("items"))
                            .filteredOn(stay -> stay.path("segment").asText().equals("live"))
                            .singleElement()
                            .satisfies(stay -> {
                                assertThat(instant(stay.path("since"))).isEqualTo(bought);
                                assertThat(instant(stay.path("until")))
                                        .isEqualTo(bought.plusSeconds(4));
                            });
                });
    }

    @Test
    void previewsExactlyNowAndAtAPastInstant() {
        var base = upstream.now().minus(Duration.ofDays(100)).truncatedTo(ChronoUnit.MILLIS);
        for (int member = 0; member < 40; member++) {
            for (int n = 0; n < member % 5; n++) {
                upstream.purchase(
                        "demo",
                        "pre-" + member,
                        "pre-" + member + "-" + n,
                        base.plus(Duration.ofDays(10L * n)),
                        Map.of("amount", member, "store", "pre-store"));
            }
        }
        var spent20 =
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":"
                        + "\"pre-store\"},\"measure\":{\"sum\":\"amount\"},\"atLeast\":20}";
        var recent =
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":"
                        + "\"pre-store\"},\"within\":{\"last\":\"P15D\"}}";
        var body = "{\"condition\":{\"all\":[" + spent20 + "," + recent + "]},\"sample\":3";

        var at = base.plus(Duration.ofDays(30));
        long spenders = 0;
        long both = 0;
        long bought = 0;
        for (int member = 0; member < 40; member++) {
            int purchases = member % 5;
            boolean spent = purchases * member >= 20;
            // Inside (15, 30]: the third (day 20) and the fourth (day 30).
            boolean isRecent = purchases >= 3;
            spenders += spent ? 1 : 0;
            bought += isRecent ? 1 : 0;
            both += spent && isRecent ? 1 : 0;
        }
        long[] expected = {both, spenders, bought};
        // Members are in several partitions, each as far as it is.
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    var preview = preview(body + ",\"at\":\"" + at + "\"}");
                    assertThat(preview.path("count").asLong()).isEqualTo(expected[0]);
                    assertThat(preview.path("sample")).hasSize(3);
                    assertThat(instant(preview.path("at"))).isEqualTo(at);
                    var parts = preview.path("parts");
                    assertThat(parts.findValuesAsText("pointer"))
                            .containsExactly("/all/0", "/all/1");
                    assertThat(parts.at("/0/count").asLong()).isEqualTo(expected[1]);
                    assertThat(parts.at("/1/count").asLong()).isEqualTo(expected[2]);
                    assertThat(parts.at("/0/without").asLong()).isEqualTo(expected[2]);
                    assertThat(parts.at("/1/without").asLong()).isEqualTo(expected[1]);
                });

        var now = preview(body + "}");
        assertThat(now.path("count").asLong()).isZero();
        assertThat(now.at("/parts/0/count").asLong()).isEqualTo(expected[1]);
    }

    @Test
    void saysWhatASegmentIsLike() {
        for (int member = 0; member < 160; member++) {
            upstream.purchase(
                    "demo",
                    "like-" + member,
                    "like-" + member,
                    upstream.now().minus(Duration.ofDays(1)),
                    Map.of("amount", 5, "store", member < 80 ? "like-store" : "like-other"));
            upstream.attribute("demo", "like-" + member, "country", member < 80 ? "TH" : "VN");
        }
        put(
                "demo",
                "like-1",
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\","
                        + "\"equals\":\"like-store\"}}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    var persona = json(as("demo", "agent").get("/v1/segments/like-1/persona"));
                    assertThat(persona.path("size").asLong()).isEqualTo(80);
                    assertThat(persona.path("others").asLong()).isGreaterThanOrEqualTo(80);
                    var share = persona.at("/shares/0");
                    assertThat(share.path("attribute").asText()).isEqualTo("country");
                    assertThat(share.path("support").asLong()).isEqualTo(80);
                    assertThat(persona.at("/person/country").asText()).isEqualTo("TH");
                    assertThat(persona.path("sentence").asText()).contains("80", "country");
                    assertThat(persona.has("edited")).isFalse();
                });

        var edited =
                as("demo", "marketer")
                        .body("{\"name\":\"Malee\",\"habits\":[\"market on Sundays\"]}")
                        .put("/v1/segments/like-1/persona");
        assertThat(edited.statusCode()).isEqualTo(200);
        assertThat(
                        json(as("demo", "agent").get("/v1/segments/like-1/persona"))
                                .at("/edited/persona/name")
                                .asText())
                .isEqualTo("Malee");
        assertThat(
                        as("demo", "marketer")
                                .body("{}")
                                .put("/v1/segments/like-1/persona")
                                .statusCode())
                .isEqualTo(422);
        assertThat(as("demo", "agent").get("/v1/segments/not-there/persona").statusCode())
                .isEqualTo(404);
    }

    @Test
    void offersTemplatesOfWhichSegmentsAreMade() {
        var items = json(as("demo", "analyst").get("/v1/segment-templates")).path("items");
        assertThat(items.size()).isGreaterThan(30);
        for (var item : items) {
            if (item.path("key").asText().equals("frequent-buyers")) {
                assertThat(item.path("ready").asBoolean()).isTrue();
                var body =
                        "{\"name\":%s,\"description\":%s,\"condition\":%s,\"strategy\":%s,\"status\":\"draft\"}"
                                .formatted(
                                        item.path("name"),
                                        item.path("description"),
                                        item.path("condition"),
                                        item.path("strategy"));
                var made = as("demo", "marketer").body(body).put("/v1/segments/frequent-buyers");
                assertThat(made.statusCode()).isEqualTo(201);
                assertThat(json(made).path("strategy")).isEqualTo(item.path("strategy"));
            }
            if (item.path("key").asText().equals("parents")) {
                assertThat(item.path("ready").asBoolean()).isFalse();
                assertThat(item.at("/errors/0/pointer").asText()).isEqualTo("/condition/attribute");
                assertThat(item.at("/attributes/0/type").asText()).isEqualTo("integer");
            }
        }
        assertThat(
                        json(as("demo", "analyst").get("/v1/segments/frequent-buyers"))
                                .path("status")
                                .asText())
                .isEqualTo("draft");
    }

    @Test
    void laysSegmentsOverEachOther() {
        var bought =
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":"
                        + "\"over-store\"}";
        put("demo", "over-any", bought + "}");
        put("demo", "over-often", bought + ",\"atLeast\":3}");
        put("demo", "over-nobody", bought + ",\"atLeast\":100}");
        var when = upstream.now().minus(Duration.ofDays(1));
        for (int member = 0; member < 20; member++) {
            for (int n = 0; n <= member % 4; n++) {
                upstream.purchase(
                        "demo",
                        "over-" + member,
                        "over-" + member + "-" + n,
                        when.plusSeconds(n),
                        Map.of("amount", 1, "store", "over-store"));
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    var overlap = overlap("\"over-any\",\"over-often\",\"over-nobody\"");
                    assertThat(overlap.path("population").asLong()).isGreaterThanOrEqualTo(20);
                    assertThat(overlap.path("segments").findValuesAsText("count"))
                            .containsExactly("20", "10", "0");
                    assertThat(overlap.path("pairs").findValuesAsText("both"))
                            .containsExactly("10", "0", "0");
                    var first = overlap.at("/pairs/0");
                    assertThat(first.path("one").asText()).isEqualTo("over-any");
                    assertThat(first.path("other").asText()).isEqualTo("over-often");
                    assertThat(first.path("ofOne").asDouble()).isEqualTo(0.5);
                    assertThat(first.path("ofOther").asDouble()).isEqualTo(1);
                    assertThat(first.path("jaccard").asDouble()).isEqualTo(0.5);
                });

        assertThatProblem(overlapAnswer("\"over-any\",\"over-any\"").asString())
                .hasStatus(422)
                .hasErrorsAt("/segments/1");
        assertThatProblem(overlapAnswer("\"over-any\"").asString())
                .hasStatus(422)
                .hasErrorsAt("/segments");
        assertThat(overlapAnswer("\"over-any\",\"not-there\"").statusCode()).isEqualTo(404);
    }

    private static JsonNode overlap(String keys) {
        return json(overlapAnswer(keys));
    }

    private static Response overlapAnswer(String keys) {
        return as("demo", "analyst")
                .body("{\"segments\":[" + keys + "]}")
                .post("/v1/segments/overlap");
    }

    private static JsonNode preview(String body) {
        return json(as("demo", "analyst").body(body).post("/v1/segments/preview"));
    }

    @Test
    void listsEverybodyInASegmentAndExplains() {
        for (int member = 0; member < 25; member++) {
            upstream.purchase(
                    "demo",
                    "list-" + member,
                    "list-" + member,
                    upstream.now().minusSeconds(60),
                    Map.of("amount", 5, "store", "list-store"));
        }
        put(
                "demo",
                "listed",
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\","
                        + "\"equals\":\"list-store\"}}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(size("demo", "listed")).isEqualTo(25));
        var first = json(as("demo", "analyst").get("/v1/segments/listed/members?limit=20"));
        assertThat(first.path("items")).hasSize(20);
        var second =
                json(
                        as("demo", "analyst")
                                .get(
                                        "/v1/segments/listed/members?limit=20&cursor="
                                                + first.path("next").asText()));
        assertThat(second.path("items")).hasSize(5);
        assertThat(second.has("next")).isFalse();
        var lines =
                as("demo", "analyst")
                        .accept("application/x-ndjson")
                        .get("/v1/segments/listed/members")
                        .asString()
                        .lines()
                        .toList();
        assertThat(lines).hasSize(25);
        var csv =
                as("demo", "analyst")
                        .accept("text/csv")
                        .get("/v1/segments/listed/members")
                        .asString()
                        .lines()
                        .toList();
        assertThat(csv).hasSize(26).startsWith("member,since,version");

        var current = json(as("demo", "agent").get("/v1/members/list-7/segments"));
        assertThat(current.path("items").findValuesAsText("segment")).contains("listed");
        var explained = json(as("demo", "agent").get("/v1/members/list-7/segments/listed/explain"));
        assertThat(explained.path("inside").asBoolean()).isTrue();
        assertThat(explained.path("text").asText()).isNotEmpty();
        var before =
                json(
                        as("demo", "agent")
                                .get(
                                        "/v1/members/list-7/segments/listed/explain?at="
                                                + upstream.now().minus(Duration.ofDays(1))));
        assertThat(before.path("inside").asBoolean()).isFalse();
    }

    @Test
    void showsAProgramNothingOfAnother() {
        put(
                "demo",
                "secret",
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\","
                        + "\"equals\":\"secret-store\"}}");
        upstream.purchase(
                "demo",
                "secret-1",
                "secret-1",
                upstream.now(),
                Map.of("amount", 5, "store", "secret-store"));
        await().atMost(Duration.ofSeconds(20)).until(() -> size("demo", "secret") == 1);

        for (var path :
                List.of(
                        "/v1/segments/secret",
                        "/v1/segments/secret/members",
                        "/v1/segments/secret/versions",
                        "/v1/members/secret-1/segments",
                        "/v1/members/secret-1/segments/history",
                        "/v1/members/secret-1/segments/secret/explain")) {
            var foreign = as("other", "admin").get(path);
            assertThat(foreign.statusCode()).as(path).isEqualTo(404);
            var absent =
                    as("other", "admin")
                            .get(path.replace("secret-1", "nobody").replace("secret", "nothing"));
            assertThat(json(foreign).path("code")).isEqualTo(json(absent).path("code"));
        }
        assertThat(
                        json(as("other", "admin").get("/v1/segments"))
                                .path("items")
                                .findValuesAsText("key"))
                .doesNotContain("secret");
        assertThat(
                        json(as("other", "admin")
                                        .body(
                                                "{\"condition\":{\"event\":\"purchase\",\"where\":"
                                                        + "{\"property\":\"store\",\"equals\":"
                                                        + "\"secret-store\"}}}")
                                        .post("/v1/segments/preview"))
                                .path("count")
                                .asLong(-1))
                .isZero();
        assertThat(feed("other", null)).noneMatch(change -> change.toString().contains("secret"));
    }

    @Test
    void keepsEveryStayOfACorrectedHistory() {
        put(
                "demo",
                "corrected",
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\","
                        + "\"equals\":\"corrected-store\"},\"within\":{\"last\":\"PT2S\"}}");
        var what = Map.<String, Object>of("amount", 5, "store", "corrected-store");
        var later = upstream.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(3);
        upstream.purchase("demo", "corrected-1", "corrected-2", later, what);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> stays("corrected-1").equals(List.of(stay(later))));

        // Told late: the member had been in before, too.
        var earlier = later.minusMillis(2_500);
        upstream.purchase("demo", "corrected-1", "corrected-1", earlier, what);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(stays("corrected-1"))
                                .containsExactly(stay(later), stay(earlier)));
    }

    private static String stay(Instant since) {
        return since + " to " + since.plusSeconds(2);
    }

    private static List<String> stays(String member) {
        var answer = as("demo", "analyst").get("/v1/members/" + member + "/segments/history");
        var stays = new ArrayList<String>();
        for (var stay : json(answer).path("items")) {
            if (!stay.path("segment").asText().equals("corrected")) {
                continue;
            }
            stays.add(stay.path("since").asText() + " to " + stay.path("until").asText());
        }
        return stays;
    }

    @Test
    void resumesTheFeedWhereItEnded() {
        put(
                "demo",
                "feed",
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\","
                        + "\"equals\":\"feed-store\"}}");
        for (int member = 0; member < 10; member++) {
            upstream.purchase(
                    "demo",
                    "feed-" + member,
                    "feed-" + member,
                    upstream.now(),
                    Map.of("amount", 5, "store", "feed-store"));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> size("demo", "feed") == 10);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> of(feed("demo", null), "feed").size() == 10);
        var all = feed("demo", null);
        var middle = all.get(all.size() / 2).path("position").asText();
        assertThat(feed("demo", middle)).hasSize(all.size() - all.size() / 2 - 1);
        assertThat(feed("demo", all.getLast().path("position").asText())).isEmpty();
        assertThat(as("demo", "engine").get("/v1/feeds/memberships?after=x").statusCode())
                .isEqualTo(400);
    }

    @Test
    void refusesWhoLacksTheRole() {
        assertThat(
                        as("demo", "analyst")
                                .body(segment("{\"all\":[]}"))
                                .put("/v1/segments/forbidden")
                                .statusCode())
                .isEqualTo(403);
        assertThat(as("demo", "marketer").get("/v1/feeds/memberships").statusCode()).isEqualTo(403);
        assertThat(given().get("/v1/segments").statusCode()).isEqualTo(401);
    }

    private static List<JsonNode> of(List<JsonNode> feed, String segment) {
        return feed.stream().filter(line -> line.path("segment").asText().equals(segment)).toList();
    }

    private static List<JsonNode> feed(String program, @Nullable String after) {
        return as(program, "engine")
                .accept("application/x-ndjson")
                .get("/v1/feeds/memberships" + (after == null ? "" : "?after=" + after))
                .asString()
                .lines()
                .map(RunningService::json)
                .toList();
    }
}
