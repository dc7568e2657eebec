package io.clientele.profile.member;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.profile.Events;
import io.clientele.testkit.KafkaProbe;
import io.clientele.testkit.KafkaResource;
import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.LogCheck;
import io.clientele.testkit.MongoResource;
import io.clientele.testkit.ProblemAssert;
import io.clientele.testkit.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(
        value = MongoResource.class,
        initArgs = @ResourceArg(name = "proxied", value = "true"))
@ExtendWith(LogCheck.class)
class MemberRoutesIT {
    @SuppressWarnings("NullAway.Init")
    private KafkaProbe kafka;

    private final String who = "m-" + UUID.randomUUID();

    @BeforeEach
    void connect() {
        kafka = KafkaProbe.connect();
        register("email", "string", true);
        register("country", "string", false, "TH", "VN");
        register("income", "number", false);
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    private void register(String name, String type, boolean personal, Object... values) {
        for (var program : List.of("demo", "other")) {
            var attribute =
                    new RegistryRecord.Attribute(
                            new ProgramId(program),
                            2,
                            name,
                            type,
                            "custom",
                            null,
                            List.of(values),
                            false,
                            personal);
            var unused =
                    kafka.send(
                            new ProducerRecord<>(
                                    Topics.PROGRAM_REGISTRY,
                                    attribute.key(),
                                    Json.bytes(attribute)));
        }
    }

    private static RequestSpecification as(String program, String role) {
        return given().header("Authorization", Tokens.bearer(program, role))
                .contentType("application/json");
    }

    private Response put(Map<String, Object> body) {
        return as("demo", "agent").body(body).put("/v1/members/" + who);
    }

    private void awaitApplied(int count) {
        var unused =
                kafka.await(
                        Topics.MEMBER_EVENTS,
                        count,
                        Duration.ofSeconds(30),
                        it -> ("demo:" + who).equals(it.key()));
    }

    @Test
    void createsReadsAndEditsAMember() {
        var created =
                put(
                        Map.of(
                                "attributes",
                                Map.of("email", "ann@example.org", "country", "th", "income", 5),
                                "identities",
                                List.of(Map.of("type", "card", "value", "c-" + who)),
                                "consents",
                                List.of(
                                        Map.of(
                                                "purpose", "marketing",
                                                "channel", "email",
                                                "granted", true))));
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.jsonPath().getString("kind")).isEqualTo("prospect");
        assertThat(created.jsonPath().getMap("attributes"))
                .containsEntry("country", "TH")
                .containsEntry("email", "ann@example.org")
                .containsEntry("reachable.email", true);
        assertThat(created.jsonPath().getList("identities")).hasSize(1);

        ProblemAssert.assertThatProblem(put(Map.of()).asString())
                .hasStatus(428)
                .hasCode("if-match-missing");

        var tag = created.header("ETag");
        var patched =
                as("demo", "agent")
                        .contentType("application/merge-patch+json")
                        .header("If-Match", tag)
                        .body("{\"attributes\":{\"country\":\"VN\",\"income\":null}}")
                        .patch("/v1/members/" + who);
        assertThat(patched.statusCode()).as(patched.asString()).isEqualTo(200);
        assertThat(patched.jsonPath().getMap("attributes"))
                .containsEntry("country", "VN")
                .containsEntry("email", "ann@example.org")
                .doesNotContainKey("income");
        assertThat(patched.header("ETag")).isNotEqualTo(tag);

        var stale =
                as("demo", "agent")
                        .header("If-Match", tag)
                        .body("{\"attributes\":{\"country\":\"TH\"}}")
                        .patch("/v1/members/" + who);
        ProblemAssert.assertThatProblem(stale.asString()).hasStatus(412).hasCode("if-match-stale");

        // What was read can be written back, and changes nothing.
        var read = as("demo", "agent").get("/v1/members/" + who);
        var written =
                as("demo", "agent")
                        .header("If-Match", read.header("ETag"))
                        .body(read.asString())
                        .put("/v1/members/" + who);
        assertThat(written.statusCode()).as(written.asString()).isEqualTo(200);
        assertThat(written.asString()).isEqualTo(read.asString());
        assertThat(written.header("ETag")).isEqualTo(read.header("ETag"));
    }

    @Test
    void tellsAnEngineWhereAMemberWhoConsentsIsReached() {
        var made =
                put(
                        Map.of(
                                "attributes",
                                Map.of("email", "ann@example.org", "country", "th"),
                                "consents",
                                List.of(
                                        Map.of(
                                                "purpose", "marketing",
                                                "channel", "email",
                                                "granted", true),
                                        Map.of(
                                                "purpose", "marketing",
                                                "channel", "push",
                                                "granted", true))));
        assertThat(made.statusCode()).isEqualTo(201);
        var question =
                Map.of(
                        "purpose",
                        "marketing",
                        "members",
                        List.of(
                                Map.of(
                                        "member",
                                        who,
                                        "channel",
                                        "email",
                                        "fields",
                                        List.of("country", "income")),
                                Map.of("member", who, "channel", "sms"),
                                Map.of("member", who, "channel", "push"),
                                Map.of("member", "nobody-" + who, "channel", "email")));

        var items = as("demo", "engine").body(question).post("/v1/contact-addresses").jsonPath();

        assertThat(items.getString("items[0].address")).isEqualTo("ann@example.org");
        assertThat(items.getMap("items[0].fields"))
                .isEqualTo(Map.of("country", "TH", "income", ""));
        assertThat(items.getList("items.problem"))
                .containsExactly(null, "no-consent", "no-address", "unknown-member");
        var foreign = as("other", "engine").body(question).post("/v1/contact-addresses");
        assertThat(foreign.jsonPath().getString("items[0].problem")).isEqualTo("unknown-member");
        assertThat(as("demo", "marketer").body(question).post("/v1/contact-addresses").statusCode())
                .isEqualTo(403);
        assertThat(as("demo", "engine").body("{}").post("/v1/contact-addresses").statusCode())
                .isEqualTo(422);
    }

    /** What segmentation verifies by; its fake of this route answers the same way. */
    @Test
    void tellsWhatIsStoredWithoutAnythingPersonal() {
        var made = put(Map.of("attributes", Map.of("email", "ann@example.org", "country", "TH")));
        assertThat(made.statusCode()).isEqualTo(201);
        var question = Map.of("members", List.of(who, "nobody-" + who));

        var answer = as("demo", "marketer").body(question).post("/v1/member-facts");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.asString()).doesNotContain("ann@example.org");
        var items = answer.jsonPath();
        assertThat(items.getList("items.member")).containsExactly(who);
        assertThat(items.getString("items[0].since")).isNotNull();
        assertThat(items.getList("items[0].events.type")).hasSize(1);
        assertThat(items.getList("items[0].changes.name"))
                .contains("country", "reachable.email")
                .doesNotContain("email");
        assertThat(
                        as("other", "marketer")
                                .body(question)
                                .post("/v1/member-facts")
                                .jsonPath()
                                .getList("items"))
                .isEmpty();
        assertThat(as("demo", "engine").body(question).post("/v1/member-facts").statusCode())
                .isEqualTo(403);
        assertThat(as("demo", "marketer").body("{}").post("/v1/member-facts").statusCode())
                .isEqualTo(422);
    }

    @Test
    void refusesWhatCannotBeSo() {
        ProblemAssert.assertThatProblem(
                        put(Map.of("attributes", Map.of("country", "Siam"))).asString())
                .hasStatus(422)
                .hasCode("member-invalid")
                .hasDetail("attribute country: expected one of [TH, VN]");
        ProblemAssert.assertThatProblem(
                        put(Map.of("kind", "member", "shoes", 1, "loyalty", Map.of("points", 1)))
                                .asString())
                .hasStatus(422)
                .hasErrorsAt("/kind", "/shoes", "/loyalty");
        assertThat(as("demo", "agent").get("/v1/members/" + who).statusCode()).isEqualTo(404);
    }

    @Test
    void leavesAnIdentityToItsOwner() {
        var card = Map.of("identities", List.of(Map.of("type", "card", "value", "c-" + who)));
        assertThat(put(Map.copyOf(card)).statusCode()).isEqualTo(201);
        ProblemAssert.assertThatProblem(
                        as("demo", "agent").body(card).put("/v1/members/x" + who).asString())
                .hasStatus(409)
                .hasCode("identity-taken");
    }

    @Test
    void showsPersonalDataOnlyToThoseWhoMaySeeIt() {
        var unused = put(Map.of("attributes", Map.of("email", "ann@example.org", "country", "TH")));
        var marketer = as("demo", "marketer").get("/v1/members/" + who);
        assertThat(marketer.statusCode()).isEqualTo(200);
        assertThat(marketer.asString()).doesNotContain("ann@");
        assertThat(marketer.jsonPath().getMap("attributes")).containsEntry("country", "TH");
        assertThat(as("demo", "marketer").get("/v1/members/" + who + "/timeline").asString())
                .contains("TH")
                .doesNotContain("ann@");
        assertThat(as("demo", "agent").get("/v1/members/" + who + "/timeline").asString())
                .contains("ann@");
        for (var role : List.of("ingest", "engine", "analyst")) {
            assertThat(as("demo", role).get("/v1/members/" + who).statusCode())
                    .as(role)
                    .isEqualTo(403);
        }
        assertThat(as("demo", "marketer").body("{}").post("/v1/members/search").statusCode())
                .isEqualTo(403);
        assertThat(given().get("/v1/members/" + who).statusCode()).isEqualTo(401);
    }

    @Test
    void hidesOneProgramFromAnother() {
        var id = "p-" + UUID.randomUUID();
        var unused = kafka.send(Events.purchase(id, who, 1).known("card", "c-" + who).record());
        awaitApplied(1);
        assertThat(as("demo", "admin").get("/v1/members/" + who).statusCode()).isEqualTo(200);

        for (var path : List.of("", "/summary", "/timeline")) {
            var foreign = as("other", "admin").get("/v1/members/" + who + path);
            var absent = as("other", "admin").get("/v1/members/nobody" + path);
            assertThat(foreign.statusCode()).isEqualTo(404);
            assertThat(withoutRequest(foreign.asString()))
                    .isEqualTo(withoutRequest(absent.asString().replace("nobody", who)));
        }
        assertThat(as("other", "admin").get("/v1/events/test/" + id).statusCode()).isEqualTo(404);
        assertThat(as("demo", "admin").get("/v1/events/test/" + id).statusCode()).isEqualTo(200);
        var search = Map.of("identity", Map.of("type", "card", "value", "c-" + who));
        assertThat(
                        as("other", "admin")
                                .body(search)
                                .post("/v1/members/search")
                                .jsonPath()
                                .getList("items"))
                .isEmpty();
        assertThat(
                        as("demo", "admin")
                                .body(search)
                                .post("/v1/members/search")
                                .jsonPath()
                                .getList("items.id"))
                .containsExactly(who);
        assertThat(
                        as("other", "admin")
                                .body(Map.of("attributes", Map.of("x" + who, 1)))
                                .post("/v1/members/search")
                                .jsonPath()
                                .getList("items"))
                .isEmpty();
    }

    private static String withoutRequest(String problem) {
        return problem.replaceAll("\"instance\":\"[^\"]*\"", "");
    }

    @Test
    void pagesTheTimelineAndSumsUp() {
        var events =
                List.of(
                        Events.purchase("1-" + who, who, 10).at("2026-10-01T00:00:00Z"),
                        Events.purchase("2-" + who, who, 20).at("2026-10-01T00:00:00Z"),
                        Events.purchase("3-" + who, who, 30).at("2026-09-01T00:00:00Z"),
                        Events.event("4-" + who, "return")
                                .of(who)
                                .at("2026-10-02T00:00:00Z")
                                .with(Map.of("amount", 5)));
        events.forEach(it -> {
            var unused = kafka.send(it.record());
        });
        awaitApplied(4);

        var first = as("demo", "agent").get("/v1/members/" + who + "/timeline?limit=3");
        assertThat(first.jsonPath().getList("items.id"))
                .containsExactly("4-" + who, "2-" + who, "1-" + who);
        var second =
                as("demo", "agent")
                        .get(
                                "/v1/members/"
                                        + who
                                        + "/timeline?limit=3&cursor="
                                        + first.jsonPath().getString("next"));
        assertThat(second.jsonPath().getList("items.id")).containsExactly("3-" + who);
        assertThat(second.jsonPath().getString("next")).isNull();
        assertThat(
                        as("demo", "agent")
                                .get("/v1/members/" + who + "/timeline?type=return")
                                .jsonPath()
                                .getList("items.id"))
                .containsExactly("4-" + who);

        var summary = as("demo", "marketer").get("/v1/members/" + who + "/summary").jsonPath();
        assertThat(summary.getInt("purchases.count")).isEqualTo(3);
        assertThat(summary.getInt("purchases.amount")).isEqualTo(60);
        assertThat(summary.getInt("spent")).isEqualTo(55);
        assertThat(summary.getDouble("averageOrderValue")).isEqualTo(20.0);
        assertThat(summary.getString("lastPurchaseAt")).isEqualTo("2026-10-01T00:00:00Z");
    }

    @Test
    void findsMembersByAttributes() {
        var unused = put(Map.of("attributes", Map.of("email", who + "@example.org")));
        var found =
                as("demo", "agent")
                        .body(Map.of("attributes", Map.of("email", who + "@example.org")))
                        .post("/v1/members/search");
        assertThat(found.jsonPath().getList("items.id")).containsExactly(who);
        var page = as("demo", "agent").body("{}").post("/v1/members/search?limit=1");
        assertThat(page.jsonPath().getList("items")).hasSize(1);
        ProblemAssert.assertThatProblem(
                        as("demo", "agent")
                                .body(Map.of("attributes", Map.of("income", "much")))
                                .post("/v1/members/search")
                                .asString())
                .hasStatus(422)
                .hasErrorsAt("/attributes/income");
    }

    @Test
    void tellsWhatBecameOfAnImport() {
        var job = "job-" + UUID.randomUUID();
        var id = "p-" + UUID.randomUUID();
        for (int i = 0; i < 2; i++) {
            var unused = kafka.send(Events.purchase(id, who, 1).imported(job).record());
        }
        var unused = kafka.send(Events.purchase(id, who, 2).imported(job).record());
        unused = kafka.send(Events.purchase("z" + id, who, 2).record());
        awaitApplied(2);
        var outcome = as("demo", "ingest").get("/v1/import-outcomes/" + job).jsonPath();
        assertThat(outcome.getInt("accepted")).isEqualTo(1);
        assertThat(outcome.getInt("duplicate")).isEqualTo(1);
        assertThat(outcome.getInt("refused")).isEqualTo(1);
        var status = as("demo", "admin").get("/v1/status");
        assertThat(status.statusCode()).isEqualTo(200);
        assertThat(status.jsonPath().getInt("rejects.duplicates")).isPositive();
    }
}
