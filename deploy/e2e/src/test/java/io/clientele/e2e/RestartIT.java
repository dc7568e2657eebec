package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.contracts.MembershipChange;
import io.clientele.embedded.Ports;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Everything is stopped and started again with the same data folder. */
class RestartIT {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> READS =
            List.of(
                    "/v1/program",
                    "/v1/attributes/shoeSize",
                    "/v1/event-types/store.visited",
                    "/v1/members/kept-1",
                    "/v1/members/kept-1/timeline",
                    "/v1/members/kept-1/segments",
                    "/v1/segments/kept",
                    "/v1/segments/kept/members",
                    "/v1/dead-letters");

    @Test
    void keepsEverything() {
        var folder = Platforms.folder("restart");
        int port = Ports.freeBase();
        var before = new TreeMap<String, String>();
        var log = new MembershipLog();
        var first = now();

        try (var platform = Platforms.persistent(folder, port)) {
            var demo = platform.client("demo", "admin");
            demo.put("/v1/attributes/shoeSize", "{\"type\":\"number\",\"kind\":\"custom\"}")
                    .require(200, 201);
            demo.put(
                            "/v1/event-types/store.visited",
                            "{\"schema\":{\"type\":\"object\",\"properties\":{\"door\":{\"type\":\"string\"}}}}")
                    .require(200, 201);
            demo.putSegment("kept", Events.purchasesOf("kept", "\"atLeast\":2"));
            demo.putSegment(
                    "kept-recent",
                    Events.purchasesOf("kept", "\"within\":{\"last\":\"PT10M\"},\"atLeast\":3"));
            send(
                    demo,
                    Events.purchase("pos", "k-1", "kept-1", first, "10.00", "kept"),
                    Events.purchase("pos", "k-2", "kept-1", first, "20.00", "kept"),
                    Events.purchase("pos", "k-3", "kept-2", first, "30.00", "kept"));
            send(demo, Events.purchase("pos", "k-1", "kept-1", first, "11.00", "kept"));
            await().atMost(SOON)
                    .untilAsserted(() -> {
                        assertThat(count(demo, 1)).isEqualTo(2);
                        assertThat(count(demo, 2)).isEqualTo(1);
                        assertThat(demo.all("/v1/dead-letters")).hasSize(1);
                        assertThat(demo.all("/v1/segments/kept/members")).hasSize(1);
                    });
            READS.forEach(path -> before.put(path, stable(demo.get(path).require(200))));
        }

        try (var platform = Platforms.persistent(folder, port)) {
            var demo = platform.client("demo", "admin");
            try (var feed = platform.memberships("demo", true, log::add)) {
                READS.forEach(path ->
                        assertThat(stable(demo.get(path).require(200)))
                                .as(path)
                                .isEqualTo(before.get(path)));
                await().atMost(SOON)
                        .untilAsserted(() -> {
                            assertThat(count(demo, 1)).isEqualTo(2);
                            assertThat(count(demo, 2)).isEqualTo(1);
                        });

                // What it knew of duplicates and of the sequence of changes goes on.
                send(
                        demo,
                        Events.purchase("pos", "k-2", "kept-1", first, "20.00", "kept"),
                        Events.purchase("pos", "k-4", "kept-1", now(), "40.00", "kept"));
                await().atMost(SOON).until(() -> log.of("kept-1", "kept-recent").size() == 1);
                // A preview is of the instant that every partition has reached.
                await().atMost(SOON).until(() -> count(demo, 3) == 1);
                assertThat(count(demo, 4)).isZero();
                assertThat(log.of("kept-1", "kept")).hasSize(1);
                assertThat(log.of("kept-1", "kept").getFirst().change().change())
                        .isEqualTo(MembershipChange.ENTERED);
                log.assertGaplessAndUnique(member -> member.startsWith("kept-"));
                assertThat(feed.isHealthy()).isTrue();
            }
        }
    }

    private static long count(PlatformClient demo, int atLeast) {
        return demo.count(Events.purchasesOf("kept", "\"atLeast\":" + atLeast));
    }

    private static void send(PlatformClient demo, String... events) {
        var reply = demo.events(List.of(events)).require(202).json();
        assertThat(reply.path("accepted").asInt()).as(reply.toString()).isEqualTo(events.length);
    }

    /** The answer without what tells the time of asking, or counts since the start. */
    private static String stable(Reply reply) {
        var json = reply.json();
        for (var field : List.of("asOf", "freshness", "cost")) {
            json.findParents(field).forEach(it -> ((ObjectNode) it).remove(field));
        }
        return json.toPrettyString();
    }

    private static Instant now() {
        return CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
