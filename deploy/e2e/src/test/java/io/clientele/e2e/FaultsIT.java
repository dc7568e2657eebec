package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.contracts.MembershipChange;
import io.clientele.embedded.EmbeddedServers;
import io.clientele.embedded.Options;
import io.clientele.embedded.ServerKind;
import io.clientele.testkit.TcpProxy;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Faults under load: services killed with SIGKILL, and profile's store cut off. The store itself is
 * not killed: the embedded one may lose what it has acknowledged. After each fault everything must
 * be as if nothing had happened.
 */
class FaultsIT {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration LOAD = Duration.ofSeconds(16);
    private static final Duration CATCH_UP = Duration.ofSeconds(120);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int MEMBERS = 150;

    private static EmbeddedServers store;
    private static TcpProxy line;
    private static RunningPlatform platform;
    private static PlatformClient demo;
    private static MembershipLog log;
    private static MembershipFeed feed;

    @BeforeAll
    static void start() {
        store = EmbeddedServers.start(Options.ephemeral().servers(Set.of(ServerKind.MONGODB)));
        var address = URI.create(store.address(ServerKind.MONGODB).orElseThrow());
        line = TcpProxy.to(address.getPort());
        platform =
                Platforms.ephemeral(
                        "faults",
                        Map.of(
                                ServerKind.MONGODB.environmentKey(),
                                "mongodb://127.0.0.1:" + line.port()));
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
        if (line != null) {
            line.close();
        }
        if (store != null) {
            store.close();
        }
    }

    @Test
    void killingProfileUnderLoadLosesAndDoublesNothing() {
        var load = load("kill-profile", 1);

        load.run(
                LOAD,
                Map.of(
                        Duration.ofSeconds(5), () -> platform.kill("profile"),
                        Duration.ofSeconds(14), () -> platform.kill("profile")));

        assertEverythingIsThere("kill-profile", load);
    }

    @Test
    void killingSegmentationUnderLoadLosesAndDoublesNothing() {
        var load = load("kill-segmentation", 2);

        load.run(
                LOAD,
                Map.of(
                        Duration.ofSeconds(5), () -> platform.kill("segmentation"),
                        Duration.ofSeconds(14), () -> platform.kill("segmentation")));

        assertEverythingIsThere("kill-segmentation", load);
    }

    /**
     * Two more instances of segmentation come, one goes with SIGTERM, one with SIGKILL. Whoever is
     * asked meanwhile answers for all partitions or not at all.
     */
    @Test
    void instancesOfSegmentationComeAndGoUnderLoad() {
        var name = "instances";
        var load = load(name, 6);
        enroll(name);
        var everybody = "{\"attribute\":\"enrollment.channel\",\"equals\":\"" + name + "\"}";
        demo.putSegment(name + "-members", everybody);
        await().atMost(CATCH_UP).until(() -> listed(name + "-members").size() == MEMBERS);

        try (var second = new SegmentationInstance(platform, "second");
                var third = new SegmentationInstance(platform, "third");
                var reader = new AskedAllTheTime(everybody, name + "-members", MEMBERS)) {
            reader.start(
                    Map.of(
                            "first", demo,
                            "second", second.client(demo),
                            "third", third.client(demo)));
            load.run(
                    Duration.ofSeconds(16),
                    Map.of(
                            Duration.ofSeconds(1), second::start,
                            Duration.ofSeconds(2), third::start));
            // Until they listen and have their share; what is larger moves once a minute.
            await().atMost(CATCH_UP.multipliedBy(2))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> {
                        assertThat(second.partitions()).as(second::lastLines).isPositive();
                        assertThat(third.partitions()).as(third::lastLines).isPositive();
                        assertThat(reader.answersOf("second")).isPositive();
                        assertThat(reader.answersOf("third")).isPositive();
                    });
            await().atMost(CATCH_UP)
                    .untilAsserted(
                            () -> assertThat(second.exported(name + "-members")).hasSize(MEMBERS));
            load.run(
                    Duration.ofSeconds(20),
                    Map.of(
                            Duration.ofSeconds(3), second::stop,
                            Duration.ofSeconds(8), third::kill));
            assertEverythingIsThere(name, load);
            assertThat(reader.wrongAnswers()).isEmpty();
        }
    }

    @Test
    void cuttingTheStoreUnderLoadLosesAndDoublesNothing() {
        var load = load("cut-store", 3);

        load.run(
                LOAD,
                Map.of(
                        Duration.ofSeconds(4), line::cut,
                        Duration.ofSeconds(9), line::restore,
                        Duration.ofSeconds(12), line::cut,
                        Duration.ofMillis(12_500), line::restore));

        assertEverythingIsThere("cut-store", load);
    }

    @Test
    void killingIngestionUnderLoadLosesAndDoublesNothing() {
        var load = load("kill-ingestion", 4);

        load.run(LOAD, Map.of(Duration.ofSeconds(6), () -> platform.kill("ingestion")));

        assertThat(load.retries()).isPositive();
        assertEverythingIsThere("kill-ingestion", load);
    }

    @Test
    void killingCampaignResponseAndReportingUnderLoadLosesAndDoublesNothing() {
        var name = "kill-campaigns";
        var load = load(name, 5);
        enroll(name);
        demo.putSegment(
                name + "-members",
                "{\"attribute\":\"enrollment.channel\",\"equals\":\"" + name + "\"}");
        demo.put(
                        "/v1/campaigns/" + name,
                        "{\"segments\":[\""
                                + name
                                + "-spent\"],\"trigger\":{\"on\":\"entry\",\"maxAge\":\"P1D\"},\"channels\":[\"email\"],\"messages\":[{\"subject\":\"Thanks\",\"body\":\"Thank"
                                + " you\"}],\"control\":0.2,"
                                + "\"goal\":{\"event\":\"purchase\",\"within\":\"P1D\",\"value\":\"amount\"}}")
                .require(200, 201);
        demo.post("/v1/campaigns/" + name + "/start", "{}").require(200, 202);
        await().atMost(CATCH_UP).until(() -> listed(name + "-members").size() == MEMBERS);

        load.run(
                LOAD,
                Map.of(
                        Duration.ofSeconds(4), () -> platform.kill("campaign-response"),
                        Duration.ofSeconds(7), () -> platform.kill("reporting"),
                        Duration.ofSeconds(13), () -> platform.kill("reporting"),
                        Duration.ofSeconds(15), () -> platform.kill("campaign-response")));

        assertEverythingIsThere(name, load);
        var spenders = load.whoSpent("500");
        var total = load.spent().values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        await().atMost(CATCH_UP)
                .ignoreExceptionsInstanceOf(PlatformException.class)
                .untilAsserted(() -> {
                    var arms = arms(name);
                    assertThat(arms.values().stream().mapToInt(it -> it).sum())
                            .isEqualTo(spenders.size());
                    assertThat(contacted(name)).hasSize(arms.getOrDefault("treated", 0));
                    var members = report(name + "-members");
                    assertThat(members.path("purchases").asInt()).isEqualTo(load.sent());
                    assertThat(members.path("revenue").decimalValue()).isEqualByComparingTo(total);
                    assertThat(members.path("size").asInt()).isEqualTo(MEMBERS);
                    var spent = report(name + "-spent");
                    assertThat(spent.path("entered").asInt()).isEqualTo(spenders.size());
                    assertThat(spent.path("contacts").asInt())
                            .isEqualTo(arms.getOrDefault("treated", 0));
                });
        // Each once, and nobody of the control arm, which has members.
        assertThat(contacted(name)).doesNotHaveDuplicates().isSubsetOf(spenders);
        assertThat(arms(name).get("control")).isPositive();
    }

    private static void enroll(String name) {
        var events = new ArrayList<String>();
        for (int member = 0; member < MEMBERS; member++) {
            events.add(
                    Events.event(
                            "till",
                            name + "-e-" + member,
                            "enrollment",
                            name + "-" + member,
                            now(),
                            Map.of(
                                    "channel",
                                    name,
                                    "attributes",
                                    Map.of("email", name + member + "@example.org"),
                                    "consents",
                                    List.of(
                                            Map.of(
                                                    "purpose",
                                                    "marketing",
                                                    "channel",
                                                    "email",
                                                    "granted",
                                                    true)))));
        }
        assertThat(demo.events(events).require(202).json().path("accepted").asInt())
                .isEqualTo(MEMBERS);
    }

    /** Members by arm. */
    private static Map<String, Integer> arms(String campaign) {
        var found = new TreeMap<String, Integer>();
        demo.get("/v1/campaigns/" + campaign + "/results")
                .require(200)
                .json()
                .path("arms")
                .forEach(arm -> found.put(arm.path("arm").asText(), arm.path("members").asInt()));
        return found;
    }

    /** Whom the feed names, as often as it does. */
    private static List<String> contacted(String campaign) {
        return platform.client("demo", "engine")
                .get("/v1/feeds/contacts?limit=1000")
                .require(200)
                .text()
                .lines()
                .map(PlatformJson::tree)
                .filter(it -> it.path("campaign").asText().equals(campaign))
                .map(it -> it.path("member").asText())
                .toList();
    }

    private static JsonNode report(String segment) {
        return demo.get("/v1/reports/segments/" + segment).require(200).json().path("total");
    }

    @Test
    void outageOfProfilePublishesNoFalseExits() {
        await().atMost(CATCH_UP).until(platform::isHealthy);
        var segment = "no-false-exits";
        demo.putSegment(segment, Events.purchasesOf(segment, "\"within\":{\"last\":\"PT20S\"}"));
        var first = now();
        send(Events.purchase("till", "o-1", "out-1", first, "10.00", segment));
        await().atMost(CATCH_UP).until(() -> log.of("out-1", segment).size() == 1);
        // What the clock would take for the member's last purchase, were it not for the outage.
        var falseExit = first.plusSeconds(20);

        line.cut();
        Instant second;
        try {
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            second = now();
            send(Events.purchase("till", "o-2", "out-1", second, "10.00", segment));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> CLOCK.instant().isAfter(falseExit.plusSeconds(8)));
            assertThat(log.of("out-1", segment)).hasSize(1);
        } finally {
            line.restore();
        }

        var truth = second.plusSeconds(20);
        var changes =
                await().atMost(CATCH_UP)
                        .until(() -> log.of("out-1", segment), seen -> seen.size() > 1);
        assertThat(changes).hasSize(2);
        assertThat(changes.get(1).change().change()).isEqualTo(MembershipChange.LEFT);
        assertThat(changes.get(1).change().at()).isEqualTo(truth);
    }

    private static FaultLoad load(String name, long seed) {
        await().atMost(CATCH_UP).until(platform::isHealthy);
        demo.putSegment(name + "-often", Events.purchasesOf(name, "\"atLeast\":20"));
        demo.putSegment(
                name + "-spent",
                Events.purchasesOf(name, "\"measure\":{\"sum\":\"amount\"},\"atLeast\":500"));
        demo.putSegment(
                name + "-recent",
                Events.purchasesOf(name, "\"within\":{\"last\":\"" + WINDOW + "\"}"));
        return new FaultLoad(platform.client("demo", "ingest"), name, MEMBERS, seed);
    }

    private static void assertEverythingIsThere(String name, FaultLoad load) {
        var expected = load.membersByPurchases();
        // Everything applied: the last event that was sent is counted.
        await().atMost(CATCH_UP)
                .ignoreExceptionsInstanceOf(PlatformException.class)
                .untilAsserted(() -> {
                    for (var count : expected.entrySet()) {
                        var condition = Events.purchasesOf(name, "\"atLeast\":" + count.getKey());
                        assertThat(demo.count(condition))
                                .as("members with at least %s purchases", count.getKey())
                                .isEqualTo(count.getValue());
                    }
                });
        // Not one more, and not a cent.
        int most = expected.size();
        assertThat(demo.count(Events.purchasesOf(name, "\"atLeast\":" + (most + 1)))).isZero();
        assertThat(load.spent().entrySet().stream().limit(20))
                .allSatisfy(spent -> {
                    var timeline = demo.all("/v1/members/" + spent.getKey() + "/timeline");
                    assertThat(
                                    timeline.stream()
                                            .map(FaultsIT::amount)
                                            .reduce(BigDecimal.ZERO, BigDecimal::add))
                            .as("spent by %s", spent.getKey())
                            .isEqualByComparingTo(spent.getValue());
                });
        await().atMost(CATCH_UP)
                .untilAsserted(() -> {
                    assertThat(log.insideNow(name + "-often")).isEqualTo(load.withPurchases(20));
                    assertThat(log.insideNow(name + "-spent")).isEqualTo(load.whoSpent("500"));
                    assertThat(log.insideNow(name + "-recent")).isEmpty();
                });
        log.assertGaplessAndUnique(member -> member.startsWith(name + "-"));
        assertThat(listed(name + "-often")).isEqualTo(load.withPurchases(20));
        assertThat(listed(name + "-spent")).isEqualTo(load.whoSpent("500"));
        assertThat(listed(name + "-recent")).isEmpty();
        var left = log.lastLeft(name + "-recent");
        assertThat(left.keySet()).isEqualTo(load.lastPurchase().keySet());
        load.lastPurchase()
                .forEach((member, at) ->
                        assertThat(left.get(member))
                                .as("last exit of %s", member)
                                .isEqualTo(at.plus(WINDOW)));
    }

    private static BigDecimal amount(JsonNode event) {
        return event.path("properties").path("amount").decimalValue();
    }

    private static TreeSet<String> listed(String segment) {
        var found = new TreeSet<String>();
        for (var item : demo.all("/v1/segments/" + segment + "/members")) {
            assertThat(found.add(item.path("member").asText())).isTrue();
        }
        return found;
    }

    private static void send(String event) {
        var reply = demo.events(List.of(event)).require(202).json();
        assertThat(reply.path("accepted").asInt()).as(reply.toString()).isEqualTo(1);
    }

    private static Instant now() {
        return CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
