package io.clientele.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.simulator.FakePlatform;
import io.clientele.simulator.platform.DueEvents;
import io.clientele.simulator.world.World;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CampaignEngineTest {
    private static final Instant FROM = Instant.parse("2025-07-01T00:00:00Z");
    private static final World WORLD = new World(1, 3_000, FROM, FROM.plus(Duration.ofDays(365)));
    private static final Clock CLOCK = Clock.systemUTC();

    @Test
    void reportsWhatBecomesOfEachContact() throws Exception {
        try (var platform = new FakePlatform();
                var events = new DueEvents(platform.client(), CLOCK)) {
            platform.answer(
                    "/v1/feeds/contacts",
                    body ->
                            contact(1, FROM, null)
                                    + contact(2, FROM, null)
                                    + contact(3, FROM, FROM)
                                    + contact(4, FROM, null));
            platform.answer(
                    "/v1/contacts/addresses",
                    body ->
                            """
                            {"items":[{"contact":"c-1","address":"a@example.org"},
                                      {"contact":"c-2","problem":"no-address"},
                                      {"contact":"c-4","problem":"no-consent"}]}
                            """);
            var engine =
                    new CampaignEngine(
                            platform.client(),
                            WORLD,
                            events,
                            CLOCK,
                            "9.0",
                            (person, contact) -> {});

            assertThat(engine.poll(Duration.ofSeconds(1))).isEqualTo(4);
            events.drain();

            assertThat(engine.position()).isEqualTo("0:4");
            assertThat(platform.queries()).first().asString().contains("after=9.0", "wait=PT1S");
            assertThat(engine.summary().sent()).isEqualTo(1);
            assertThat(engine.summary().unsent()).isEqualTo(2);
            assertThat(engine.summary().expired()).isEqualTo(1);
            assertThat(types(platform.events(), "c-1"))
                    .contains("message.sent", "message.delivered");
            assertThat(types(platform.events(), "c-2")).containsExactly("message.bounced");
            assertThat(types(platform.events(), "c-3")).isEmpty();
            assertThat(types(platform.events(), "c-4")).isEmpty();
            assertThat(platform.events())
                    .allSatisfy(event ->
                            assertThat(event.at("/properties/campaign").asText())
                                    .isEqualTo("come-back"));
        }
    }

    @Test
    void aContactReadAgainGivesTheSameEvents() throws Exception {
        try (var platform = new FakePlatform();
                var events = new DueEvents(platform.client(), CLOCK)) {
            platform.answer("/v1/feeds/contacts", body -> contact(5, FROM, null));
            platform.answer(
                    "/v1/contacts/addresses",
                    body -> "{\"items\":[{\"contact\":\"c-5\",\"address\":\"a@example.org\"}]}");
            var engine =
                    new CampaignEngine(
                            platform.client(),
                            WORLD,
                            events,
                            CLOCK,
                            null,
                            new ContactPurchases(WORLD, events));

            engine.poll(Duration.ZERO);
            events.drain();
            var first = platform.events();
            engine.poll(Duration.ZERO);
            events.drain();

            assertThat(platform.events().subList(first.size(), 2 * first.size()))
                    .containsExactlyInAnyOrderElementsOf(first);
        }
    }

    @Test
    void contactedPeopleBuyAsOftenAsTheTruthSays() {
        int buy = 0;
        double wanted = 0;
        for (int number = 0; number < WORLD.members(); number++) {
            var person = WORLD.person(number);
            var reaction = Reaction.of(WORLD.seed(), person, "c-" + number);
            buy += reaction.draw() < person.truth().contactEffect() ? 1 : 0;
            wanted += Math.max(0, person.truth().contactEffect());
        }

        assertThat((double) buy / WORLD.members())
                .isCloseTo(wanted / WORLD.members(), within(0.02));
    }

    private static String contact(int number, Instant decided, @Nullable Instant notAfter) {
        return "{\"position\":\"0:"
                + number
                + "\",\"contact\":\"c-"
                + number
                + "\",\"member\":\""
                + WORLD.person(number).id()
                + "\",\"campaign\":\"come-back\",\"channel\":\"email\",\"decidedAt\":\""
                + decided
                + "\",\"notBefore\":\""
                + decided
                + "\""
                + (notAfter == null ? "" : ",\"notAfter\":\"" + notAfter + "\"")
                + "}\n";
    }

    private static List<String> types(List<JsonNode> events, String contact) {
        return events.stream()
                .filter(event -> event.at("/properties/contact").asText().equals(contact))
                .map(event -> event.path("type").asText())
                .collect(Collectors.toList());
    }
}
