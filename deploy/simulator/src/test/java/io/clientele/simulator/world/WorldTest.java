package io.clientele.simulator.world;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.simulator.platform.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorldTest {
    private static final Instant FROM = Instant.parse("2025-07-01T10:00:00Z");
    private static final Instant TO = Instant.parse("2026-07-01T10:00:00Z");

    @Test
    void sameSeedGivesTheSameYear() {
        assertThat(lines(new World(7, 300, FROM, TO), 1))
                .isEqualTo(lines(new World(7, 300, FROM, TO), 1))
                .isNotEqualTo(lines(new World(8, 300, FROM, TO), 1));
    }

    @Test
    void partsOfTheTimeMakeNoDifference() {
        var world = new World(7, 300, FROM, TO);

        assertThat(lines(world, 7)).isEqualTo(lines(world, 1));
    }

    @Test
    void aLargerWorldHoldsTheSamePeople() {
        var small = new World(7, 800, FROM, TO);
        var large = new World(7, 8_000, FROM, TO);

        for (int number = 0; number < 800; number++) {
            assertThat(large.events(large.person(number)))
                    .isEqualTo(small.events(small.person(number)));
        }
    }

    @Test
    void eventsAreInOrderFewAndWithinTheTime() {
        var world = new World(3, 2_000, FROM, TO);
        Set<String> ids = new HashSet<>();
        for (int number = 0; number < world.people(); number++) {
            var events = world.events(world.person(number));

            assertThat(events).hasSizeLessThanOrEqualTo(World.MOST_EVENTS);
            assertThat(events)
                    .isSortedAccordingTo(
                            (one, next) -> one.occurredAt().compareTo(next.occurredAt()));
            assertThat(events)
                    .allSatisfy(event -> {
                        assertThat(event.occurredAt()).isBetween(FROM, TO.minusMillis(1));
                        assertThat(ids.add(event.id())).as(event.id()).isTrue();
                    });
        }
    }

    @Test
    void linesAddUpToTheirPurchase() {
        var world = new World(3, 200, FROM, TO);

        assertThat(purchases(world))
                .isNotEmpty()
                .allSatisfy(event -> {
                    var sum = BigDecimal.ZERO;
                    for (Object line : (List<?>) requireNonNull(event.properties().get("items"))) {
                        sum =
                                sum.add(
                                        (BigDecimal)
                                                requireNonNull(((Map<?, ?>) line).get("amount")));
                    }
                    assertThat(sum).isEqualTo(event.properties().get("amount"));
                });
    }

    @Test
    void lapsedStopAndRisingSpeedUp() {
        var world = new World(5, 3_000, FROM, TO);

        assertThat(lateShare(world, LifeCycle.LAPSED)).isLessThan(0.15);
        assertThat(lateShare(world, LifeCycle.DECLINING)).isBetween(0.15, 0.45);
        assertThat(lateShare(world, LifeCycle.RISING)).isGreaterThan(0.55);
    }

    /** The share of purchases, those of the first day aside, in the second half of membership. */
    private static double lateShare(World world, LifeCycle life) {
        int late = 0;
        int all = 0;
        for (Person person : members(world)) {
            if (person.life() == life) {
                var half =
                        person.enrolledAt()
                                .plus(Duration.between(person.enrolledAt(), TO).dividedBy(2));
                for (SimulatedEvent event : world.events(person)) {
                    if (event.type().equals("purchase")
                            && event.occurredAt()
                                    .isAfter(person.enrolledAt().plus(Duration.ofDays(1)))) {
                        all++;
                        late += event.occurredAt().isAfter(half) ? 1 : 0;
                    }
                }
            }
        }
        return (double) late / all;
    }

    @Test
    void referralsAgreeOnBothSides() {
        var world = new World(5, 2_000, FROM, TO);
        int referrals = 0;
        for (Person person : members(world)) {
            for (Person referred : world.referredBy(person.number())) {
                assertThat(referred.referrer()).isEqualTo(person.number());
                assertThat(person.enrolledAt()).isBefore(referred.enrolledAt());
                referrals++;
            }
        }
        assertThat(referrals).isBetween(40, 160);
    }

    @Test
    void everyTruthOccursAndIsFoundByTheMemberId() {
        var world = new World(1, 1_000, FROM, TO);

        assertThat(members(world)).extracting(Person::truth).contains(TrueSegment.values());
        assertThat(members(world))
                .allSatisfy(person -> assertThat(world.find(person.id())).contains(person));
        assertThat(world.find("p-000001")).map(Person::prospect).contains(true);
        for (String foreign :
                List.of("m-001001", "m-000000", "m-1", "p-000101", "x-000001", "m-")) {
            assertThat(world.find(foreign)).as(foreign).isEmpty();
        }
    }

    @Test
    void refusesAWorldThatCannotBe() {
        assertThatThrownBy(() -> new World(1, 0, FROM, TO))
                .hasMessage("a world has 1 to 10,000,000 members, was 0");
        assertThatThrownBy(() -> new World(1, 10, TO, FROM))
                .hasMessageContaining("must end after it begins");
    }

    private static List<Person> members(World world) {
        return IntStream.range(0, world.members()).mapToObj(world::person).toList();
    }

    private static List<SimulatedEvent> purchases(World world) {
        List<SimulatedEvent> purchases = new ArrayList<>();
        world.forEachEvent(event -> {
            if (event.type().equals("purchase")) {
                purchases.add(event);
            }
        });
        return purchases;
    }

    private static String lines(World world, int parts) {
        var text = new StringBuilder();
        world.forEachEvent(
                parts,
                event ->
                        text.append(new String(Json.bytes(event), StandardCharsets.UTF_8))
                                .append('\n'));
        return text.toString();
    }
}
