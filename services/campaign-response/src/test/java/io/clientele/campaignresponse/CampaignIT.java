package io.clientele.campaignresponse;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.clientele.common.json.Json;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.CampaignResponse;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ResponseKind;
import io.clientele.contracts.Topics;
import io.clientele.testkit.EventContracts;
import io.clientele.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hamcrest.Matchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Campaigns from the membership to the result, against real servers. */
@Servers
class CampaignIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init")
    private static Upstream upstream;

    private final String key = "c-" + UUID.randomUUID();
    private final String segment = "s-" + UUID.randomUUID();

    @BeforeAll
    static void begin() {
        upstream = Upstream.start("demo", "other");
    }

    @AfterAll
    static void end() {
        upstream.close();
    }

    @BeforeEach
    void awaitReady() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> given().get("/q/health/ready").statusCode() == 200);
    }

    private static RequestSpecification as(String program, String role) {
        return given().header("Authorization", Tokens.bearer(program, role))
                .contentType("application/json");
    }

    private static RequestSpecification marketer() {
        return as("demo", "marketer");
    }

    private void start(Map<String, Object> campaign) {
        await().atMost(PATIENCE)
                .until(
                        () -> marketer().body(campaign).put("/v1/campaigns/" + key).statusCode(),
                        status -> status != 503);
        marketer().post("/v1/campaigns/" + key + "/start").then().statusCode(200);
    }

    private JsonPath results() {
        return marketer()
                .get("/v1/campaigns/" + key + "/results")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private List<CampaignContact> contacts(String topic) {
        return upstream.kafka().all(topic).stream()
                .map(record -> Json.read(record.value(), CampaignContact.class))
                .filter(contact -> contact.campaign().equals(key))
                .toList();
    }

    private List<CampaignContact> awaitContacts(int count) {
        return await().atMost(PATIENCE)
                .until(() -> contacts(Topics.CAMPAIGN_CONTACTS), found -> found.size() >= count);
    }

    private List<String> feed(long after) {
        return as("demo", "engine")
                .get("/v1/feeds/contacts?limit=10000&after=" + after)
                .asString()
                .lines()
                .filter(line -> line.contains(key))
                .toList();
    }

    @Test
    void entryIsContactedOnceAndWhatFollowsIsCounted() {
        var campaign = Upstream.campaign(segment, 0);
        campaign.put("reentry", "always");
        start(campaign);
        var member = "m-" + UUID.randomUUID();
        upstream.consenting(member);
        var entry = upstream.entered(member, segment);

        var contact = awaitContacts(1).getFirst();

        assertThat(contact.member().value()).isEqualTo(member);
        assertThat(contact.channel()).isEqualTo("email");
        assertThat(contact.message().body())
                .isEqualTo("Hello {{firstName}}, good to have you in TH.");
        assertThat(contact.message().fields()).containsExactly("firstName");

        upstream.again(entry);
        var twice = "m-" + UUID.randomUUID();
        upstream.consenting(twice);
        var unused = upstream.entered(twice, segment);

        assertThat(awaitContacts(2).stream().map(one -> one.member().value()).toList())
                .containsExactlyInAnyOrder(member, twice);
        assertThat(contacts(Topics.CAMPAIGN_CONTACTS)).hasSize(2);
        assertThat(contacts(Topics.campaignContactsOf(new ProgramId("demo")))).hasSize(2);
        assertThat(feed(0)).hasSize(2);
        assertThat(feed(contact.sequence())).hasSize(1);

        answered(contact);
        assertThat(contacts(Topics.CAMPAIGN_CONTACTS)).hasSize(2);
    }

    private void answered(CampaignContact contact) {
        var member = contact.member().value();
        var asked =
                as("demo", "engine")
                        .body(Map.of("contacts", List.of(contact.contact(), "c-made-up")))
                        .post("/v1/contacts/addresses")
                        .then()
                        .statusCode(200)
                        .extract()
                        .jsonPath();
        assertThat(asked.getString("items[0].address")).isEqualTo(member + "@example.org");
        assertThat(asked.getString("items[0].fields.firstName")).isEqualTo("FIRSTNAME");
        assertThat(asked.getString("items[1].problem")).isEqualTo("unknown-contact");
        as("other", "engine")
                .body(Map.of("contacts", List.of(contact.contact())))
                .post("/v1/contacts/addresses")
                .then()
                .statusCode(200)
                .body("items[0].problem", Matchers.equalTo("unknown-contact"));

        var about = Map.<String, Object>of("channel", "email", "contact", contact.contact());
        var id = UUID.randomUUID().toString();
        upstream.event(member, id + "-1", "message.sent", about);
        upstream.event(
                member,
                id + "-2",
                "message.opened",
                Map.of("channel", "email", "contact", contact.contact(), "machine", true));
        upstream.event(member, id + "-3", "message.clicked", about);
        upstream.event(member, id + "-3", "message.clicked", about);
        upstream.event(member, id + "-4", "purchase", Map.of("amount", 84.5));
        upstream.event(member, id + "-5", "purchase", Map.of("amount", 15.5));
        upstream.event(
                member,
                id + "-6",
                "purchase",
                contact.decidedAt().minusSeconds(60),
                Map.of("amount", 1000));
        upstream.flush();
        long sent = System.nanoTime();

        var results =
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(50))
                        .until(
                                this::results,
                                found -> "100.0".equals(found.getString("arms[0].value")));

        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(2));
        assertThat(results.getInt("arms[0].sent")).isEqualTo(1);
        assertThat(results.getInt("arms[0].opened")).isZero();
        assertThat(results.getInt("arms[0].clicked")).isEqualTo(1);
        assertThat(results.getInt("arms[0].goalMembers")).isEqualTo(1);
        assertThat(results.getInt("arms[0].members")).isEqualTo(2);
        assertThat(results.getString("money.cost")).isEqualTo("2.0");
        assertThat(results.getString("uplift.sufficiency")).contains("no control arm");
        assertThat(Instant.parse(results.getString("asOf")))
                .isAfter(upstream.now().minusSeconds(2));
        var responses =
                await().atMost(PATIENCE)
                        .until(() -> responses(contact.contact()), found -> found.size() >= 4);
        assertThat(responses.stream().map(CampaignResponse::kind).toList())
                .containsExactlyInAnyOrder(
                        ResponseKind.SENT,
                        ResponseKind.CLICKED,
                        ResponseKind.GOAL,
                        ResponseKind.GOAL);

        upstream.event(
                member, id + "-7", "event.retracted", Map.of("source", "test", "id", id + "-5"));
        await().atMost(PATIENCE).until(() -> "84.5".equals(results().getString("arms[0].value")));

        // It is told of on the topic also if it is read together with what takes it back.
        upstream.event(member, id + "-8", "purchase", Map.of("amount", 7));
        upstream.event(
                member, id + "-9", "event.retracted", Map.of("source", "test", "id", id + "-8"));
        await().atMost(PATIENCE)
                .until(() -> responses(contact.contact()), found -> found.size() == 5);
        await().atMost(PATIENCE).until(() -> "84.5".equals(results().getString("arms[0].value")));
        messagesAreAsDocumented();
    }

    private List<CampaignResponse> responses(String contact) {
        return upstream.kafka().all(Topics.CAMPAIGN_RESPONSES).stream()
                .map(record -> Json.read(record.value(), CampaignResponse.class))
                .filter(response -> response.contact().equals(contact))
                .toList();
    }

    private static void messagesAreAsDocumented() {
        var contracts = EventContracts.load();
        for (var topic :
                List.of(
                        Topics.CAMPAIGN_CONTACTS,
                        Topics.campaignContactsOf(new ProgramId("demo")),
                        Topics.CAMPAIGN_RESPONSES)) {
            for (var record : upstream.kafka().all(topic)) {
                var raw =
                        new ConsumerRecord<>(
                                record.topic(),
                                record.partition(),
                                record.offset(),
                                record.key().getBytes(StandardCharsets.UTF_8),
                                record.value());
                record.headers().forEach(header -> raw.headers().add(header));
                assertThat(contracts.violations(raw)).isEmpty();
            }
        }
    }

    @Test
    void importedYearContactsNobody() {
        start(Upstream.campaign(segment, 0));
        var run = UUID.randomUUID();
        var yearAgo = upstream.now().minus(Duration.ofDays(365));
        for (int i = 0; i < 2_000; i++) {
            upstream.consenting("i-" + run + "-" + i);
        }
        for (int i = 0; i < 2_000; i++) {
            var member = "i-" + run + "-" + i;
            var at = yearAgo.plus(Duration.ofHours(4L * i));
            var cause =
                    switch (i % 4) {
                        case 0, 1 -> MembershipCause.IMPORT;
                        case 2 -> MembershipCause.DEFINITION;
                        default -> MembershipCause.MERGE;
                    };
            var unused = upstream.changed(member, segment, MembershipChange.ENTERED, cause, at);
            upstream.event(member, run + "-" + i, "purchase", at, Map.of("amount", 1));
        }
        // History that came as single events.
        for (int i = 0; i < 100; i++) {
            var unused =
                    upstream.changed(
                            "i-" + run + "-late-" + i,
                            segment,
                            MembershipChange.ENTERED,
                            MembershipCause.EVENT,
                            yearAgo);
        }
        upstream.flush();
        // Every partition has somebody new at its end, so that all before is known to be applied.
        int fresh = 40;
        for (int i = 0; i < fresh; i++) {
            upstream.consenting("n-" + run + "-" + i);
            var unused = upstream.entered("n-" + run + "-" + i, segment);
        }

        var contacts = awaitContacts(fresh);

        assertThat(contacts)
                .hasSize(fresh)
                .allMatch(contact -> contact.member().value().startsWith("n-"));
        assertThat(results().getMap("withheld")).isEmpty();
        assertThat(results().getInt("arms[0].goalMembers")).isZero();
    }

    @Test
    void controlArmNeverLeaves() {
        start(Upstream.campaign(segment, 0.5));
        var run = UUID.randomUUID();
        int members = 200;
        for (int i = 0; i < members; i++) {
            upstream.consenting("m-" + run + "-" + i);
        }
        for (int i = 0; i < members; i++) {
            var unused = upstream.entered("m-" + run + "-" + i, segment);
        }
        var assigned =
                await().atMost(PATIENCE)
                        .until(
                                this::results,
                                found ->
                                        found.getInt("sampleRatio.treated")
                                                        + found.getInt("sampleRatio.control")
                                                == members);
        int treated = assigned.getInt("sampleRatio.treated");
        assertThat(assigned.getBoolean("sampleRatio.mismatch")).isFalse();
        // Everybody buys.
        IntStream.range(0, members)
                .forEach(i ->
                        upstream.event(
                                "m-" + run + "-" + i,
                                run + "-" + i,
                                "purchase",
                                Map.of("amount", 2)));
        var results =
                await().atMost(PATIENCE)
                        .until(
                                this::results,
                                found ->
                                        found.getList("arms.goalMembers", Integer.class).stream()
                                                        .mapToInt(Integer::intValue)
                                                        .sum()
                                                == members);

        assertThat(awaitContacts(treated)).hasSize(treated);
        assertThat(contacts(Topics.campaignContactsOf(new ProgramId("demo")))).hasSize(treated);
        assertThat(feed(0)).hasSize(treated);
        var answered =
                await().atMost(PATIENCE)
                        .until(this::responsesOfCampaign, found -> found.size() >= treated);
        assertThat(answered).hasSize(treated);
        assertThat(results.getDouble("uplift.difference")).isZero();
        assertThat(results.getString("uplift.sufficiency")).contains("everybody");
        assertThat(results.getString("money.incrementalRevenue")).startsWith("0");
    }

    private List<String> responsesOfCampaign() {
        return upstream.kafka().all(Topics.CAMPAIGN_RESPONSES).stream()
                .map(record -> Json.read(record.value(), CampaignResponse.class))
                .filter(response -> response.campaign().equals(key))
                .map(CampaignResponse::id)
                .toList();
    }

    @Test
    void consentAndExclusionAreHeeded() {
        var campaign = Upstream.campaign(segment, 0);
        campaign.put("exclude", List.of(segment + "-x"));
        start(campaign);
        var run = UUID.randomUUID();
        upstream.consenting("yes-" + run);
        upstream.profile("no-" + run, Map.of("consent.marketing.email", false));
        upstream.consenting("out-" + run);
        var excluded = upstream.entered("out-" + run, segment + "-x");
        upstream.flush();
        for (var member : List.of("no-" + run, "unknown-" + run, "out-" + run, "yes-" + run)) {
            var unused = upstream.entered(member, segment);
        }

        var results =
                await().atMost(PATIENCE)
                        .until(
                                this::results,
                                found ->
                                        found.getList("arms").size() == 1
                                                && found.getMap("withheld").size() == 2
                                                && found.getInt("withheld.no-consent") == 2);

        assertThat(excluded.segment().value()).endsWith("-x");
        assertThat(results.getInt("withheld.excluded")).isEqualTo(1);
        var contact = awaitContacts(1).getFirst();
        assertThat(contact.member().value()).isEqualTo("yes-" + run);

        // Taken back before it is sent.
        upstream.profile("yes-" + run, Map.of("consent.marketing.email", false));
        await().atMost(PATIENCE)
                .until(() ->
                        "no-consent"
                                .equals(
                                        as("demo", "engine")
                                                .body(
                                                        Map.of(
                                                                "contacts",
                                                                List.of(contact.contact())))
                                                .post("/v1/contacts/addresses")
                                                .jsonPath()
                                                .getString("items[0].problem")));
    }

    @Test
    void whoIsInsideIsContactedAtTheInstantAndAtAStartThatIncludesThem() {
        var run = UUID.randomUUID();
        for (int i = 0; i < 5; i++) {
            upstream.consenting("m-" + run + "-" + i);
            var unused =
                    upstream.changed(
                            "m-" + run + "-" + i,
                            segment,
                            MembershipChange.ENTERED,
                            MembershipCause.IMPORT,
                            upstream.now().minus(Duration.ofDays(30)));
        }
        var left =
                upstream.changed(
                        "m-" + run + "-4",
                        segment,
                        MembershipChange.LEFT,
                        MembershipCause.EVENT,
                        upstream.now());
        assertThat(left.member().value()).endsWith("-4");
        var campaign = Upstream.campaign(segment, 0);
        campaign.put("existing", "include");
        await().atMost(PATIENCE)
                .until(
                        () -> marketer().body(campaign).put("/v1/campaigns/" + key).statusCode(),
                        status -> status != 503);
        var preview =
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        marketer()
                                                .post("/v1/campaigns/" + key + "/preview")
                                                .jsonPath(),
                                found -> found.getInt("members") == 4);
        assertThat(preview.getInt("contacts")).isEqualTo(4);
        assertThat(preview.getString("sample.message.body")).contains("{{firstName}}");
        marketer().post("/v1/campaigns/" + key + "/start").then().statusCode(200);

        assertThat(awaitContacts(4)).hasSize(4);

        var timed = Upstream.campaign(segment, 0);
        timed.put("trigger", Map.of("at", upstream.now().plusSeconds(2).toString()));
        marketer().body(timed).put("/v1/campaigns/" + key + "-at").then().statusCode(201);
        marketer().post("/v1/campaigns/" + key + "-at/start").then().statusCode(200);
        await().atMost(PATIENCE)
                .until(() ->
                        marketer()
                                .get("/v1/campaigns/" + key + "-at/results")
                                .jsonPath()
                                .getList("arms.members", Integer.class)
                                .equals(List.of(4)));
    }

    @Test
    void startThatIncludesWhoIsInsideWaitsForWhatWasPublishedBefore() {
        var campaign = Upstream.campaign(segment, 0);
        campaign.put("existing", "include");
        await().atMost(PATIENCE)
                .until(
                        () -> marketer().body(campaign).put("/v1/campaigns/" + key).statusCode(),
                        status -> status != 503);
        var run = UUID.randomUUID();
        int members = 2_000;
        for (int i = 0; i < members; i++) {
            upstream.consenting("m-" + run + "-" + i);
        }
        for (int i = 0; i < members; i++) {
            var unused =
                    upstream.changed(
                            "m-" + run + "-" + i,
                            segment,
                            MembershipChange.ENTERED,
                            MembershipCause.IMPORT,
                            upstream.now().minus(Duration.ofDays(30)));
        }
        upstream.flush();
        marketer().post("/v1/campaigns/" + key + "/start").then().statusCode(200);

        await().atMost(PATIENCE)
                .until(() ->
                        results().getList("arms.members", Integer.class).equals(List.of(members)));
    }

    @Test
    void editsNeedTheTagAndRolesAndProgramsAreKeptApart() {
        var campaign = Upstream.campaign(segment, 0.2);
        var made =
                await().atMost(PATIENCE)
                        .until(
                                () -> marketer().body(campaign).put("/v1/campaigns/" + key),
                                response -> response.statusCode() != 503);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(put(campaign, null).statusCode()).isEqualTo(200);
        var read = marketer().get("/v1/campaigns/" + key);
        assertThat(read.jsonPath().getString("name")).isEqualTo(key);
        var again = marketer().body(read.asString()).put("/v1/campaigns/" + key);
        assertThat(again.asString()).isEqualTo(read.asString());
        campaign.put("name", "Welcome");
        assertThat(put(campaign, null).statusCode()).isEqualTo(428);
        assertThat(put(campaign, "\"v9\"").statusCode()).isEqualTo(412);
        var edited = put(campaign, made.header("ETag"));
        assertThat(edited.statusCode()).isEqualTo(200);
        assertThat(edited.jsonPath().getInt("version")).isEqualTo(2);
        marketer().post("/v1/campaigns/" + key + "/start").then().statusCode(200);
        campaign.put("control", 0.3);
        var fixed = put(campaign, "*");
        assertThat(fixed.statusCode()).isEqualTo(409);
        assertThat(fixed.jsonPath().getString("code")).isEqualTo("campaign-fixed");
        marketer().post("/v1/campaigns/" + key + "/pause").then().statusCode(200);
        marketer().post("/v1/campaigns/" + key + "/stop").then().statusCode(200);
        marketer().post("/v1/campaigns/" + key + "/start").then().statusCode(409);

        campaign.put("messages", List.of(Map.of("body", "Hello {nobody}")));
        var refused = put(campaign, "*");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.jsonPath().getString("errors[0].pointer")).isEqualTo("/messages/0/body");
        as("demo", "analyst").get("/v1/campaigns/" + key).then().statusCode(200);
        as("demo", "analyst").post("/v1/campaigns/" + key + "/stop").then().statusCode(403);
        as("demo", "marketer").get("/v1/feeds/contacts").then().statusCode(403);
        as("demo", "admin").body("{}").post("/v1/contacts/addresses").then().statusCode(403);
        as("other", "marketer").get("/v1/campaigns/" + key).then().statusCode(404);
        as("other", "marketer").get("/v1/campaigns/" + key + "/results").then().statusCode(404);
        as("demo", "engine").get("/v1/feeds/contacts?after=x").then().statusCode(400);
        assertThat(
                        as("demo", "analyst")
                                .get("/v1/campaigns?limit=1000")
                                .jsonPath()
                                .getList("items.key", String.class))
                .contains(key);
        as("demo", "analyst").get("/v1/status").then().statusCode(200);
    }

    private Response put(Map<String, Object> campaign, @Nullable String tag) {
        var request = marketer().body(campaign);
        return (tag == null ? request : request.header("If-Match", tag))
                .put("/v1/campaigns/" + key);
    }
}
