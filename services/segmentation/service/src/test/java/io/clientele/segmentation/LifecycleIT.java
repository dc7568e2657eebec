package io.clientele.segmentation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.segmentation.verification.VerificationSchedule;
import io.clientele.testkit.KafkaResource;
import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.LogCheck;
import io.clientele.testkit.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is done with segments beside their conditions: by hand, in sets, over time. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(FakeProfile.class)
@QuarkusTestResource(
        value = PostgresResource.class,
        initArgs = @ResourceArg(name = "service", value = "segmentation"))
@ExtendWith(LogCheck.class)
class LifecycleIT extends RunningService {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject ProgramTransactions transactions;
    @Inject Statements statements;
    @Inject VerificationSchedule schedule;

    @Inject
    @ConfigProperty(name = "quarkus.rest-client.profile.url")
    String profile;

    private static String bought(String store) {
        return "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":\""
                + store
                + "\"}}";
    }

    private static void buy(String member, String store, Instant at, int amount) {
        upstream.purchase(
                "demo", member, member + "-" + at, at, Map.of("amount", amount, "store", store));
    }

    private static List<String> members(String segment) {
        return json(as("demo", "analyst").get("/v1/segments/" + segment + "/members?limit=1000"))
                .path("items")
                .findValuesAsText("member");
    }

    private static long preview(String condition) {
        return json(as("demo", "analyst")
                        .body("{\"condition\":" + condition + "}")
                        .post("/v1/segments/preview"))
                .path("count")
                .asLong();
    }

    @Test
    void setsMembersInAndOutByHand() {
        var past = upstream.now().minus(Duration.ofHours(1));
        buy("hand-1", "hand-store", past, 5);
        buy("hand-2", "hand-elsewhere", past, 5);
        put("demo", "hand", bought("hand-store"));
        await().atMost(SOON).until(() -> members("hand").equals(List.of("hand-1")));

        var in =
                as("demo", "marketer")
                        .body("{\"override\":\"include\"}")
                        .put("/v1/segments/hand/overrides/hand-2");
        assertThat(in.statusCode()).as(in.asString()).isEqualTo(200);
        await().atMost(SOON).until(() -> members("hand").equals(List.of("hand-1", "hand-2")));
        var out =
                as("demo", "marketer")
                        .body("{\"override\":\"exclude\"}")
                        .put("/v1/segments/hand/overrides/hand-1");
        assertThat(out.statusCode()).isEqualTo(200);
        await().atMost(SOON).until(() -> members("hand").equals(List.of("hand-2")));

        // One number everywhere.
        assertThat(size("demo", "hand")).isEqualTo(1);
        assertThat(
                        json(as("demo", "analyst").get("/v1/segments/hand"))
                                .at("/cost/evaluations")
                                .asLong())
                .isPositive();
        await().atMost(SOON).until(() -> preview("{\"segment\":\"hand\"}") == 1);
        assertThat(
                        json(as("demo", "analyst").get("/v1/segments/hand/persona"))
                                .path("size")
                                .asInt())
                .isEqualTo(1);
        var why = json(as("demo", "agent").get("/v1/members/hand-2/segments/hand/explain"));
        assertThat(why.path("inside").asBoolean()).isTrue();
        assertThat(why.path("text").asText()).contains("override.hand");
        assertThat(
                        json(as("demo", "analyst").get("/v1/segments/hand/overrides"))
                                .path("items")
                                .findValuesAsText("override"))
                .containsExactly("exclude", "include");

        // An event does not undo it.
        buy("hand-1", "hand-store", upstream.now(), 5);
        assertThat(as("demo", "marketer").delete("/v1/segments/hand/overrides/hand-1").statusCode())
                .isEqualTo(204);
        await().atMost(SOON).until(() -> members("hand").equals(List.of("hand-1", "hand-2")));
        assertThat(as("demo", "marketer").delete("/v1/segments/hand/overrides/hand-1").statusCode())
                .isEqualTo(404);

        var changes = changes("demo", "hand", 4);
        assertThat(changes)
                .extracting(SegmentMembershipRecord.Changed::change)
                .containsExactlyInAnyOrder(
                        MembershipChange.ENTERED,
                        MembershipChange.ENTERED,
                        MembershipChange.LEFT,
                        MembershipChange.ENTERED);
        assertThat(changes)
                .extracting(SegmentMembershipRecord.Changed::cause)
                .containsExactlyInAnyOrder(
                        MembershipCause.DEFINITION,
                        MembershipCause.OVERRIDE,
                        MembershipCause.OVERRIDE,
                        MembershipCause.OVERRIDE);
        assertThat(
                        as("demo", "marketer")
                                .body("{\"override\":\"include\"}")
                                .put("/v1/segments/hand/overrides/hand-nobody")
                                .statusCode())
                .isEqualTo(404);
        assertThat(
                        as("demo", "marketer")
                                .body("{\"override\":\"maybe\"}")
                                .put("/v1/segments/hand/overrides/hand-1")
                                .statusCode())
                .isEqualTo(422);
    }

    @Test
    void keepsListsAndFreezesSegments() {
        var past = upstream.now().minus(Duration.ofHours(1));
        IntStream.range(0, 6).forEach(i -> buy("listed-" + i, "lists-store", past, 5));
        await().atMost(SOON).until(() -> preview(bought("lists-store")) == 6);

        var made =
                as("demo", "marketer")
                        .body(
                                "{\"name\":\"Guests\",\"members\":[\"listed-0\",\"listed-1\",\"nobody\"]}")
                        .put("/v1/lists/guests");
        assertThat(made.statusCode()).as(made.asString()).isEqualTo(200);
        assertThat(json(made).path("members").asInt()).isEqualTo(2);
        assertThat(json(made).at("/unknown/0/member").asText()).isEqualTo("nobody");
        assertThat(json(made).at("/unknown/0/place").asInt()).isEqualTo(2);
        await().atMost(SOON).until(() -> members("guests").equals(List.of("listed-0", "listed-1")));

        var again =
                as("demo", "marketer")
                        .contentType("text/csv")
                        .body("member\r\nlisted-1\r\nlisted-2\r\n")
                        .put("/v1/lists/guests");
        assertThat(again.statusCode()).as(again.asString()).isEqualTo(200);
        assertThat(json(again).path("added").asInt()).isEqualTo(1);
        assertThat(json(again).path("removed").asInt()).isEqualTo(1);
        assertThat(json(again).path("name").asText()).isEqualTo("Guests");
        await().atMost(SOON).until(() -> members("guests").equals(List.of("listed-1", "listed-2")));
        var changes = changes("demo", "guests", 4);
        assertThat(changes).extracting(it -> it.cause()).containsOnly(MembershipCause.IMPORT);
        assertThat(changes).filteredOn(it -> it.member().value().equals("listed-1")).hasSize(1);

        assertThat(json(as("demo", "analyst").get("/v1/segments/guests")).path("kind").asText())
                .isEqualTo("list");
        assertThat(
                        as("demo", "marketer")
                                .header("If-Match", "*")
                                .body(segment("{\"all\":[]}"))
                                .put("/v1/segments/guests")
                                .statusCode())
                .isEqualTo(409);
        assertThat(
                        as("demo", "marketer")
                                .contentType("text/csv")
                                .body("who\r\nlisted-1\r\n")
                                .put("/v1/lists/guests")
                                .statusCode())
                .isEqualTo(422);

        put("demo", "frozen-from", bought("lists-store"));
        var frozen =
                as("demo", "marketer")
                        .body("{\"key\":\"frozen\",\"name\":\"As it was\"}")
                        .post("/v1/segments/frozen-from/snapshots");
        assertThat(frozen.statusCode()).as(frozen.asString()).isEqualTo(201);
        assertThat(json(frozen).path("members").asInt()).isEqualTo(6);
        buy("listed-6", "lists-store", upstream.now(), 5);
        await().atMost(SOON).until(() -> members("frozen-from").size() == 7);
        await().atMost(SOON).until(() -> members("frozen").size() == 6);
        assertThat(
                        as("demo", "marketer")
                                .body("{\"key\":\"frozen\"}")
                                .post("/v1/segments/frozen-from/snapshots")
                                .statusCode())
                .isEqualTo(409);
    }

    private static String set(int vip, int good) {
        var spent =
                "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":\"set-store\"},"
                    + "\"measure\":{\"sum\":\"amount\"},\"atLeast\":";
        return "{\"name\":\"Value\",\"classes\":[{\"segment\":\"set-vip\",\"name\":\"VIP\",\"condition\":"
                + spent
                + vip
                + "}},{\"segment\":\"set-good\",\"condition\":"
                + spent
                + good
                + "}}],\"otherwise\":{\"segment\":\"set-rest\"}}";
    }

    @Test
    void putsEveryMemberIntoExactlyOneClass() {
        var past = upstream.now().minus(Duration.ofHours(1));
        IntStream.range(0, 10).forEach(i -> buy("set-" + i, "set-store", past, i * 10));
        await().atMost(SOON).until(() -> preview(bought("set-store")) == 10);

        var made = as("demo", "marketer").body(set(70, 40)).put("/v1/segment-sets/value");
        assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
        await().atMost(SOON)
                .untilAsserted(() -> {
                    var view = json(as("demo", "analyst").get("/v1/segment-sets/value"));
                    assertThat(view.at("/classes/0/size").asLong()).isEqualTo(3);
                    assertThat(view.at("/classes/1/size").asLong()).isEqualTo(3);
                    assertThat(view.path("size").asLong()).isEqualTo(preview("{\"all\":[]}"));
                });
        assertThat(
                        as("demo", "marketer")
                                .body(set(70, 40))
                                .put("/v1/segment-sets/value")
                                .header("ETag"))
                .isEqualTo(made.header("ETag"));
        assertThat(
                        as("demo", "marketer")
                                .body(set(80, 40))
                                .put("/v1/segment-sets/value")
                                .statusCode())
                .isEqualTo(428);

        var changed =
                as("demo", "marketer")
                        .header("If-Match", made.header("ETag"))
                        .body(set(90, 20))
                        .put("/v1/segment-sets/value");
        assertThat(changed.statusCode()).as(changed.asString()).isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> {
                    var view = json(as("demo", "analyst").get("/v1/segment-sets/value"));
                    assertThat(view.at("/classes/0/size").asLong()).isEqualTo(1);
                    assertThat(view.at("/classes/1/size").asLong()).isEqualTo(7);
                });
        // Out of one class and into another at the same instant.
        var left =
                changes("demo", "set-vip", 5).stream()
                        .filter(it -> it.change() == MembershipChange.LEFT)
                        .toList();
        assertThat(left).hasSize(2);
        for (var change : left) {
            assertThat(changes("demo", "set-good", 7))
                    .filteredOn(it -> it.member().equals(change.member()))
                    .singleElement()
                    .satisfies(it -> assertThat(it.at()).isEqualTo(change.at()));
        }

        assertThat(
                        as("demo", "marketer")
                                .header("If-Match", "*")
                                .body(segment("{\"all\":[]}"))
                                .put("/v1/segments/set-vip")
                                .statusCode())
                .isEqualTo(409);
        assertThat(
                        as("demo", "marketer")
                                .body("{\"override\":\"include\"}")
                                .put("/v1/segments/set-vip/overrides/set-1")
                                .statusCode())
                .isEqualTo(409);
        for (var status : List.of("paused", "archived")) {
            assertThat(
                            as("demo", "marketer")
                                    .header("If-Match", "*")
                                    .body("{\"status\":\"" + status + "\"}")
                                    .patch("/v1/segments/set-vip")
                                    .statusCode())
                    .as(status)
                    .isEqualTo(409);
        }
        as("demo", "marketer")
                .header("If-Match", "*")
                .body("{\"owner\":\"Ann\"}")
                .patch("/v1/segments/set-vip")
                .then()
                .statusCode(200);
        var wrong =
                as("demo", "marketer")
                        .body(
                                "{\"classes\":[{\"segment\":\"w-1\",\"condition\":{\"attribute\":\"nothing\",\"equals\":1}}],"
                                    + "\"otherwise\":{\"segment\":\"w-2\"}}")
                        .put("/v1/segment-sets/wrong");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(json(wrong).at("/errors/0/pointer").asText()).startsWith("/classes/0/condition");
        var twice =
                as("demo", "marketer")
                        .body(
                                "{\"classes\":[{\"segment\":\"w-1\",\"condition\":{\"all\":[]}}],"
                                        + "\"otherwise\":{\"segment\":\"w-1\"}}")
                        .put("/v1/segment-sets/wrong");
        assertThat(json(twice).at("/errors/0/pointer").asText()).isEqualTo("/otherwise/segment");
        assertThat(as("demo", "analyst").get("/v1/segment-sets/nothing").statusCode())
                .isEqualTo(404);
        assertThat(as("other", "admin").get("/v1/segment-sets/value").statusCode()).isEqualTo(404);
    }

    @Test
    void tellsSizesOverTimeAsTheyWere() {
        put("demo", "sized", bought("sized-store"));
        buy("sized-1", "sized-store", upstream.now(), 5);
        await().atMost(SOON).until(() -> size("demo", "sized") == 1);
        var sinceMade = json(as("demo", "analyst").get("/v1/segments/sized/history"));
        assertThat(sinceMade.path("items")).hasSize(1);
        await().atMost(SOON)
                .until(() ->
                        json(as("demo", "analyst").get("/v1/segments/sized/history"))
                                        .at("/items/0/size")
                                        .asLong()
                                == 1);

        // As if it had been kept for 40 days: each day one more comes and stays for ten.
        var zone = ZoneId.of("UTC");
        var today = LocalDate.ofInstant(upstream.now(), zone);
        transactions.run(
                "demo",
                () -> {
                    statements.update(
                            "update segment_version set effective_at = ? where program = 'demo' and"
                                    + " key = 'sized'",
                            upstream.now().minus(Duration.ofDays(41)));
                    statements.update(
                            "insert into membership (program, segment, member, since, until,"
                                    + " version, cause, recorded_at) select 'demo', 'sized',"
                                    + " 's' || i, ?::timestamptz - make_interval(days => i),"
                                    + " ?::timestamptz - make_interval(days => i - 10), 1, 'event',"
                                    + " now() from generate_series(11, 40) as i",
                            today.atTime(12, 0).atZone(zone).toInstant(),
                            today.atTime(12, 0).atZone(zone).toInstant());
                });
        var items = json(as("demo", "analyst").get("/v1/segments/sized/history")).path("items");
        assertThat(items).hasSize(30);
        for (int i = 0; i < 30; i++) {
            int daysAgo = 29 - i;
            var item = items.path(i);
            int inside =
                    (int)
                            IntStream.rangeClosed(11, 40)
                                    .filter(d -> d >= daysAgo && d - 10 < daysAgo)
                                    .count();
            assertThat(item.path("size").asInt())
                    .as("%s", item)
                    .isEqualTo(inside + (daysAgo == 0 ? 1 : 0));
            assertThat(item.path("left").asInt()).isEqualTo(daysAgo >= 1 ? 1 : 0);
        }
        var weeks =
                json(as("demo", "analyst").get("/v1/segments/sized/history?interval=week"))
                        .path("items");
        assertThat(weeks.path(weeks.size() - 1).path("size").asInt()).isEqualTo(1);
        var days =
                json(as("demo", "analyst").get("/v1/segments/sized?sparkline=P7D"))
                        .path("sparkline");
        assertThat(days).hasSize(1);
        assertThat(days.path(0).asInt()).isEqualTo(1);
        assertThat(as("demo", "analyst").get("/v1/segments/sized?sparkline=P1M").statusCode())
                .isEqualTo(400);
        assertThat(
                        as("demo", "analyst")
                                .get("/v1/segments/sized/history?interval=minute")
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void flagsAFallWithinADay() {
        put("demo", "watched", bought("watched-store"));
        var young = json(as("demo", "analyst").get("/v1/segments/watched/watch"));
        assertThat(young.path("flag").asText()).isEqualTo("none");
        assertThat(young.path("sufficiency").asText()).isNotEmpty();

        // As if it had been kept for ten weeks: 1,000 members, of whom 300 left on the last day.
        var zone = ZoneId.of("UTC");
        var yesterday = LocalDate.ofInstant(upstream.now(), zone).minusDays(1);
        var noon = yesterday.atTime(12, 0).atZone(zone).toInstant();
        transactions.run(
                "demo",
                () -> {
                    statements.update(
                            "update segment_version set effective_at = ? where program = 'demo' and"
                                    + " key = 'watched'",
                            noon.minus(Duration.ofDays(70)));
                    statements.update(
                            "insert into membership (program, segment, member, since, until,"
                                    + " version, cause, recorded_at) select 'demo', 'watched',"
                                    + " 'w' || i, ?::timestamptz, case when i <= 300 then"
                                    + " ?::timestamptz end, 1, 'event', now() from"
                                    + " generate_series(1, 1000) as i",
                            noon.minus(Duration.ofDays(69)),
                            noon);
                });
        var fallen = json(as("demo", "analyst").get("/v1/segments/watched/watch"));
        assertThat(fallen.path("flag").asText()).isEqualTo("shrinkage");
        assertThat(fallen.path("size").asInt()).isEqualTo(700);
        assertThat(fallen.path("expected").asInt()).isEqualTo(1000);
        assertThat(fallen.path("day").asText()).isEqualTo(yesterday.toString());
    }

    @Test
    void tellsWhoChangedWhat() {
        put("demo", "audited", bought("audited-store"));
        as("demo", "marketer")
                .header("If-Match", "*")
                .body("{\"name\":\"Renamed\"}")
                .patch("/v1/segments/audited")
                .then()
                .statusCode(200);
        as("demo", "marketer")
                .body("{\"habits\":[\"none\"]}")
                .put("/v1/segments/audited/persona")
                .then()
                .statusCode(200);
        as("demo", "marketer")
                .header("If-Match", "*")
                .delete("/v1/segments/audited")
                .then()
                .statusCode(200);

        var log = json(as("demo", "analyst").get("/v1/segments/audited/audit-log?limit=3"));
        var items = log.path("items");
        assertThat(items.findValuesAsText("action")).containsExactly("archive", "persona", "patch");
        assertThat(items.at("/2/change/name/before").asText()).isEqualTo("A segment");
        assertThat(items.at("/2/change/name/after").asText()).isEqualTo("Renamed");
        assertThat(items.at("/2/actor").asText()).contains("marketer");
        assertThat(instant(items.at("/2/at"))).isBefore(upstream.now());
        JsonNode first =
                json(
                        as("demo", "analyst")
                                .get(
                                        "/v1/segments/audited/audit-log?limit=3&cursor="
                                                + log.path("next").asText()));
        assertThat(first.path("items").findValuesAsText("action")).containsExactly("put");
        assertThat(as("other", "admin").get("/v1/segments/audited/audit-log").statusCode())
                .isEqualTo(404);
    }

    @Test
    void explainsByTheVersionOfThen() {
        buy("then-1", "then-store", upstream.now().minus(Duration.ofHours(1)), 5);
        put("demo", "then", bought("then-store"));
        await().atMost(SOON).until(() -> size("demo", "then") == 1);
        var then = upstream.now();
        // Clocks are at most some seconds behind: the next version begins after that instant.
        await().atMost(SOON)
                .until(() ->
                        instant(json(as("demo", "analyst").get("/v1/segments/then")).path("asOf"))
                                .isAfter(then));
        as("demo", "marketer")
                .header("If-Match", "*")
                .body(segment(bought("then-elsewhere")))
                .put("/v1/segments/then")
                .then()
                .statusCode(200);

        var path = "/v1/members/then-1/segments/then/explain";
        var before = json(as("demo", "agent").get(path + "?at=" + then));
        assertThat(before.path("version").asInt()).isEqualTo(1);
        assertThat(before.path("inside").asBoolean()).isTrue();
        assertThat(before.path("matches").asBoolean()).isTrue();
        assertThat(before.at("/root/eventCount").asInt()).isEqualTo(1);
        await().atMost(SOON)
                .untilAsserted(() -> {
                    var now = json(as("demo", "agent").get(path));
                    assertThat(now.path("version").asInt()).isEqualTo(2);
                    assertThat(now.path("inside").asBoolean()).isFalse();
                    assertThat(now.path("text").asText()).contains("then-elsewhere");
                });
    }

    /** What profile has stored of a member that bought once. */
    private void stored(String member, String store, Instant at, int amount) {
        given().baseUri(profile)
                .contentType("application/json")
                .body(
                        Json.mapper()
                                .valueToTree(
                                        Map.of(
                                                "member",
                                                member,
                                                "since",
                                                at,
                                                "events",
                                                List.of(
                                                        Map.of(
                                                                "source",
                                                                "pos",
                                                                "id",
                                                                member + "-" + at,
                                                                "type",
                                                                "purchase",
                                                                "occurredAt",
                                                                at,
                                                                "properties",
                                                                Map.of(
                                                                        "amount", amount, "store",
                                                                        store))),
                                                "changes",
                                                List.of()))
                                .toString())
                .put("/put")
                .then()
                .statusCode(204);
    }

    @Test
    void verifiesMembershipsByTheStoredEvents() {
        var past = upstream.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MILLIS);
        put("demo", "verified", bought("verified-store"));
        for (int i = 0; i < 4; i++) {
            buy("verified-" + i, "verified-store", past, 5);
            // One was stored with another store, one with another instant, one not at all.
            if (i < 3) {
                stored(
                        "verified-" + i,
                        i == 1 ? "elsewhere" : "verified-store",
                        i == 2 ? past.plusMillis(1) : past,
                        5);
            }
        }
        await().atMost(SOON).until(() -> size("demo", "verified") == 4);

        var answer =
                as("demo", "marketer")
                        .body("{\"members\":100000}")
                        .post("/v1/segments/verified/verifications");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        var latest =
                json(as("demo", "analyst").get("/v1/segments/verified/verifications"))
                        .at("/items/0");
        assertThat(latest.path("version").asInt()).isEqualTo(1);
        assertThat(latest.path("members").asInt()).isGreaterThanOrEqualTo(4);
        // Members of the other tests are not stored at all.
        assertThat(latest.path("differences").asInt())
                .isEqualTo(latest.path("members").asInt() - 1);
        var examples = latest.path("examples");
        assertThat(examples.findValuesAsText("member")).doesNotContain("verified-0");
        assertThat(
                        as("demo", "marketer")
                                .body("{\"members\":0}")
                                .post("/v1/segments/verified/verifications")
                                .statusCode())
                .isEqualTo(422);
    }

    /** What nobody asked for: as the program's own client, with its token from Keycloak. */
    @Test
    @LogCheck.Expect("1 of 1 verified members differ")
    void verifiesOnItsOwnWhatWasNotVerifiedForLong() {
        var other = new ProgramId("other");
        put("other", "watched-over", bought("watched-over-store"));
        upstream.purchase(
                "other",
                "watched-over-1",
                "watched-over-1",
                upstream.now().minus(Duration.ofHours(1)),
                Map.of("amount", 5, "store", "watched-over-store"));
        await().atMost(SOON).until(() -> size("other", "watched-over") == 1);

        // Made a moment ago.
        assertThat(schedule.run(other, upstream.now())).isZero();
        // A day and an hour on.
        var later = upstream.now().plus(Duration.ofHours(25));
        assertThat(schedule.run(other, later)).isPositive();
        // What was verified is not due again.
        assertThat(schedule.run(other, upstream.now().plus(Duration.ofHours(23)))).isZero();
        assertThat(schedule.run(new ProgramId("no-client"), later)).isZero();

        var results =
                json(as("other", "analyst").get("/v1/segments/watched-over/verifications"))
                        .path("items");
        assertThat(results).hasSize(1);
        assertThat(results.at("/0/actor").asText()).isEqualTo("schedule");
        // Profile has stored nothing of the member, who therefore differs.
        assertThat(results.at("/0/examples").findValuesAsText("member")).contains("watched-over-1");
        assertThat(metrics()).contains("segmentation_verification_differences 1.0");

        as("other", "admin")
                .header("If-Match", "*")
                .delete("/v1/segments/watched-over")
                .then()
                .statusCode(200);
        await().atMost(SOON)
                .until(() ->
                        schedule.run(other, upstream.now()) == 0
                                && metrics().contains("segmentation_verification_differences 0.0"));
    }

    @Test
    void tellsOfEachSegmentInMetrics() {
        var past = upstream.now().minus(Duration.ofHours(1));
        put("demo", "measured", bought("measured-store"));
        buy("measured-1", "measured-store", past, 5);
        buy("measured-2", "measured-store", past, 5);
        await().atMost(SOON).until(() -> size("demo", "measured") == 2);

        var segment = "{program=\"demo\",segment=\"measured\"}";
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(metrics())
                                .contains(
                                        "segmentation_segment_members" + segment + " 2.0",
                                        "segmentation_segment_quarantined" + segment + " 0.0")
                                .containsPattern(
                                        "segmentation_segment_evaluations"
                                                + Pattern.quote(segment)
                                                + " [1-9]")
                                .contains("segmentation_segment_seconds" + segment));

        as("demo", "admin")
                .header("If-Match", "*")
                .delete("/v1/segments/measured")
                .then()
                .statusCode(200);
        await().atMost(SOON).until(() -> !metrics().contains(segment));
    }

    private static String metrics() {
        return given().get("/q/metrics").asString();
    }
}
