package io.clientele.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.Topics;
import io.clientele.testkit.EventContracts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the platform promises, seen through the gateway and the program's own topic. Every test has
 * members, stores and segments of its own in one shared platform.
 */
class PlatformIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Clock CLOCK = Clock.systemUTC();

    private static RunningPlatform platform;
    private static PlatformClient demo;
    private static MembershipLog log;
    private static MembershipFeed feed;

    @BeforeAll
    static void start() {
        platform = Platforms.ephemeral("platform", Map.of());
        demo = platform.client("demo", "admin");
        log = new MembershipLog();
        feed = platform.memberships("demo", true, log::add);
    }

    @AfterAll
    static void stop() {
        if (feed != null) {
            feed.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void countsDuplicateOnce() {
        var store = "duplicates";
        var event = Events.purchase("pos", "d-1", "dup-1", now(), "10.00", store);
        var another = Events.purchase("pos", "d-2", "dup-1", now(), "5.50", store);

        // Twice in one body, once more in another, then one that is new.
        send(event, event);
        send(event);
        send(another);

        awaitCount(Events.purchasesOf(store, "\"atLeast\":2"), 1);
        assertThat(demo.count(Events.purchasesOf(store, "\"atLeast\":3"))).isZero();
        assertThat(demo.count(sum(store, "\"between\":[15.50,15.50]"))).isEqualTo(1);
        assertThat(timeline("dup-1")).hasSize(2);
    }

    @Test
    void putsReusedIdAmongDeadLetters() {
        var store = "reused";
        var at = now();
        send(Events.purchase("pos", "r-1", "reu-1", at, "10.00", store));
        awaitCount(Events.purchasesOf(store, ""), 1);

        send(Events.purchase("pos", "r-1", "reu-1", at, "99.00", store));
        send(Events.purchase("pos", "r-2", "reu-1", at, "1.00", store));

        awaitCount(Events.purchasesOf(store, "\"atLeast\":2"), 1);
        assertThat(demo.count(sum(store, "\"between\":[11,11]"))).isEqualTo(1);
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(demo.all("/v1/dead-letters"))
                                .filteredOn(it -> it.path("eventId").asText().equals("r-1"))
                                .extracting(it -> it.path("reason").asText())
                                .containsExactly("id-reused"));
    }

    @Test
    void countsBackDatedEventInItsWindow() {
        var store = "back-dated";
        var before = "{\"from\":{\"ago\":\"P20D\"},\"to\":{\"ago\":\"P10D\"}}";
        demo.putSegment("back-dated", Events.purchasesOf(store, "\"within\":" + before));
        demo.putSegment(
                "back-dated-recent", Events.purchasesOf(store, "\"within\":{\"last\":\"P7D\"}"));
        var now = now();
        var occurred = now.minus(Duration.ofDays(15));

        send(Events.purchase("pos", "b-1", "back-1", occurred, "10.00", store));

        var entered = awaitChange("back-1", "back-dated", 0);
        assertThat(entered.change().change()).isEqualTo(MembershipChange.ENTERED);
        assertThat(entered.change().late()).isTrue();
        assertThat(entered.change().causeId()).isEqualTo("pos/b-1");
        // When the event turned ten days old, long before there was this segment.
        assertThat(entered.change().at()).isEqualTo(occurred.plus(Duration.ofDays(10)));
        assertThat(demo.count(Events.purchasesOf(store, "\"within\":" + before))).isEqualTo(1);
        var week = Events.purchasesOf(store, "\"within\":{\"last\":\"P7D\"}");
        assertThat(demo.count(week)).isZero();
        assertThat(demo.countAt(week, now.minus(Duration.ofDays(12)).toString())).isEqualTo(1);
        assertThat(demo.countAt(week, occurred.toString())).isEqualTo(1);
        assertThat(demo.countAt(week, occurred.minusMillis(1).toString())).isZero();
        assertThat(demo.countAt(week, occurred.plus(Duration.ofDays(7)).minusMillis(1).toString()))
                .isEqualTo(1);
        assertThat(demo.countAt(week, occurred.plus(Duration.ofDays(7)).toString())).isZero();
        assertThat(log.of("back-1", "back-dated-recent")).isEmpty();
    }

    @Test
    void lateEventEntersAtTheInstantItBecameTrue() {
        var store = "late";
        demo.putSegment(
                "late-window",
                Events.purchasesOf(
                        store,
                        "\"within\":{\"from\":{\"ago\":\"PT1H\"},\"to\":{\"ago\":\"PT2S\"}}"));
        demo.putSegment("late-over", Events.purchasesOf(store, "\"within\":{\"last\":\"PT2S\"}"));
        var occurred = now();
        // Every partition's clock has passed it.
        await().atMost(SOON)
                .until(() ->
                        Instant.parse(
                                        demo.get("/v1/segments/late-window")
                                                .require(200)
                                                .json()
                                                .path("asOf")
                                                .asText())
                                .isAfter(occurred.plusSeconds(4)));

        send(Events.purchase("pos", "late-1", "late-1", occurred, "10.00", store));

        var entered = awaitChange("late-1", "late-window", 0);
        assertThat(entered.change().change()).isEqualTo(MembershipChange.ENTERED);
        assertThat(entered.change().at()).isEqualTo(occurred.plusSeconds(2));
        assertThat(entered.change().late()).isTrue();
        // A stay that was over before anyone heard of it is history, not news.
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(demo.all("/v1/members/late-1/segments/history"))
                                .filteredOn(it -> it.toString().contains("\"late-over\""))
                                .singleElement()
                                .satisfies(it -> {
                                    assertThat(it.path("since").asText())
                                            .isEqualTo(occurred.toString());
                                    assertThat(it.path("until").asText())
                                            .isEqualTo(occurred.plusSeconds(2).toString());
                                }));
        assertThat(log.of("late-1", "late-over")).isEmpty();
    }

    @Test
    void memberLeavesTwentySecondWindowAtTheInstant() {
        var store = "leaving";
        demo.putSegment("leaving", Events.purchasesOf(store, "\"within\":{\"last\":\"PT20S\"}"));
        var first = now();
        send(Events.purchase("pos", "l-1", "leave-1", first, "10.00", store));
        var entered = awaitChange("leave-1", "leaving", 0);
        assertThat(entered.change().change()).isEqualTo(MembershipChange.ENTERED);
        assertThat(entered.change().at()).isEqualTo(first);

        // A second purchase keeps the member in; the first one's end must not be told.
        var second = now();
        send(Events.purchase("pos", "l-2", "leave-1", second, "10.00", store));

        var left = awaitChange("leave-1", "leaving", 1);
        var instant = second.plus(Duration.ofSeconds(20));
        assertThat(left.change().change()).isEqualTo(MembershipChange.LEFT);
        assertThat(left.change().at()).isEqualTo(instant);
        assertThat(left.change().cause()).isEqualTo(MembershipCause.TIME);
        assertThat(left.change().late()).isFalse();
        assertThat(Duration.between(instant, left.change().recordedAt()))
                .isBetween(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(left.seenMillis() - instant.toEpochMilli()).isBetween(0L, 1000L);
        assertThat(demo.get("/v1/members/leave-1/segments").require(200).text())
                .doesNotContain("\"leaving\"");
        var history = demo.all("/v1/members/leave-1/segments/history");
        assertThat(history).filteredOn(it -> it.toString().contains("\"leaving\"")).hasSize(1);
    }

    @Test
    void explainsMembership() {
        var store = "explained";
        demo.putSegment("explained", Events.purchasesOf(store, "\"atLeast\":2"));
        send(
                Events.purchase("pos", "x-1", "exp-1", now(), "10.00", store),
                Events.purchase("pos", "x-2", "exp-1", now(), "10.00", store),
                Events.purchase("pos", "x-3", "exp-2", now(), "10.00", store));
        awaitChange("exp-1", "explained", 0);

        var inside = demo.get("/v1/members/exp-1/segments/explained/explain").require(200);
        // Another partition, which may be a moment behind.
        var outside =
                await().atMost(SOON)
                        .until(
                                () -> demo.get("/v1/members/exp-2/segments/explained/explain"),
                                reply -> reply.status() == 200);

        assertThat(inside.json().path("member").isMissingNode()).isFalse();
        assertThat(inside.text()).isNotEqualTo(outside.text());
        assertThat(members("explained")).containsExactly("exp-1");
    }

    @ParameterizedTest(name = "{0} may not {1} {2}")
    @CsvSource({
        "ingest,  GET,  /v1/segments",
        "ingest,  POST, /v1/segments/preview",
        "ingest,  GET,  /v1/members/somebody",
        "engine,  PUT,  /v1/segments/forbidden",
        "engine,  GET,  /v1/members/somebody",
        "agent,   POST, /v1/events",
        "agent,   PUT,  /v1/segments/forbidden",
        "marketer,POST, /v1/events",
        "marketer,PUT,  /v1/program",
        "analyst, PUT,  /v1/segments/forbidden",
        "analyst, POST, /v1/imports",
        "privacy, PUT,  /v1/attributes/forbidden",
    })
    void refusesTokenWithoutTheRole(String role, String method, String path) {
        var reply =
                platform.client("demo", role)
                        .send(
                                method,
                                path,
                                PlatformClient.JSON,
                                java.net.http.HttpRequest.BodyPublishers.ofString("{}"));

        assertThat(reply.status()).as(reply.text()).isEqualTo(403);
        assertThat(reply.header("content-type")).startsWith("application/problem+json");
        assertThat(reply.json().path("code").asText()).isEqualTo("role-missing");
    }

    /** From the middle of a load on, with a second one that begins when it is over. */
    @Test
    void subscribersKnowWhoIsInside() throws IOException, InterruptedException {
        var store = "subscribed";
        demo.putSegment(store + "-often", Events.purchasesOf(store, "\"atLeast\":3"));
        demo.putSegment(
                store + "-recent", Events.purchasesOf(store, "\"within\":{\"last\":\"PT6S\"}"));
        var segments = List.of(store + "-often", store + "-recent");
        var random = new SplittableRandom(5);
        try (var early = new MembershipSubscriber(platform.kafka("demo"), "demo")) {
            for (int body = 0; body < 10; body++) {
                var events = new ArrayList<String>();
                for (int i = 0; i < 12; i++) {
                    events.add(
                            Events.purchase(
                                    "pos",
                                    "sub-" + body + "-" + i,
                                    "sub-" + random.nextInt(30),
                                    now(),
                                    "1.00",
                                    store));
                }
                send(events.toArray(String[]::new));
                early.follow();
            }
            try (var late = new MembershipSubscriber(platform.kafka("demo"), "demo")) {
                await().atMost(SOON)
                        .untilAsserted(() -> {
                            early.follow();
                            late.follow();
                            for (var segment : segments) {
                                var truth = inside(segment);
                                assertThat(early.members(segment)).isEqualTo(truth);
                                assertThat(late.members(segment)).isEqualTo(truth);
                            }
                            assertThat(inside(store + "-often")).isNotEmpty();
                            assertThat(inside(store + "-recent")).isEmpty();
                        });
            }
        }
        var script = Platforms.root().resolve("docs/examples/membership-subscriber.mjs");
        var builder = new ProcessBuilder("node", script.toString(), "--once");
        builder.environment().put("CLIENTELE_URL", platform.gateway().toString());
        builder.environment().put("CLIENTELE_TOKEN", platform.token("demo", "engine"));
        var process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var known = PlatformJson.tree(new String(process.getInputStream().readAllBytes(), UTF_8));
        assertThat(process.waitFor()).isZero();
        var listed = new TreeSet<String>();
        known.path(store + "-often").forEach(member -> listed.add(member.asText()));
        assertThat(listed).isEqualTo(inside(store + "-often"));
    }

    private static TreeSet<String> inside(String segment) {
        var members = new TreeSet<String>();
        demo.all("/v1/segments/" + segment + "/members")
                .forEach(item -> members.add(item.path("member").asText()));
        return members;
    }

    /** Memberships made again from what profile has stored are those that the shards say. */
    @Test
    void storedEventsSayTheSameAsTheShards() {
        send(Events.purchase("pos", "ver-1", "verify-1", now(), "10.00", "verify"));
        demo.putSegment("verify", Events.purchasesOf("verify", ""));
        await().atMost(SOON).until(() -> inside("verify").size() == 1);
        for (var segment : demo.all("/v1/segments")) {
            var key = segment.path("key").asText();
            await().atMost(SOON)
                    .untilAsserted(() -> {
                        var result =
                                demo.post("/v1/segments/" + key + "/verifications", "{}")
                                        .require(200)
                                        .json();
                        assertThat(result.path("differences").asInt())
                                .as(result.toString())
                                .isZero();
                        assertThat(result.path("members").asInt()).isPositive();
                    });
        }
    }

    @Test
    void refusesRequestWithoutToken() {
        var reply = demo.anonymous().get("/v1/segments");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("content-type")).startsWith("application/problem+json");
        assertThat(reply.header("www-authenticate")).startsWith("Bearer");
    }

    @Test
    void principalOfAnotherProgramIsRefusedTheTopics() {
        for (var topic : ownTopics("demo")) {
            assertThat(endOffsets("demo", topic)).isNotEmpty();
            assertThatThrownBy(() -> read("other", topic))
                    .isInstanceOf(TopicAuthorizationException.class);
        }
        for (var topic : internalTopics()) {
            for (var program : List.of("demo", "other")) {
                assertThatThrownBy(() -> read(program, topic))
                        .as("%s reads %s", program, topic)
                        .isInstanceOf(AuthorizationException.class);
            }
        }
    }

    /** Real messages of every topic against docs/events.asyncapi.yaml and its JSON Schemas. */
    @Test
    void everyMessageIsAsDocumented() {
        var store = "documented";
        demo.putSegment("documented", Events.purchasesOf(store, "\"within\":{\"last\":\"PT3S\"}"));
        var at = now();
        send(
                Events.event(
                        "web",
                        "doc-1",
                        "enrollment",
                        "doc-1",
                        at,
                        Map.of("channel", "web", "attributes", Map.of("country", "TH"))),
                Events.purchase("pos", "doc-2", "doc-1", at, "10.00", store),
                Events.purchase("pos", "doc-3", "doc-2", at.minusSeconds(1), "10.00", store));
        send(Events.purchase("pos", "doc-2", "doc-1", at, "11.00", store));
        demo.put("/v1/members/doc-3", "{\"attributes\":{\"country\":\"VN\"}}")
                .require(200, 201, 202);
        var contact = contactOf("documented-campaign", "doc-4");
        sendResponse("doc-4", "message.sent", contact);
        awaitChange("doc-1", "documented", 1);
        await().atMost(SOON).until(() -> demo.get("/v1/dead-letters").text().contains("doc-2"));
        await().atMost(SOON).until(() -> !readAll(Topics.CAMPAIGN_RESPONSES).isEmpty());
        demo.put("/v1/segments/documented/overrides/doc-1", "{\"override\":\"include\"}")
                .require(200);
        await().atMost(SOON).until(() -> !readAll(Topics.SEGMENT_OVERRIDES).isEmpty());
        var contracts = EventContracts.load();
        var topics = new ArrayList<>(internalTopics());
        topics.addAll(ownTopics("demo"));

        for (var topic : topics) {
            var records = readAll(topic);
            assertThat(records).as(topic).isNotEmpty();
            assertThat(records.stream().flatMap(it -> contracts.violations(it).stream()).limit(5))
                    .as(topic)
                    .isEmpty();
        }
    }

    @Test
    void campaignContactsWhoEntersAndTellsWhatCameOfIt() {
        var contact = contactOf("welcome", "wel-1");
        assertThat(contact.at("/message/body").asText()).isEqualTo("Hello {{firstName}} from LA");
        var engine = platform.client("demo", "engine");
        var address =
                engine.post(
                                "/v1/contacts/addresses",
                                "{\"contacts\":[\"" + contact.path("contact").asText() + "\"]}")
                        .require(200)
                        .json()
                        .at("/items/0");
        assertThat(address.path("address").asText()).isEqualTo("wel-1@example.org");
        assertThat(address.at("/fields/firstName").asText()).isEqualTo("Wela");

        sendResponse("wel-1", "message.sent", contact);
        sendResponse("wel-1", "message.clicked", contact);
        send(Events.purchase("pos", "wel-buys", "wel-1", now(), "12.50", "welcome"));

        await().atMost(SOON)
                .untilAsserted(() -> {
                    var treated = demo.get("/v1/campaigns/welcome/results").json().at("/arms/0");
                    assertThat(treated.path("arm").asText()).isEqualTo("treated");
                    assertThat(treated.path("members").asInt()).isEqualTo(1);
                    assertThat(treated.path("clicked").asInt()).isEqualTo(1);
                    assertThat(treated.path("goalMembers").asInt()).isEqualTo(1);
                    assertThat(treated.path("value").decimalValue()).isEqualByComparingTo("12.50");
                    var funnel = demo.get("/v1/reports/campaigns/welcome").json().path("total");
                    assertThat(funnel.path("contacts").asInt()).isEqualTo(1);
                    assertThat(funnel.path("goal").asInt()).isEqualTo(1);
                });
        assertThat(demo.firstLines("/v1/live", 12).text()).contains("event: events");
    }

    @Test
    void importedHistoryContactsNobody() {
        startCampaign("imported");
        var year = new StringBuilder();
        var from = now().minus(Duration.ofDays(365));
        for (int day = 0; day < 365; day += 5) {
            var member = "imp-" + day % 20;
            year.append(
                            enrollment(
                                    "imp-e-" + day,
                                    member,
                                    from.plus(Duration.ofDays(day)),
                                    "imported"))
                    .append('\n')
                    .append(
                            Events.purchase(
                                    "history",
                                    "imp-" + day,
                                    member,
                                    from.plus(Duration.ofDays(day)),
                                    "9.00",
                                    "imported"))
                    .append('\n');
        }
        var job =
                demo.post("/v1/imports", "{\"source\":\"history\"}").require(200, 201, 202).json();
        var path = "/v1/imports/" + job.path("id").asText();
        demo.send(
                        "PUT",
                        path + "/content",
                        PlatformClient.NDJSON,
                        java.net.http.HttpRequest.BodyPublishers.ofString(year.toString()))
                .require(200, 202, 204);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> demo.get(path).json().path("state").asText().equals("completed"));
        await().atMost(SOON).until(() -> demo.all("/v1/segments/imported/members").size() == 4);

        // One who enters for real, after all of them, is contacted; nobody else was.
        var live = now();
        send(
                enrollment("imp-live-e", "imp-live", live, "imported"),
                Events.purchase("pos", "imp-live", "imp-live", live, "9.00", "imported"));
        await().atMost(SOON).until(() -> contacts("imported").size() == 1);
        assertThat(contacts("imported").getFirst().path("member").asText()).isEqualTo("imp-live");
        assertThat(demo.get("/v1/campaigns/imported/results").json().at("/arms/0/members").asInt())
                .isEqualTo(1);
    }

    /** A campaign on buyers of the store of its name, without control, running. */
    private static void startCampaign(String key) {
        demo.put(
                        "/v1/attributes/firstName",
                        "{\"type\":\"string\",\"kind\":\"demographic\",\"personal\":true}")
                .require(200, 201);
        demo.putSegment(key, Events.purchasesOf(key, ""));
        demo.put(
                        "/v1/campaigns/" + key,
                        "{\"segments\":[\""
                                + key
                                + "\"],\"trigger\":{\"on\":\"entry\",\"maxAge\":\"P1D\"},\"channels\":[\"email\"],\"messages\":[{\"subject\":\"Hi\",\"body\":\"Hello"
                                + " {firstName} from"
                                + " {country}\"}],\"goal\":{\"event\":\"purchase\",\"within\":\"PT1H\",\"value\":\"amount\"}}")
                .require(200, 201);
        demo.post("/v1/campaigns/" + key + "/start", "{}").require(200, 202);
    }

    /** Starts the campaign, lets the member enter, and waits for the contact. */
    private static JsonNode contactOf(String campaign, String member) {
        startCampaign(campaign);
        var at = now();
        send(
                enrollment(member + "-e", member, at, campaign),
                Events.purchase("pos", member + "-first", member, at, "5.00", campaign));
        return await().atMost(SOON)
                .until(() -> contacts(campaign), found -> found.size() == 1)
                .getFirst();
    }

    private static List<JsonNode> contacts(String campaign) {
        return platform.client("demo", "engine")
                .get("/v1/feeds/contacts?limit=1000")
                .require(200)
                .text()
                .lines()
                .map(PlatformJson::tree)
                .filter(it -> it.path("campaign").asText().equals(campaign))
                .toList();
    }

    private static String enrollment(String id, String member, Instant at, String channel) {
        return Events.event(
                "pos",
                id,
                "enrollment",
                member,
                at,
                Map.of(
                        "channel",
                        channel,
                        "attributes",
                        Map.of(
                                "country", "LA",
                                "firstName", "Wela",
                                "email", member + "@example.org"),
                        "consents",
                        List.of(
                                Map.of(
                                        "purpose",
                                        "marketing",
                                        "channel",
                                        "email",
                                        "granted",
                                        true))));
    }

    private static void sendResponse(String member, String type, JsonNode contact) {
        send(
                Events.event(
                        "mailer",
                        contact.path("contact").asText() + "-" + type,
                        type,
                        member,
                        now(),
                        Map.of(
                                "channel",
                                "email",
                                "contact",
                                contact.path("contact").asText(),
                                "campaign",
                                contact.path("campaign").asText())));
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        var ends = endOffsets("clientele", topic);
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = consumer("clientele")) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            long giveUp = System.nanoTime() + SOON.toNanos();
            while (ends.entrySet().stream()
                    .anyMatch(it -> consumer.position(it.getKey()) < it.getValue())) {
                assertThat(System.nanoTime()).as("read %s to its end", topic).isLessThan(giveUp);
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    /** Every route of the gateway's table, asked by {@code other} for what is {@code demo}'s. */
    @Test
    void anotherProgramSeesNothingOnAnyRoute() {
        var secret = "zebra-only-demo-knows";
        var names = plantSecrets(secret);
        var before = readAll(names);
        var other = platform.client("other", "admin");

        for (var route : routes()) {
            var path = fill(route.path(), names);
            var absent = fill(route.path(), ABSENT);
            var answer = ask(other, route.method(), path);
            assertThat(answer.text()).as("%s %s", route.method(), path).doesNotContain(secret);
            if (path.equals(absent)) {
                // A list, or the program's own: nothing of demo's may be named in it.
                assertThat(names.values())
                        .as("%s %s: %s", route.method(), path, answer.text())
                        .noneMatch(answer.text()::contains);
            } else if (route.method().equals("GET")) {
                var nothing = ask(other, route.method(), absent);
                assertThat(comparable(answer, names))
                        .as("%s %s", route.method(), path)
                        .isEqualTo(comparable(nothing, ABSENT));
            }
        }

        assertThat(readAll(names)).isEqualTo(before);
    }

    private record RouteLine(String method, String path) {}

    private static final Map<String, String> ABSENT =
            Map.of(
                    "name", "absent-name",
                    "type", "absent.type",
                    "member", "absent-member",
                    "key", "absent-key",
                    "source", "absent-source",
                    "id", "absent-id");

    /** Makes one of everything in {@code demo}; returns what it is called by path parameter. */
    private static Map<String, String> plantSecrets(String secret) {
        var names =
                Map.of(
                        "name", "zebraAttribute",
                        "type", "zebra.type",
                        "member", "zebra-member",
                        "key", "zebra-key",
                        "source", "zebra-source",
                        "id", "zebra-id");
        demo.put(
                        "/v1/attributes/zebraAttribute",
                        "{\"type\":\"string\",\"kind\":\"custom\",\"label\":\"" + secret + "\"}")
                .require(200, 201);
        demo.put(
                        "/v1/event-types/zebra.type",
                        "{\"schema\":{\"type\":\"object\",\"title\":\""
                                + secret
                                + "\",\"properties\":{\"x\":{\"type\":\"string\"}}}}")
                .require(200, 201);
        demo.put(
                        "/v1/segments/zebra-key",
                        "{\"name\":\""
                                + secret
                                + "\",\"status\":\"active\",\"condition\":"
                                + Events.purchasesOf(secret, "")
                                + "}")
                .require(200, 201, 202);
        send(
                Events.purchase("zebra-source", "zebra-id", "zebra-member", now(), "1.00", secret),
                Events.event(
                        "zebra-source",
                        "zebra-2",
                        "profile.updated",
                        "zebra-member",
                        now(),
                        Map.of("attributes", Map.of("zebraAttribute", secret))));
        send(Events.purchase("zebra-source", "zebra-id", "zebra-member", now(), "2.00", secret));
        awaitChange("zebra-member", "zebra-key", 0);
        await().atMost(SOON).until(() -> demo.get("/v1/dead-letters").text().contains("zebra-id"));
        demo.put(
                        "/v1/campaigns/zebra-key",
                        "{\"segments\":[\"zebra-key\"],\"trigger\":{\"on\":\"entry\",\"maxAge\":\"P1D\"},"
                            + "\"channels\":[\"email\"],\"messages\":[{\"body\":\""
                                + secret
                                + "\"}]}")
                .require(200, 201);
        await().atMost(SOON)
                .until(() -> demo.all("/v1/members/zebra-member/segments/history").size() == 1);
        await().atMost(SOON)
                .until(() ->
                        demo.get("/v1/reports/segments/zebra-key")
                                        .require(200)
                                        .json()
                                        .at("/total/size")
                                        .asInt()
                                == 1);
        // Counted as of the latest instant that every partition has come to.
        await().atMost(SOON)
                .until(() ->
                        demo.get("/v1/segments/zebra-key/persona")
                                        .require(200)
                                        .json()
                                        .path("size")
                                        .asInt()
                                == 1);
        return names;
    }

    private static List<RouteLine> routes() {
        try {
            var table =
                    new YAMLMapper()
                            .readTree(
                                    Platforms.root()
                                            .resolve("gateway/src/main/resources/routes.yaml")
                                            .toFile());
            var routes = new ArrayList<RouteLine>();
            for (var line : table.path("routes")) {
                var parts = line.path("route").asText().split(" ");
                routes.add(new RouteLine(parts[0], parts[1]));
            }
            assertThat(routes).hasSizeGreaterThan(30);
            // First what reads: what other writes is its own, and may bear the same name.
            routes.sort(Comparator.comparing(it -> !it.method().equals("GET")));
            return routes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fill(String template, Map<String, String> names) {
        var path = template;
        for (var name : names.entrySet()) {
            path = path.replace("{" + name.getKey() + "}", name.getValue());
        }
        assertThat(path).as("a parameter nobody planted").doesNotContain("{");
        return path;
    }

    private static Reply ask(PlatformClient client, String method, String path) {
        if (path.startsWith("/v1/feeds/")) {
            return client.get(path + "?limit=100");
        }
        if (path.equals("/v1/live")) {
            return client.firstLines(path, 12);
        }
        var body =
                method.equals("GET")
                        ? java.net.http.HttpRequest.BodyPublishers.noBody()
                        : java.net.http.HttpRequest.BodyPublishers.ofString("{}");
        return client.send(method, path, PlatformClient.JSON, body);
    }

    /** Status and body, without what differs from request to request. */
    private static String comparable(Reply reply, Map<String, String> names) {
        var text = reply.text();
        for (var name : names.entrySet()) {
            text = text.replace(name.getValue(), "<" + name.getKey() + ">");
        }
        return reply.status()
                + " "
                + text.replaceAll("\"instance\":\"[^\"]*\"", "")
                        .replaceAll("\"freshness\":\"[^\"]*\"", "")
                        .replaceAll("\"cost\":\\{[^}]*}", "")
                        .replaceAll("\"[a-zA-Z]+\":\"\\d{4}-\\d\\d-\\d\\dT[^\"]*\"", "");
    }

    /** What demo itself reads of what was planted. */
    private static Map<String, String> readAll(Map<String, String> names) {
        var answers = new TreeMap<String, String>();
        for (var route : routes()) {
            if (route.method().equals("GET") && route.path().contains("{")) {
                var path = fill(route.path(), names);
                answers.put(path, comparable(demo.get(path), names));
            }
        }
        return answers;
    }

    private static List<String> ownTopics(String program) {
        var id = new ProgramId(program);
        return List.of(
                Topics.segmentMembershipsOf(id),
                Topics.memberSegmentsOf(id),
                Topics.campaignContactsOf(id));
    }

    private static Set<String> internalTopics() {
        return Set.of(
                Topics.MEMBER_EVENTS_RECEIVED,
                Topics.MEMBER_EVENTS_RESOLVED,
                Topics.MEMBER_EVENTS,
                Topics.MEMBER_PROFILES,
                Topics.PROGRAM_REGISTRY,
                Topics.SEGMENT_DEFINITIONS,
                Topics.SEGMENT_OVERRIDES,
                Topics.SEGMENT_MEMBERSHIPS,
                Topics.MEMBER_SEGMENTS,
                Topics.CAMPAIGN_CONTACTS,
                Topics.CAMPAIGN_RESPONSES,
                Topics.DEAD_LETTERS);
    }

    private static Map<TopicPartition, Long> endOffsets(String principal, String topic) {
        try (var consumer = consumer(principal)) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(it -> new TopicPartition(topic, it.partition()))
                            .toList();
            return consumer.endOffsets(partitions);
        }
    }

    private static void read(String principal, String topic) {
        try (var consumer = consumer(principal)) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            consumer.seekToBeginning(consumer.assignment());
            consumer.poll(Duration.ofSeconds(10));
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String principal) {
        var settings = new HashMap<>(platform.kafka(principal));
        settings.put("isolation.level", "read_committed");
        settings.put("allow.auto.create.topics", false);
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Instant now() {
        return CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static void send(String... events) {
        var reply = demo.events(List.of(events)).require(202).json();
        assertThat(reply.path("accepted").asInt()).as(reply.toString()).isEqualTo(events.length);
    }

    private static String sum(String store, String comparison) {
        return Events.purchasesOf(store, "\"measure\":{\"sum\":\"amount\"}," + comparison);
    }

    private static void awaitCount(String condition, long expected) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(demo.count(condition)).isEqualTo(expected));
    }

    private static MembershipFeed.Seen awaitChange(String member, String segment, int index) {
        return await().atMost(SOON)
                .until(() -> log.of(member, segment), changes -> changes.size() > index)
                .get(index);
    }

    private static List<JsonNode> timeline(String member) {
        return demo.all("/v1/members/" + member + "/timeline");
    }

    private static List<String> members(String segment) {
        return demo.all("/v1/segments/" + segment + "/members").stream()
                .map(it -> it.path("member").asText())
                .toList();
    }
}
