package io.clientele.simulator.engine;

import io.clientele.simulator.world.Draws;
import io.clientele.simulator.world.Person;
import java.time.Duration;

/**
 * What a message does to a person, by the hidden truth: the same contact of the same world always
 * the same.
 *
 * @param draw from 0 inclusive to 1 exclusive: the person buys if it is below the probability
 * @param opensAfter the delivery, by so much
 * @param clicksAfter the opening, by so much
 * @param decidesAfter the delivery, by so much
 * @param cents what it pays if it buys
 */
record Reaction(
        boolean opens,
        boolean clicks,
        boolean unsubscribes,
        double draw,
        Duration opensAfter,
        Duration clicksAfter,
        Duration decidesAfter,
        long cents) {
    private static final int PURPOSE = 31;
    private static final double UNSUBSCRIBES_IF_HARMED = 0.1;

    static Reaction of(long seed, Person person, String contact) {
        Draws draws = Draws.of(seed, person.number(), PURPOSE + contact.hashCode());
        boolean opens = draws.chance(person.truth().openRate());
        boolean clicks = draws.chance(person.truth().clickRate()) && opens;
        boolean harmed = person.truth().contactEffect() < 0;
        return new Reaction(
                opens,
                clicks,
                draws.chance(UNSUBSCRIBES_IF_HARMED) && harmed && opens,
                draws.uniform(),
                Duration.ofMillis(500 + draws.below(3_000)),
                Duration.ofMillis(500 + draws.below(1_500)),
                Duration.ofMillis(6_000 + draws.below(8_000)),
                person.cents(draws.uniform(-0.5, 0.5)));
    }
}
